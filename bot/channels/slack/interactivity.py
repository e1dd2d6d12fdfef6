"""Block actions, which are clicks on buttons: which button of which message, and how the message looks afterwards."""

from __future__ import annotations

import json
from collections import OrderedDict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from bot.channels.feedback import REASONS, all_facts
from bot.channels.payloads import without_payload
from bot.channels.slack.conversations import (
    NotUsable,
    by_command,
    is_direct,
    of_message,
    of_same_person,
    slack_id,
    slack_time,
)
from bot.channels.slack.events import unescaped
from bot.channels.slack.messages import rating_value
from bot.channels.text import cleaned, is_blank
from bot.render.slack import (
    BUTTON_VALUE,
    CHOICES_BLOCK,
    RATE_UP,
    RATING_BLOCK,
    REASON,
    REASON_BLOCK,
    Block,
    SlackMessage,
    fallback,
    note_block,
    reason_blocks,
)

_MESSAGES = 5_000


@dataclass(frozen=True)
class BlockAction:
    """One click. ``message`` is the time stamp of the message, None on the App Home tab."""

    team: str
    user: str
    channel: str
    thread: str | None
    message: str | None
    only_for_user: bool
    blocks: tuple[Block, ...] | None
    response_url: str
    action: str
    label: str
    value: str
    time: str
    trigger: str

    @property
    def conversation(self) -> str:
        """The id of the conversation that the click belongs to: always one of the person who clicked."""
        if self.only_for_user:
            return by_command(self.team, self.channel, self.user)
        return of_message(self.team, self.channel, self.thread, self.user)

    @property
    def message_id(self) -> str:
        """The id of what the click says in its conversation."""
        return f"action-{self.time}"

    @property
    def chosen(self) -> str:
        """The message that the button stands for. Raises NotUsable if there is none."""
        text = without_payload(self.value or self.label)
        if is_blank(text):
            raise NotUsable
        return text


def block_action(body: Mapping[str, Any]) -> BlockAction:
    """The click in a ``block_actions`` payload. Raises NotUsable."""
    action, container = _mapping(body["actions"][0]), _mapping(body.get("container"))
    user, message = _mapping(body.get("user")), _mapping(body.get("message"))
    team = slack_id(_mapping(body.get("team")).get("id") or user.get("team_id"))
    on_home = container.get("type") == "view"
    channel = "" if on_home else slack_id(_mapping(body.get("channel")).get("id") or container.get("channel_id"))
    time = None if on_home else slack_time(container.get("message_ts") or message.get("ts"))
    thread = message.get("thread_ts") or container.get("thread_ts")
    if not thread and channel and not is_direct(channel):
        thread = time
    blocks = message.get("blocks")
    return BlockAction(
        team=team,
        user=slack_id(user.get("id")),
        channel=channel,
        thread=slack_time(thread) if thread else None,
        message=time,
        only_for_user=bool(container.get("is_ephemeral")),
        blocks=tuple(blocks) if isinstance(blocks, list) and blocks else None,
        response_url=_text(body.get("response_url")),
        action=_text(action.get("action_id")),
        label=cleaned(unescaped(_text(_mapping(action.get("text")).get("text"))))[:BUTTON_VALUE],
        value=cleaned(_text(action.get("value")))[:BUTTON_VALUE],
        time=slack_time(action.get("action_ts")),
        trigger=_text(body.get("trigger_id")),
    )


@dataclass(frozen=True)
class Rating:
    """What a click says about an answer; ``message`` is the time stamp of the message with the thumbs."""

    conversation: str
    facts: tuple[str, ...]
    rating: str
    reason: str | None
    message: str | None

    @property
    def value(self) -> str:
        """What the buttons for a reason carry."""
        return rating_value(self.conversation, self.facts, self.message)


def rating_of(click: BlockAction) -> Rating:
    """The rating or the reason that a click gives. Raises NotUsable."""
    reason = click.action.removeprefix(REASON).partition("-")[0] if click.action.startswith(REASON) else None
    if reason is not None and reason not in REASONS:
        raise NotUsable
    try:
        rated = json.loads(click.value)
        conversation, facts = str(rated["conversation"]), tuple(rated["facts"])
        message = slack_time(rated["message"]) if rated.get("message") else click.message
    except (ValueError, KeyError, TypeError, AttributeError):
        raise NotUsable from None
    if not of_same_person(conversation) or not all_facts(facts):
        raise NotUsable
    return Rating(conversation, facts, "up" if click.action.startswith(RATE_UP) else "down", reason, message)


class MessageUpdates:
    """How the newest messages look after clicks, so that two quick ones on one message do not undo each other."""

    def __init__(self, limit: int = _MESSAGES) -> None:
        self._limit = limit
        self._clicked: OrderedDict[tuple[str, str], dict[str, list[Block]]] = OrderedDict()

    def chosen(self, click: BlockAction) -> SlackMessage:
        """The clicked message after a quick reply was chosen: it shows which, and the others are gone."""
        return self._after(click, CHOICES_BLOCK, [note_block(f"You chose: {click.label}")])

    def rated(self, click: BlockAction, rating: Rating) -> SlackMessage:
        """The clicked message after it was rated: a thumb down asks for the reason, which is optional."""
        if rating.reason:
            return self._after(click, REASON_BLOCK, [note_block(f"You said: {REASONS[rating.reason]}. Thank you.")])
        if rating.rating == "up":
            return self._after(click, RATING_BLOCK, [note_block("👍 You found this helpful.")])
        ask = [note_block("👎 You found this unhelpful."), *reason_blocks(rating.value, REASONS)]
        return self._after(click, RATING_BLOCK, ask)

    def _after(self, click: BlockAction, kind: str, instead: list[Block]) -> SlackMessage:
        made = self._clicked.setdefault((click.channel, click.message or ""), {})
        made[kind] = instead
        if len(self._clicked) > self._limit:
            self._clicked.popitem(last=False)
        blocks = list(_decided(click.blocks, made)) if click.blocks else instead
        return SlackMessage(fallback(blocks), tuple(blocks))


def _decided(blocks: Iterable[Block], made: Mapping[str, list[Block]]) -> Iterable[Block]:
    """The blocks with notes in place of the first block of each kind that is decided, and the others left out."""
    noted: set[str] = set()
    for block in blocks:
        kind = str(block.get("block_id", "")).partition("-")[0]
        if kind not in made:
            yield block
        elif kind not in noted:
            noted.add(kind)
            # What stands in place of the thumbs asks for a reason, which may be given by now.
            yield from _decided(made[kind], {other: each for other, each in made.items() if other != kind})


def _mapping(value: Any) -> Mapping[str, Any]:
    return value if isinstance(value, Mapping) else {}


def _text(value: Any) -> str:
    return value if isinstance(value, str) else ""
