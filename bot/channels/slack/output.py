"""What the bot says in one turn, collected until the agent has finished."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from rasa.core.channels.channel import OutputChannel

from bot.render.slack import BUTTON_VALUE, Block, choice_blocks, content_blocks, rating_block

CHANNEL = "slack"
_RATED = frozenset({"answer", "partial", "declined", "recommendation"})


@dataclass(frozen=True)
class Utterance:
    """One message of the bot: what it says, and what can be clicked."""

    content: tuple[Block, ...]
    controls: tuple[Block, ...] = ()

    @property
    def blocks(self) -> tuple[Block, ...]:
        """All of it."""
        return self.content + self.controls


def sentence(text: str) -> Utterance:
    """A message of plain words of our own."""
    return Utterance(tuple(content_blocks(text)))


class SlackOutput(OutputChannel):  # type: ignore[misc, unused-ignore]
    """Collects the bot's messages, so that a slow or limited Slack never holds up the agent."""

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


def _utterance(conversation: str, message: Mapping[str, Any]) -> Utterance:
    custom = message.get("custom") or {}
    controls = choice_blocks(message.get("buttons") or [])
    if custom.get("kind") in _RATED:
        controls.append(rating_block(rating_value(conversation, custom.get("facts") or [])))
    return Utterance(tuple(content_blocks(message.get("text") or "", custom.get("parts"))), tuple(controls))


def rating_value(conversation: str, facts: Sequence[str], message: str | None = None) -> str:
    """What a thumb rates: the conversation, as many of the facts as a button can carry, and the message if known."""
    kept = list(facts)
    named = {"message": message} if message else {}
    while len(value := json.dumps({"conversation": conversation, "facts": kept, **named})) > BUTTON_VALUE:
        kept.pop()
    return value
