"""Slack's documented limits of Block Kit, checked: https://docs.slack.dev/reference/block-kit/blocks"""

import re
from collections.abc import Iterator, Sequence
from typing import Any

MOST_BLOCKS = {"message": 50, "home": 100}
_ENTITY = re.compile(r"&(?!amp;|lt;|gt;)")


def problems(blocks: Sequence[dict[str, Any]], surface: str = "message") -> list[str]:
    """What Slack would refuse, or show otherwise than as it is meant."""
    return list(_problems(list(blocks), surface))


def _problems(blocks: list[dict[str, Any]], surface: str) -> Iterator[str]:
    if not 1 <= len(blocks) <= MOST_BLOCKS[surface]:
        yield f"{len(blocks)} blocks"
    block_ids = [block["block_id"] for block in blocks if "block_id" in block]
    action_ids = [each["action_id"] for block in blocks if block["type"] == "actions" for each in block["elements"]]
    for name, ids in (("block_id", block_ids), ("action_id", action_ids)):
        if len(set(ids)) < len(ids):
            yield f"{name} is not unique"
        if any(not 1 <= len(each) <= 255 for each in ids):
            yield f"{name} is empty or too long"
    for block in blocks:
        yield from _KINDS[block["type"]](block)
    if surface == "message" and sum(len(text) for block in blocks for text in texts(block)) > 13_000:
        yield "too much text in one message"


def texts(node: Any) -> Iterator[str]:
    """All texts of text objects inside."""
    if isinstance(node, dict):
        if node.get("type") in ("mrkdwn", "plain_text"):
            yield node["text"]
        for value in node.values():
            yield from texts(value)
    elif isinstance(node, list | tuple):
        for value in node:
            yield from texts(value)


def _section(block: dict[str, Any]) -> Iterator[str]:
    if "text" not in block and "fields" not in block:
        yield "section without text and fields"
    if "text" in block:
        yield from _text(block["text"], 3_000)
    if "fields" in block:
        if not 1 <= len(block["fields"]) <= 10:
            yield f"{len(block['fields'])} fields"
        for field in block["fields"]:
            yield from _text(field, 2_000)


def _context(block: dict[str, Any]) -> Iterator[str]:
    if not 1 <= len(block["elements"]) <= 10:
        yield f"{len(block['elements'])} context elements"
    for element in block["elements"]:
        yield from _text(element, 2_000)


def _actions(block: dict[str, Any]) -> Iterator[str]:
    if not 1 <= len(block["elements"]) <= 25:
        yield f"{len(block['elements'])} elements"
    for element in block["elements"]:
        yield from _text(element["text"], 75, "plain_text")
        if not 1 <= len(element["value"]) <= 2_000:
            yield f"value of {len(element['value'])} characters"
        if len(element.get("accessibility_label", "")) > 75:
            yield "accessibility_label is too long"


def _header(block: dict[str, Any]) -> Iterator[str]:
    yield from _text(block["text"], 150, "plain_text")


def _divider(_: dict[str, Any]) -> Iterator[str]:
    yield from ()


def _text(text: dict[str, Any], longest: int, kind: str = "mrkdwn") -> Iterator[str]:
    if text["type"] != kind:
        yield f"{text['type']} instead of {kind}"
    if not text["text"].strip() or len(text["text"]) > longest:
        yield f"text of {len(text['text'])} characters"
    if text["type"] == "mrkdwn":
        if re.search("[<>]", text["text"]) or _ENTITY.search(text["text"]):
            yield "text that is not escaped"
        if text.get("verbatim") is not True:
            yield "text in which Slack looks for links and mentions"


_KINDS = {"section": _section, "context": _context, "actions": _actions, "header": _header, "divider": _divider}
