"""Rasa's agent, answering each message once.

A message is looked for in the store before it is answered, under the lock of its conversation. What it says is held
back until it is stored: a first try, given up on while the database hung, may be stored between the look and that.
The store then keeps the first, and its answers are sent in place of the new ones.

Rasa stores a message whose action failed as if it had been answered, with no answer. It would stay so for ever under
its id, since what is stored is not answered anew; so such a turn is not stored, and the message may be sent again.

Rasa also fills a slot with the metadata of the message that begins a session. Clients choose that metadata, and no slot
is theirs to set; it stays in the message's own event.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

from rasa.core.agent import Agent
from rasa.core.channels.channel import OutputChannel, UserMessage
from rasa.core.processor import MessageProcessor
from rasa.shared.core.events import BotUttered, Restarted, SessionStarted, UserUttered
from rasa.shared.core.trackers import DialogueStateTracker

from bot.channels.deduplication import say_again
from bot.observe.metrics import CountedOutput
from bot.observe.request_ids import some_request
from bot.stores import was_repeated


class _Repeated(Exception):
    """The message was stored by an earlier try."""


class _HeldOutput(CountedOutput):
    """Keeps what is said until it is known to count."""

    def __init__(self, output: OutputChannel) -> None:
        super().__init__(output)
        self._held: list[tuple[str, dict[str, Any]]] = []

    async def send_response(self, recipient_id: str, message: dict[str, Any]) -> None:
        self._held.append((recipient_id, message))

    async def release(self) -> None:
        for recipient_id, message in self._held:
            await super().send_response(recipient_id, message)


class OnceProcessor(MessageProcessor):  # type: ignore[misc, unused-ignore]
    """Stores what was answered, and fills no slot with a client's metadata."""

    async def save_tracker(self, tracker: DialogueStateTracker) -> None:
        """Store the conversation, unless its last message has no answer. Raises _Repeated if it is stored already."""
        if not _unanswered(tracker):
            await super().save_tracker(tracker)
            if was_repeated(tracker):
                raise _Repeated

    async def _update_tracker_session(
        self, tracker: DialogueStateTracker, output_channel: OutputChannel, _: Any = None
    ) -> None:
        await super()._update_tracker_session(tracker, output_channel)


class OnceAgent(Agent):  # type: ignore[misc, unused-ignore]
    """Answers a message that is stored already with its stored answers; stores no message without its answer."""

    def load_model(self, model_path: str | Path, fingerprint: str | None = None) -> None:
        """Load a model as Rasa does; messages are stored through it only when they were answered."""
        super().load_model(model_path, fingerprint)
        # Not another one, which would load the model again.
        self.processor.__class__ = OnceProcessor

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
            output = message.output_channel
            held = message.output_channel = _HeldOutput(output)
            try:
                answers: list[dict[str, Any]] | None = await self.processor.handle_message(message)
            except _Repeated:
                message.output_channel = output
                await say_again(self.tracker_store, message)
                return None
            await held.release()
            return answers


def _unanswered(tracker: DialogueStateTracker) -> bool:
    """Whether nothing was said after the last message; what ends or begins a conversation needs no answer."""
    for event in reversed(tracker.events):
        if isinstance(event, (BotUttered, Restarted, SessionStarted)):
            return False
        if isinstance(event, UserUttered):
            return True
    return False
