"""What leaves over REST: one message for each that the bot says."""

from __future__ import annotations

from typing import Any

from rasa.core.channels.channel import OutputChannel

from bot.channels.contents import contents

CHANNEL = "rest"


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
