"""Conversations with a running bot over REST, in the form that the suite judges."""

from __future__ import annotations

from evaluation.reply import Reply
from evaluation.server import Conversation


class LiveTalk:
    """One conversation over a kept connection."""

    def __init__(self, url: str) -> None:
        self._conversation = Conversation(url)

    def ask(self, message: str) -> Reply:
        """Send a message and return the reply. Raises ServerError for any other answer than 200."""
        return Reply.of(self._conversation.say(message))
