"""What a message of the bot holds for the one who reads it, live and when a conversation is read back."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

_EMPTY_ANSWER: dict[str, Any] = {"topics": [], "roles": [], "facts": [], "sources": []}


def contents(message: Mapping[str, Any]) -> dict[str, Any]:
    """``text``, ``buttons`` if any, and ``custom`` of a bot message, without what is meant for channels only."""
    content: dict[str, Any] = {"text": message.get("text") or ""}
    metadata = message.get("metadata")
    buttons = message.get("buttons") or (metadata.get("buttons") if isinstance(metadata, Mapping) else None)
    if buttons:
        content["buttons"] = [{"title": each["title"], "payload": each["payload"]} for each in buttons]
    content["custom"] = _custom(message)
    return content


def _custom(message: Mapping[str, Any]) -> dict[str, Any]:
    custom = message.get("custom")
    if custom:
        return {name: value for name, value in custom.items() if name != "parts"}
    # Responses of the domain carry only their kind.
    metadata = message.get("metadata")
    kind = metadata.get("kind") if isinstance(metadata, Mapping) else None
    return {"kind": kind or "smalltalk", **_EMPTY_ANSWER}
