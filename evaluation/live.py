"""Conversations with a running bot over REST, in the form that the suite judges."""

from __future__ import annotations

from typing import Any

from evaluation.reply import Reply
from evaluation.server import Conversation


class LiveTalk:
    """One conversation over a kept connection."""

    def __init__(self, url: str) -> None:
        self._conversation = Conversation(url)

    def ask(self, message: str) -> Reply:
        """Send a message and return the reply. Raises ServerError for any other answer than 200."""
        messages = self._conversation.say(message)
        custom: dict[str, Any] = next((m["custom"] for m in reversed(messages) if m.get("custom")), {})
        return Reply(
            "\n".join(m.get("text") or "" for m in messages),
            str(custom.get("kind", "")),
            tuple(custom.get("facts", ())),
            tuple(custom.get("roles", ())),
            tuple(custom.get("topics", ())),
            tuple(b["title"] for m in messages for b in m.get("buttons") or ()),
        )
