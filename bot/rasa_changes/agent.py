"""Rasa's agent, answering each message once.

Rasa stores a message whose action failed as if it had been answered, with no answer. It would stay so for ever under
its id, since what is stored is not answered anew; so such a turn is not stored, and the message may be sent again.

Rasa also fills a slot with the metadata of the message that begins a session. Clients choose that metadata, and no slot
is theirs to set; it stays in the message's own event.
"""

from __future__ import annotations

from typing import Any

from rasa.core.agent import Agent
from rasa.core.channels.channel import OutputChannel, UserMessage
from rasa.core.processor import MessageProcessor
from rasa.shared.core.events import BotUttered, Restarted, SessionStarted, UserUttered
from rasa.shared.core.trackers import DialogueStateTracker

from bot.channels.repeats import say_again
from bot.observe.metrics import CountedOutput
from bot.observe.request_ids import some_request

_save_tracker = MessageProcessor.save_tracker
_update_tracker_session = MessageProcessor._update_tracker_session


async def save_answered(self: Any, tracker: DialogueStateTracker) -> None:
    """Store the conversation, unless its last message has no answer."""
    if not _unanswered(tracker):
        await _save_tracker(self, tracker)


async def session_without_metadata(
    self: Any, tracker: DialogueStateTracker, output_channel: OutputChannel, _: Any = None
) -> None:
    """Begin a session if one is due, and fill no slot with what the client sent along."""
    await _update_tracker_session(self, tracker, output_channel)


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


def _unanswered(tracker: DialogueStateTracker) -> bool:
    """Whether nothing was said after the last message; what ends or begins a conversation needs no answer."""
    for event in reversed(tracker.events):
        if isinstance(event, (BotUttered, Restarted, SessionStarted)):
            return False
        if isinstance(event, UserUttered):
            return True
    return False
