"""Answers as Block Kit, within the limits that Slack documents (https://docs.slack.dev/reference/block-kit)."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from bot.render.mrkdwn import (
    Aside,
    Grid,
    Piece,
    Prose,
    bold,
    chunks,
    escaped,
    pieces_of_markdown,
    pieces_of_parts,
)

Block = dict[str, Any]

SECTION_TEXT = 3_000
FIELD_TEXT = 2_000
FIELDS = 10
BUTTONS_A_BLOCK = 5
BUTTON_TEXT = 75
BUTTON_VALUE = 2_000
BLOCKS_A_MESSAGE = 50
# Slack refuses messages whose blocks hold more text than about 13,000 characters.
TEXT_A_MESSAGE = 12_000
_FALLBACK = 3_000
_NOTE = 300
_LINK = re.compile(r"<https?://[^|<>]+\|([^<>]*)>")
_MARKUP = re.compile(r"(?<!\w)([*`])(\S(?:[^\n]*?\S)?)\1(?!\w)")

CHOOSE = "choose"
RATE_UP = "rate-up"
RATE_DOWN = "rate-down"
CHOICES_BLOCK = "choices"
RATING_BLOCK = "rating"
REASON = "reason-"
REASON_BLOCK = "reason"


@dataclass(frozen=True)
class SlackMessage:
    """One message: its blocks, and the text for notifications and for programs that show no blocks."""

    text: str
    blocks: tuple[Block, ...]


def content_blocks(text: str, parts: Iterable[Mapping[str, Any]] | None = None) -> list[Block]:
    """What the bot says: from the neutral parts where there are some, else from the Markdown text."""
    pieces = pieces_of_parts(parts) if parts else pieces_of_markdown(text)
    return [block for piece in pieces for block in _blocks(piece)]


def choice_blocks(buttons: Sequence[Mapping[str, Any]]) -> list[Block]:
    """Quick replies, as many as there are, five in a row."""
    elements = [_choice(number, each) for number, each in enumerate(buttons)]
    return [
        {"type": "actions", "block_id": f"{CHOICES_BLOCK}-{at}", "elements": elements[at : at + BUTTONS_A_BLOCK]}
        for at in range(0, len(elements), BUTTONS_A_BLOCK)
    ]


def rating_block(value: str) -> Block:
    """Thumbs up and down; ``value`` says what is rated."""
    return {
        "type": "actions",
        "block_id": RATING_BLOCK,
        "elements": [
            _button(":thumbsup:", RATE_UP, value, label="This answer helped"),
            _button(":thumbsdown:", RATE_DOWN, value, label="This answer did not help"),
        ],
    }


def reason_blocks(value: str, reasons: Mapping[str, str]) -> list[Block]:
    """Buttons that ask what was wrong with an answer; ``reasons`` maps ids to words, ``value`` says what is rated."""
    elements = [_button(words, f"{REASON}{name}", value) for name, words in reasons.items()]
    return [{"type": "actions", "block_id": REASON_BLOCK, "elements": elements}]


def note_block(text: str) -> Block:
    """A line of small print from plain text, which may be a person's: it mentions nobody and holds no link."""
    shown = text if len(text) <= _NOTE else f"{text[: _NOTE - 1]}…"
    return {"type": "context", "elements": [_mrkdwn(escaped(" ".join(shown.split())))]}


def as_messages(blocks: Iterable[Block]) -> list[SlackMessage]:
    """The blocks as the fewest messages that hold them."""
    messages: list[list[Block]] = []
    room = 0
    for block in blocks:
        size = sum(len(text) for text in _texts(block))
        if not messages or len(messages[-1]) == BLOCKS_A_MESSAGE or size > room:
            messages.append([])
            room = TEXT_A_MESSAGE
        messages[-1].append(block)
        room -= size
    return [SlackMessage(fallback(each), tuple(each)) for each in messages]


def fallback(blocks: Iterable[Block]) -> str:
    """The blocks as plain text, escaped as Slack wants it; never empty."""
    blocks = list(blocks)
    # What can be clicked is worth telling only where there is nothing else.
    said = [block for block in blocks if block["type"] != "actions"] or [b for b in blocks if not _is_rating(b)]
    text = "\n".join(_LINK.sub(r"\1", text) for block in said for text in _texts(block))
    return next(chunks(_MARKUP.sub(r"\2", text).strip(), _FALLBACK), "Career Advisor")


def _blocks(piece: Piece) -> Iterator[Block]:
    match piece:
        case Prose(text):
            yield from (_section(chunk) for chunk in chunks(text, SECTION_TEXT))
        case Aside(text):
            yield from ({"type": "context", "elements": [_mrkdwn(chunk)]} for chunk in chunks(text, FIELD_TEXT))
        case Grid(columns, rows) if columns and not columns[0]:
            for heading, *cells in rows:
                yield from _side_by_side(columns[1:], cells, bold(heading))
        case Grid(columns, rows):
            lists = ["\n".join(f"• {row[i]}" for row in rows if row[i]) for i in range(len(columns))]
            yield from _side_by_side(columns, lists)


def _side_by_side(names: Sequence[str], bodies: Sequence[str], heading: str = "") -> Iterator[Block]:
    """Sections whose fields Slack shows in two columns, each with its name because phones show one below the other."""
    longest = max((len(name) for name in names), default=0) + len("** (continued)\n")
    parts = [list(chunks(body, FIELD_TEXT - longest)) for body in bodies]
    for number in range(max((len(part) for part in parts), default=0)):
        again = " (continued)" if number else ""
        fields = [
            _mrkdwn(f"{bold(name)}{again}\n{part[number]}".strip())
            for name, part in zip(names, parts, strict=False)
            if number < len(part)
        ]
        for start in range(0, len(fields), FIELDS):
            block: Block = {"type": "section", "fields": fields[start : start + FIELDS]}
            if heading and not number and not start:
                block["text"] = _mrkdwn(next(chunks(heading, SECTION_TEXT), heading[:SECTION_TEXT]))
            yield block


def _section(text: str) -> Block:
    return {"type": "section", "text": _mrkdwn(text)}


def _mrkdwn(text: str) -> dict[str, Any]:
    # Verbatim keeps Slack from finding addresses, channels and people in the text by itself.
    return {"type": "mrkdwn", "text": text, "verbatim": True}


def _choice(number: int, button: Mapping[str, Any]) -> dict[str, Any]:
    title = str(button.get("title") or "").strip() or str(button.get("payload") or "").strip() or "…"
    payload = str(button.get("payload") or "").strip() or title
    # What Slack would not carry is said in words instead.
    return _button(title, f"{CHOOSE}-{number}", payload if len(payload) <= BUTTON_VALUE else title[:BUTTON_VALUE])


def _button(title: str, action_id: str, value: str, label: str = "") -> dict[str, Any]:
    shown = title if len(title) <= BUTTON_TEXT else f"{title[: BUTTON_TEXT - 1]}…"
    text = {"type": "plain_text", "text": shown, "emoji": bool(label)}
    button = {"type": "button", "text": text, "action_id": action_id, "value": value}
    return {**button, "accessibility_label": label} if label else button


def _is_rating(block: Block) -> bool:
    return str(block.get("block_id", "")).startswith(RATING_BLOCK)


def _texts(block: Block) -> Iterator[str]:
    for holder in [block, *block.get("fields", ()), *block.get("elements", ())]:
        text = holder.get("text")
        if isinstance(text, Mapping):
            text = text["text"] if text["type"] == "mrkdwn" else escaped(text["text"])
        elif holder.get("type") == "plain_text":
            text = escaped(str(text))
        if text:
            yield text
