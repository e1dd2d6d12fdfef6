"""Rasa's agent, answering each message once."""

from __future__ import annotations

from typing import Any

from rasa.core.agent import Agent
from rasa.core.channels.channel import UserMessage

from bot.channels.repeats import say_again
from bot.metrics import CountedOutput
from bot.server.request_ids import some_request


class OnceAgent(Agent):  # type: ignore[misc, unused-ignore]
    """Answers a message that is stored already with its stored answers."""

    async def handle_message(self, message: UserMessage) -> list[dict[str, Any]] | None:
        """Answer one message to its output channel. Raises LockError, and what storing and the actions raise."""
        if not self.is_ready():
            return None
        with some_request():
            return await self._handle(message)

    async def _handle(self, message: UserMessage) -> list[dict[str, Any]] | None:
        async with self.lock_store.lock(message.sender_id):
            # Under the lock: another server may be answering the same message at this moment.
            if await say_again(self.tracker_store, message):
                return None
            message.output_channel = CountedOutput(message.output_channel)
            answers: list[dict[str, Any]] | None = await self.processor.handle_message(message)
            return answers
