"""Answers as Markdown (CommonMark with GitHub tables)."""

from __future__ import annotations

import re

from bot.advice import Answer, Bullets, Part, Table, Text
from bot.render.sources import Credits, Span

_LONE_STAR = re.compile(r"(?<!\*)\*(?!\*)")
_MARKS = re.compile(r"[\\`*_\[\]<>~|]")


def to_markdown(answer: Answer, credits: Credits | None = None) -> str:
    """The whole answer, with its sources in one paragraph at the end where there are any."""
    blocks = [_block(part) for part in answer.parts]
    if credits:
        blocks.append(f"*{_under(credits)}*")
    return "\n\n".join(blocks)


def _under(credits: Credits) -> str:
    lines = ". ".join("".join(_span(span) for span in line) for line in credits.lines)
    said = [f"{credits.heading}: {lines}{'.' if credits.credits else ''}", *map(_as_written, credits.credits)]
    return " ".join(said)


def _span(span: Span) -> str:
    text, url = _as_written(span[0]), span[1]
    return f"[{text}]({url.replace('(', '%28').replace(')', '%29')})" if url else text


def _as_written(text: str) -> str:
    return _MARKS.sub(r"\\\g<0>", text)


def _inline(text: str) -> str:
    """Text with ``**bold**``, in which lone asterisks, as in O*NET, are no markup; one by itself is none anyway."""
    return _LONE_STAR.sub(r"\\*", text) if len(_LONE_STAR.findall(text)) > 1 else text


def _block(part: Part) -> str:
    match part:
        case Text(text):
            return _inline(text)
        case Bullets(items, title, numbered):
            lines = [f"{f'{n}.' if numbered else '-'} {_inline(item)}" for n, item in enumerate(items, 1)]
            return "\n".join([f"**{_inline(title)}**", "", *lines] if title else lines)
        case Table(columns, rows):
            head = [_row(columns), _row(tuple("---" for _ in columns))]
            return "\n".join([*head, *(_row(row) for row in rows)])


def _row(cells: tuple[str, ...]) -> str:
    return "| " + " | ".join(_inline(cell).replace("|", "\\|") or " " for cell in cells) + " |"
