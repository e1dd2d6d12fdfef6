"""Slack's mrkdwn: made from the parts of an answer, or from what the bot's own sentences use of Markdown.

That is paragraphs, lists, **bold** and `code`; everything else is escaped and shown as it stands.

Nothing that goes through here can mention anybody or become a link: both need a bare ``<`` in mrkdwn, and none is left.
The one exception are the sources of an answer, which link to http and https addresses of the knowledge base.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

_ESCAPES = str.maketrans({"&": "&amp;", "<": "&lt;", ">": "&gt;"})
_MARKED = re.compile(r"(\*\*.+?\*\*|`[^`\n]+`)")
_PARAGRAPHS = re.compile(r"\n[^\S\n]*\n")
_ADDRESS = re.compile(r"https?://[^\s|<>\"']{1,500}")
_BROKEN_ENTITY = re.compile(r"&[a-z]{0,3}$")
# Slack takes marks for markup only at the edge of a word; a zero-width space makes an edge.
_EDGE = "\u200b"


@dataclass(frozen=True)
class Prose:
    """Paragraphs or a list."""

    text: str


@dataclass(frozen=True)
class Grid:
    """A comparison; an empty first column name means that each row starts with its heading."""

    columns: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]


@dataclass(frozen=True)
class Aside:
    """A line in small print."""

    text: str


Piece = Prose | Grid | Aside


def escaped(text: str) -> str:
    """Text that Slack shows as it is."""
    return text.translate(_ESCAPES)


def bold(text: str) -> str:
    """Text that is mrkdwn already, in bold."""
    text = " ".join(text.split())
    return f"*{text}*" if text and "*" not in text else text


def chunks(text: str, limit: int) -> Iterator[str]:
    """The text in parts of at most ``limit`` characters, cut between lines, else words, and never inside an entity."""
    # A cut through a line could cut through bold, so that its end would be shown as an asterisk.
    text = "\n".join(line.replace("*", "") if len(line) > limit else line for line in text.split("\n"))
    while len(text) > limit:
        cut = text.rfind("\n", 0, limit + 1)
        if cut < limit // 2:
            cut = max(cut, text.rfind(" ", 0, limit + 1))
        if cut <= 0:
            broken = _BROKEN_ENTITY.search(text[:limit])
            cut = broken.start() if broken else limit
        yield text[:cut].rstrip()
        text = text[cut:].lstrip()
    if text.strip():
        yield text


def pieces_of_parts(parts: Iterable[Mapping[str, Any]]) -> list[Piece]:
    """The neutral parts of an answer (see docs/architecture.md); a part of an unknown type is left out."""
    pieces: list[Piece] = []
    for part in parts:
        match part.get("type"):
            case "text":
                pieces.append(Prose(_inline(part["text"])))
            case "list":
                title = [bold(_inline(part["title"]))] if part.get("title") else []
                marks = [f"{number}." if part.get("numbered") else "•" for number in range(1, len(part["items"]) + 1)]
                items = (f"{mark} {_inline(item)}" for mark, item in zip(marks, part["items"], strict=True))
                pieces.append(Prose("\n".join([*title, *items])))
            case "table":
                rows = tuple(tuple(_inline(cell) for cell in row) for row in part["rows"])
                pieces.append(Grid(tuple(_inline(name) for name in part["columns"]), rows))
            case "source":
                pieces.append(Aside(_sources(part) if part.get("lines") else _inline(part["text"])))
    return pieces


def _sources(part: Mapping[str, Any]) -> str:
    lines = ["".join(_linked(text, url) for text, url in line) for line in part["lines"]]
    heading = f"{part['heading']}:"
    listed = [f"{heading} {lines[0]}"] if len(lines) == 1 else [heading, *(f"• {line}" for line in lines)]
    return "\n".join([*listed, *(escaped(line) for line in part.get("credits", ()))])


def _linked(text: str, url: str | None) -> str:
    if not url or not _ADDRESS.fullmatch(url) or "|" in text:
        return escaped(text)
    return f"<{escaped(url)}|{escaped(text)}>"


def pieces_of_markdown(text: str) -> list[Piece]:
    """A message in Markdown: a piece for each of its paragraphs and lists."""
    return [
        Prose("\n".join(_inline(re.sub(r"^- ", "• ", line)) for line in paragraph.strip().split("\n")))
        for paragraph in _PARAGRAPHS.split(text.strip())
        if paragraph
    ]


def _inline(text: str) -> str:
    joined, after_markup = "", False
    # Every second piece of the split is marked.
    for number, span in enumerate(_MARKED.split(text)):
        markup = number % 2 == 1
        shown = escaped(span)
        if markup and span.startswith("**"):
            shown = bold(shown[2:-2])
        if not shown:
            continue
        before, after = joined[-1:], shown[0]
        if before and (
            (markup and before.isalnum()) or (after_markup and after.isalnum()) or (markup and after_markup)
        ):
            joined += _EDGE
        joined += shown
        after_markup = markup
    return joined
