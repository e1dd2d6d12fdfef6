"""What leaves over REST: one message for each that the bot says."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from rasa.core.channels.channel import OutputChannel

CHANNEL = "rest"
_EMPTY_ANSWER: dict[str, Any] = {"topics": [], "roles": [], "facts": [], "sources": []}


class RestOutput(OutputChannel):  # type: ignore[misc, unused-ignore]
    """Collects the bot's messages in the shape of ``POST /webhooks/rest/webhook``."""

    def __init__(self) -> None:
        self.messages: list[dict[str, Any]] = []

    @classmethod
    def name(cls) -> str:
        """The channel's name inside Rasa."""
        return CHANNEL

    async def send_response(self, recipient_id: str, message: dict[str, Any]) -> None:
        """Keep one message of the bot; text, buttons and custom object stay together."""
        content = contents(message)
        if content["text"] or len(content) > 2:
            self.messages.append({"recipient_id": recipient_id, **content})


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
