"""Answers as Markdown (CommonMark with GitHub tables)."""

from __future__ import annotations

from bot.advice import Answer, Bullets, Part, Table, Text


def to_markdown(answer: Answer, source: str | None = None) -> str:
    """The whole answer, with the source line last where there is one."""
    blocks = [_block(part) for part in answer.parts]
    if source:
        blocks.append(f"*{source}*")
    return "\n\n".join(blocks)


def _block(part: Part) -> str:
    match part:
        case Text(text):
            return text
        case Bullets(items, title):
            lines = [f"- {item}" for item in items]
            return "\n".join([f"**{title}**", "", *lines] if title else lines)
        case Table(columns, rows):
            head = [_row(columns), _row(tuple("---" for _ in columns))]
            return "\n".join([*head, *(_row(row) for row in rows)])


def _row(cells: tuple[str, ...]) -> str:
    return "| " + " | ".join(cell.replace("|", "\\|") or " " for cell in cells) + " |"
