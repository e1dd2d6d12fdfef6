"""What an answer is, before anybody decides how it looks: typed values that know nothing of Rasa or a channel."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any, Literal

Kind = Literal["answer", "partial", "declined", "off_topic", "smalltalk", "clarify", "recommendation", "quiz"]


@dataclass(frozen=True)
class Text:
    """A paragraph; ``**bold**`` is the only markup."""

    text: str


@dataclass(frozen=True)
class Bullets:
    """A list with an optional heading; ``numbered`` from 1."""

    items: tuple[str, ...]
    title: str | None = None
    numbered: bool = False


@dataclass(frozen=True)
class Table:
    """A comparison: the first column may be a row heading (empty column name) or a role."""

    columns: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]


Part = Text | Bullets | Table


@dataclass(frozen=True)
class Suggestion:
    """A button: what it says, and the message it sends when chosen."""

    title: str
    payload: str


@dataclass(frozen=True)
class Answer:
    """An answer with the ids of the facts it rests on, in the order shown.

    ``options`` are the ids of the facts that "the second one" can refer to afterwards.
    """

    kind: Kind
    parts: tuple[Part, ...]
    facts: tuple[str, ...] = ()
    roles: tuple[str, ...] = ()
    topics: tuple[str, ...] = ()
    suggestions: tuple[Suggestion, ...] = ()
    options: tuple[str, ...] = ()

    def with_suggestions(self, suggestions: tuple[Suggestion, ...]) -> Answer:
        """The same answer with other buttons."""
        return replace(self, suggestions=suggestions)

    @property
    def words(self) -> int:
        """How many words the parts hold, headings included."""
        return sum(len(text.split()) for part in self.parts for text in texts_of(part))


def texts_of(part: Part) -> tuple[str, ...]:
    """All strings of a part, in reading order."""
    match part:
        case Text(text):
            return (text,)
        case Bullets(items, title):
            return (title, *items) if title else items
        case Table(columns, rows):
            return (*columns, *(cell for row in rows for cell in row))


def part_to_dict(part: Part) -> dict[str, Any]:
    """The neutral form of a part that channels render (see docs/architecture.md)."""
    match part:
        case Text(text):
            return {"type": "text", "text": text}
        case Bullets(items, title, numbered):
            return {"type": "list", "title": title, "items": list(items), **({"numbered": True} if numbered else {})}
        case Table(columns, rows):
            return {"type": "table", "columns": list(columns), "rows": [list(row) for row in rows]}


def part_from_dict(data: dict[str, Any]) -> Part:
    """The inverse of :func:`part_to_dict`. Raises KeyError for a dictionary that is no part."""
    if data["type"] == "list":
        return Bullets(tuple(data["items"]), data["title"], bool(data.get("numbered")))
    if data["type"] == "table":
        return Table(tuple(data["columns"]), tuple(tuple(row) for row in data["rows"]))
    return Text(data["text"])
