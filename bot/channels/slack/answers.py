"""One turn of a conversation: the agent answers, and the answer is posted."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable, Mapping
from typing import Any

from rasa.core.channels.channel import OutputChannel, UserMessage

from bot.channels.deduplication import NamedMessage
from bot.channels.messages import MAX_MESSAGE
from bot.channels.payloads import without_payload
from bot.channels.slack import CHANNEL
from bot.channels.slack.messages import Destination, Utterance, rating_value, sentence
from bot.channels.slack.queue import whereabouts
from bot.channels.text import is_blank
from bot.render.slack import choice_blocks, content_blocks, note_block, rating_block

OnNewMessage = Callable[[UserMessage], Awaitable[Any]]

SORRY = sentence("Sorry, I cannot answer at the moment. Please try again later.")
BUSY = sentence("Sorry, I am very busy right now. Please try again in a moment.")
TOO_LONG = sentence(f"Please keep your message to {MAX_MESSAGE:,} characters.")
NO_TEXT = sentence("I can only read text. What would you like to know about the roles?")
GREETING = "Hello"
_RATED = frozenset({"answer", "partial", "declined", "recommendation"})
# The agent computes where requests are taken in: the fewer turns at once, the sooner Slack is acknowledged.
_TURNS_AT_ONCE = 8
_STEP_SECONDS = 0.25
_LOADING_SECONDS = 60.0
logger = logging.getLogger(__name__)


class SlackOutput(OutputChannel):  # type: ignore[misc, unused-ignore]
    """Collects the bot's messages of one turn, so that a slow or limited Slack never holds up the agent."""

    def __init__(self) -> None:
        self.utterances: list[Utterance] = []

    @classmethod
    def name(cls) -> str:
        """The channel's name inside Rasa."""
        return CHANNEL

    async def send_response(self, recipient_id: str, message: dict[str, Any]) -> None:
        """Keep one message of the bot."""
        utterance = _utterance(recipient_id, message)
        if utterance.blocks:
            self.utterances.append(utterance)


class Answers:
    """Has the agent answer. A message that it answered before, by its id in its conversation, is not answered again."""

    def __init__(self, on_new_message: OnNewMessage, app_context: Any, timeout: float) -> None:
        """``app_context`` is ``app.ctx`` of Sanic, where Rasa's agent is once it is loaded."""
        self._on_new_message = on_new_message
        self._context = app_context
        self._timeout = timeout
        self._turns = asyncio.Semaphore(_TURNS_AT_ONCE)

    async def to_text(
        self, conversation: str, message_id: str, text: str, destination: Destination, note: str = ""
    ) -> None:
        """Answer what a person wrote, with a note above the answer."""
        if is_blank(text):
            await destination.say([NO_TEXT])
        elif len(text) > MAX_MESSAGE:
            await destination.say([TOO_LONG])
        else:
            await self.to_payload(conversation, message_id, without_payload(text), destination, note)

    async def to_payload(
        self, conversation: str, message_id: str, payload: str, destination: Destination, note: str = ""
    ) -> None:
        """Answer what a button of ours stands for, with a note above the answer."""
        utterances = await self._agent_says(conversation, message_id, payload)
        if utterances and note:
            first, *others = utterances
            utterances = [Utterance((note_block(note), *first.content), first.controls), *others]
        await destination.say(utterances)

    async def known(self, conversation: str) -> bool:
        """Whether the conversation is in Rasa's tracker store, which may outlive this process."""
        agent = getattr(self._context, "agent", None)
        store = getattr(agent, "tracker_store", None)
        return bool(store and await store.exists(conversation))

    async def _agent_says(self, conversation: str, message_id: str, text: str) -> list[Utterance]:
        output = SlackOutput()
        message = NamedMessage(text, output, conversation, input_channel=CHANNEL, message_id=message_id)
        try:
            await self._loaded()
            async with self._turns:
                await asyncio.wait_for(self._on_new_message(message), self._timeout)
        except asyncio.TimeoutError:
            logger.error("Slack: a message was not answered within %g seconds.", self._timeout)
        except Exception as error:
            logger.error("Slack: a message could not be answered: %s", whereabouts(error))
        else:
            if message.repeated:
                # Slack tells of an event again that it thinks was not received; whoever heard of it has answered.
                logger.info("Slack: a message of %s was answered before.", conversation)
                return []
            if not output.utterances:
                logger.error("Slack: a message got no answer.")
        return output.utterances or [SORRY]

    async def _loaded(self) -> None:
        """Wait while the model is being loaded; Slack would not send the message again."""
        waited = 0.0
        while getattr(self._context, "agent", self) is None and waited < _LOADING_SECONDS:
            await asyncio.sleep(_STEP_SECONDS)
            waited += _STEP_SECONDS


def _utterance(conversation: str, message: Mapping[str, Any]) -> Utterance:
    custom = message.get("custom") or {}
    controls = choice_blocks(message.get("buttons") or [])
    if custom.get("kind") in _RATED:
        controls.append(rating_block(rating_value(conversation, custom.get("facts") or [])))
    return Utterance(tuple(content_blocks(message.get("text") or "", custom.get("parts"))), tuple(controls))
