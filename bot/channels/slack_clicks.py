"""Clicks on buttons: which button of which message, and how the message looks afterwards."""

from __future__ import annotations

import json
from collections import OrderedDict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from bot.channels.slack_conversations import NotUsable, by_command, is_direct, of_message, slack_id, slack_time
from bot.channels.slack_text import unescaped
from bot.render.slack import (
    BUTTON_VALUE,
    CHOICES_BLOCK,
    RATE_UP,
    RATING_BLOCK,
    Block,
    SlackMessage,
    fallback,
    note_block,
)

_MESSAGES = 5_000


@dataclass(frozen=True)
class Click:
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


def click_in(body: Mapping[str, Any]) -> Click:
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
    return Click(
        team=team,
        user=slack_id(user.get("id")),
        channel=channel,
        thread=slack_time(thread) if thread else None,
        message=time,
        only_for_user=bool(container.get("is_ephemeral")),
        blocks=tuple(blocks) if isinstance(blocks, list) and blocks else None,
        response_url=_text(body.get("response_url")),
        action=_text(action.get("action_id")),
        label=unescaped(_text(_mapping(action.get("text")).get("text"))),
        value=_text(action.get("value"))[:BUTTON_VALUE],
        time=slack_time(action.get("action_ts")),
        trigger=_text(body.get("trigger_id")),
    )


def rating_in(click: Click) -> tuple[str, list[str], str]:
    """The conversation, the facts and "up" or "down" of a click on a thumb. Raises NotUsable."""
    try:
        rated = json.loads(click.value)
        return str(rated["conversation"]), [str(fact) for fact in rated["facts"]], _direction(click.action)
    except (ValueError, KeyError, TypeError):
        raise NotUsable from None


class Decisions:
    """What was chosen in the newest messages, so that two quick clicks on one message do not undo each other."""

    def __init__(self, limit: int = _MESSAGES) -> None:
        self._limit = limit
        self._made: OrderedDict[tuple[str, str], dict[str, str]] = OrderedDict()

    def chosen(self, click: Click) -> SlackMessage:
        """The clicked message after a quick reply was chosen: it shows which, and the others are gone."""
        return self._after(click, CHOICES_BLOCK, f"You chose: {click.label}")

    def rated(self, click: Click) -> SlackMessage:
        """The clicked message after it was rated."""
        note = "👍 You found this helpful." if _direction(click.action) == "up" else "👎 You found this unhelpful."
        return self._after(click, RATING_BLOCK, note)

    def _after(self, click: Click, kind: str, note: str) -> SlackMessage:
        made = self._made.setdefault((click.channel, click.message or ""), {})
        made[kind] = note
        if len(self._made) > self._limit:
            self._made.popitem(last=False)
        blocks = list(_decided(click.blocks, made)) if click.blocks else [note_block(note)]
        return SlackMessage(fallback(blocks), tuple(blocks))


def _decided(blocks: Iterable[Block], made: Mapping[str, str]) -> Iterable[Block]:
    """The blocks with a note in place of the first block of each kind that is decided, and the others left out."""
    noted: set[str] = set()
    for block in blocks:
        kind = str(block.get("block_id", "")).partition("-")[0]
        if kind not in made:
            yield block
        elif kind not in noted:
            noted.add(kind)
            yield note_block(made[kind])


def _direction(action: str) -> str:
    return "up" if action.startswith(RATE_UP) else "down"


def _mapping(value: Any) -> Mapping[str, Any]:
    return value if isinstance(value, Mapping) else {}


def _text(value: Any) -> str:
    return value if isinstance(value, str) else ""
