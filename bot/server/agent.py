"""Rasa's agent, answering each message once.

Rasa stores a message whose action failed as if it had been answered, with no answer. It would stay so for ever under
its id, since what is stored is not answered anew; so such a turn is not stored, and the message may be sent again.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any

from rasa.core.agent import Agent
from rasa.core.channels.channel import UserMessage
from rasa.core.processor import MessageProcessor
from rasa.shared.core.events import BotUttered, Restarted, SessionStarted, UserUttered
from rasa.shared.core.trackers import DialogueStateTracker

from bot.channels.repeats import say_again
from bot.metrics import CountedOutput
from bot.server.request_ids import some_request


class OnceAgent(Agent):  # type: ignore[misc, unused-ignore]
    """Answers a message that is stored already with its stored answers; stores no message without its answer."""

    def load_model(self, model_path: str | Path, fingerprint: str | None = None) -> None:
        """Load a model as Rasa does; messages are stored through it only when they were answered."""
        super().load_model(model_path, fingerprint)
        self.processor.save_tracker = _storing_answered(self.processor)

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


def _storing_answered(processor: MessageProcessor) -> Callable[[DialogueStateTracker], Awaitable[None]]:
    save: Callable[[DialogueStateTracker], Awaitable[None]] = processor.save_tracker

    async def save_answered(tracker: DialogueStateTracker) -> None:
        if not _unanswered(tracker):
            await save(tracker)

    return save_answered


def _unanswered(tracker: DialogueStateTracker) -> bool:
    """Whether nothing was said after the last message; what ends or begins a conversation needs no answer."""
    for event in reversed(tracker.events):
        if isinstance(event, (BotUttered, Restarted, SessionStarted)):
            return False
        if isinstance(event, UserUttered):
            return True
    return False
