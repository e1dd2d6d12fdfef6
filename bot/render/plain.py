"""Answers as plain text for a terminal."""

from __future__ import annotations

from bot.advice import Answer, Bullets, Part, Table, Text
from bot.render.sources import Credits, Span


def to_plain(answer: Answer, credits: Credits | None = None) -> str:
    """The whole answer without markup, with its sources and the suggestions last."""
    blocks = [_block(part) for part in answer.parts]
    if credits:
        blocks += _under(credits)
    if answer.suggestions and answer.kind == "quiz":
        blocks.append(_options([suggestion.title for suggestion in answer.suggestions]))
    elif answer.suggestions:
        blocks.append("You could ask: " + " / ".join(suggestion.title for suggestion in answer.suggestions))
    return "\n".join(blocks)


def _under(credits: Credits) -> list[str]:
    lines = ["".join(_span(span) for span in line) for line in credits.lines]
    if len(lines) == 1:
        return [f"{credits.heading}: {lines[0]}", *credits.credits]
    return [f"{credits.heading}:", *(f"  - {line}" for line in lines), *credits.credits]


def _span(span: Span) -> str:
    text, url = span
    return f"{text} ({url})" if url else text


def _options(titles: list[str]) -> str:
    """What can be chosen, a line each where it has a letter or number, and what else can be said."""
    marked = [f"  {title}" for title in titles if ": " in title]
    return "\n".join([*marked, "  Or: " + " / ".join(title for title in titles if ": " not in title)])


def _block(part: Part) -> str:
    match part:
        case Text(text):
            return _bare(text)
        case Bullets(items, title, numbered):
            lines = [f"  {f'{n}.' if numbered else '-'} {_bare(item)}" for n, item in enumerate(items, 1)]
            return "\n".join([f"{_bare(title)}:", *lines] if title else lines)
        case Table(columns, rows) if columns and not columns[0]:
            return "\n".join(_labelled(columns, row) for row in rows)
        case Table(columns, rows):
            return "\n".join(_column(title, [row[i] for row in rows]) for i, title in enumerate(columns))


def _labelled(columns: tuple[str, ...], row: tuple[str, ...]) -> str:
    lines = [f"  {name}: {_bare(cell)}" for name, cell in zip(columns[1:], row[1:], strict=True)]
    return "\n".join([_bare(row[0]), *lines])


def _column(title: str, cells: list[str]) -> str:
    return "\n".join([f"{title}:", *(f"  - {_bare(cell)}" for cell in cells if cell)])


def _bare(text: str) -> str:
    return text.replace("**", "")
