"""A message that comes again after its answer got lost, to this server or another one, is not answered anew.

Rasa stores a message and its answers in one transaction at the end. So a message that is in the store was answered,
whatever became of the server that did so, and its answers are there as well.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from rasa.core.channels.channel import UserMessage
from rasa.shared.core.events import BotUttered, Event, UserUttered
from sanic.request import Request

from bot.channels.errors import bad_request

_LONGEST_KEY = 64


class NamedMessage(UserMessage):  # type: ignore[misc, unused-ignore]
    """A message whose sender chose its id, so that it may come again under the same one."""


def idempotency_key(request: Request) -> str | None:
    """The header of that name, with which a proxy marks a request that it may repeat. Raises Refusal 400."""
    key: str | None = request.headers.get("idempotency-key")
    if key is not None and not (0 < len(key) <= _LONGEST_KEY and key.isprintable()):
        raise bad_request(f"Idempotency-Key must be at most {_LONGEST_KEY} printable characters.")
    return key


async def say_again(store: Any, message: UserMessage) -> bool:
    """Send the stored answers to the message's output; False if the message is not stored, or not a NamedMessage.

    ``store`` is Rasa's tracker store; our own has an async ``answers(conversation, message_id)``.
    """
    if not isinstance(message, NamedMessage):
        return False
    if hasattr(store, "answers"):
        answers = await store.answers(message.sender_id, message.message_id)
    else:
        tracker = await store.retrieve(message.sender_id)
        answers = _answers(tracker.events if tracker else (), message.message_id)
    for answer in answers or ():
        await message.output_channel.send_response(message.sender_id, answer.message())
    return answers is not None


def _answers(events: Iterable[Event], message_id: str) -> list[BotUttered] | None:
    """What was said after the message and before the next one; None if the message is not there."""
    answers: list[BotUttered] | None = None
    for event in events:
        if isinstance(event, UserUttered):
            if answers is not None:
                break
            if event.message_id == message_id:
                answers = []
        elif isinstance(event, BotUttered) and answers is not None:
            answers.append(event)
    return answers
