"""Slack's mrkdwn: made from the bold of answer parts or from Markdown, with everything else escaped.

Nothing that goes through here can mention anybody or become a link: both need a bare ``<`` in mrkdwn, and none is left.
The one exception are the sources of an answer, which link to http and https addresses of the knowledge base.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from markdown_it import MarkdownIt
from markdown_it.tree import SyntaxTreeNode

_ESCAPES = str.maketrans({"&": "&amp;", "<": "&lt;", ">": "&gt;"})
_BOLD = re.compile(r"\*\*(.+?)\*\*")
_ADDRESS = re.compile(r"https?://[^\s|<>\"']{1,500}")
_BROKEN_ENTITY = re.compile(r"&[a-z]{0,3}$")
# Slack takes marks for markup only at the edge of a word; a zero-width space makes an edge.
_EDGE = "\u200b"
_INDENT = "    "
_MARKS = {"strong": "*", "em": "_", "s": "~"}
_markdown = MarkdownIt("commonmark", {"html": False}).enable(["table", "strikethrough"])


@dataclass(frozen=True)
class Prose:
    """Paragraphs or a list."""

    text: str


@dataclass(frozen=True)
class Code:
    """Lines that are shown as they are, escaped but without the fence."""

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


Piece = Prose | Code | Grid | Aside


def escaped(text: str) -> str:
    """Text that Slack shows as it is."""
    return text.translate(_ESCAPES)


def bold(text: str) -> str:
    """Text that is mrkdwn already, in bold."""
    return _marked(text, "*")


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
                pieces.append(Prose(_with_bold(part["text"])))
            case "list":
                title = [bold(_with_bold(part["title"]))] if part.get("title") else []
                pieces.append(Prose("\n".join([*title, *(f"• {_with_bold(item)}" for item in part["items"])])))
            case "table":
                rows = tuple(tuple(_with_bold(cell) for cell in row) for row in part["rows"])
                pieces.append(Grid(tuple(_with_bold(name) for name in part["columns"]), rows))
            case "source":
                pieces.append(Aside(_sources(part) if part.get("lines") else _with_bold(part["text"])))
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
    """A message in Markdown. Links become their text and address, images their description: neither can be clicked."""
    return list(_pieces(SyntaxTreeNode(_markdown.parse(text)).children))


def _pieces(nodes: Iterable[SyntaxTreeNode]) -> Iterator[Piece]:
    for node in nodes:
        match node.type:
            case "heading":
                yield Prose(bold(_inline(node)))
            case "paragraph":
                yield Prose(_inline(node))
            case "bullet_list" | "ordered_list":
                yield Prose("\n".join(_items(node, "")))
            case "blockquote":
                lines = "\n\n".join(_plain(piece) for piece in _pieces(node.children)).split("\n")
                yield Prose("\n".join(f"&gt; {line}" for line in lines))
            case "fence" | "code_block":
                yield Code(escaped(node.content.rstrip("\n")).replace("```", "'''"))
            case "table":
                head, *rows = [tuple(_inline(cell) for cell in row.children) for row in _rows(node)]
                yield Grid(head, tuple(rows))


def _rows(table: SyntaxTreeNode) -> Iterator[SyntaxTreeNode]:
    for section in table.children:
        yield from section.children


def _items(node: SyntaxTreeNode, indent: str) -> Iterator[str]:
    ordered = node.type == "ordered_list"
    for number, item in enumerate(node.children, int(node.attrs.get("start", 1))):
        mark = f"{number}. " if ordered else "• "
        for child in item.children:
            if child.type in ("bullet_list", "ordered_list"):
                yield from _items(child, indent + _INDENT)
                continue
            for piece in _pieces([child]):
                for line in _plain(piece).split("\n"):
                    yield f"{indent}{mark}{line}"
                    mark = "  "


def _plain(piece: Piece) -> str:
    """A piece inside a list or a quotation, where Slack knows text only."""
    if isinstance(piece, Grid):
        return "\n".join(": ".join(row) for row in (piece.columns, *piece.rows))
    return piece.text


def _inline(node: SyntaxTreeNode) -> str:
    return _joined(_span(child) for child in node.children)


def _span(node: SyntaxTreeNode) -> tuple[str, bool]:
    match node.type:
        case "text":
            return escaped(node.content), False
        case "softbreak" | "hardbreak":
            return "\n", False
        case "strong" | "em" | "s":
            return _marked(_inline(node), _MARKS[node.type]), True
        case "code_inline":
            return f"`{escaped(node.content).replace('`', chr(39))}`", True
        case "link":
            label, address = _inline(node), escaped(str(node.attrs.get("href", "")))
            told = node.info == "auto" or label == address or not address
            return (label if told else f"{label} ({address})"), False
        case "image":
            return escaped(node.content), False
    return _inline(node), False


def _with_bold(text: str) -> str:
    # Every second piece of the split is what stood between asterisks.
    pieces = _BOLD.split(text)
    return _joined((bold(escaped(each)), True) if i % 2 else (escaped(each), False) for i, each in enumerate(pieces))


def _marked(text: str, mark: str) -> str:
    text = " ".join(text.split())
    return f"{mark}{text}{mark}" if text and mark not in text else text


def _joined(spans: Iterable[tuple[str, bool]]) -> str:
    joined, after_markup = "", False
    for text, markup in spans:
        if not text:
            continue
        before, after = joined[-1:], text[0]
        if before and (
            (markup and before.isalnum()) or (after_markup and after.isalnum()) or (markup and after_markup)
        ):
            joined += _EDGE
        joined += text
        after_markup = markup
    return joined
