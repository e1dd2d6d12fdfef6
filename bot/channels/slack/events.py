"""Message events: which of them are messages to the bot, and what people wrote, as plain text.

Slack sends text escaped, and mentions and links in angle brackets.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from bot.channels.slack.conversations import NotUsable, is_direct, of_message, slack_id, slack_time
from bot.channels.text import normalised

# Messages of people with something extra; edits, joins and what programs write have other subtypes.
_FROM_PEOPLE = frozenset({None, "", "file_share", "thread_broadcast", "me_message"})
_MARKUP = re.compile(r"<([^<>]*)>")
_MENTION = re.compile(r"<@([A-Z0-9]+)(?:\|[^<>]*)?>")
_SPACES = re.compile(r"[ \t\u00a0]+")


@dataclass(frozen=True)
class MessageEvent:
    """One message of a person, with where its answer goes."""

    team: str
    channel: str
    thread: str | None
    user: str
    text: str
    time: str
    event_id: str
    # Whether nobody mentioned the bot in a channel: it answers only in threads where it has answered before.
    unprompted: bool

    @property
    def conversation(self) -> str:
        """The id of the conversation inside Rasa."""
        return of_message(self.team, self.channel, self.thread, self.user)

    @property
    def message_id(self) -> str:
        """The id of the message in its conversation."""
        return f"message-{self.time}"

    @property
    def keys(self) -> tuple[str, ...]:
        """What may be processed once only: the event, and the message, of which Slack may tell in two events."""
        message = f"message:{self.team}:{self.channel}:{self.time}"
        return (f"event:{self.event_id}", message) if self.event_id else (message,)


def message_event(body: Mapping[str, Any], bot_user: str = "") -> MessageEvent | None:
    """The message that an event brings; None if it is not for the bot."""
    event = body.get("event")
    if not isinstance(event, Mapping) or not _from_person(event):
        return None
    bot_user = _bot_user(body) or bot_user
    try:
        return _message(body, event, bot_user)
    except NotUsable:
        return None


def _message(body: Mapping[str, Any], event: Mapping[str, Any], bot_user: str) -> MessageEvent | None:
    team, channel = slack_id(body.get("team_id") or event.get("team")), slack_id(event.get("channel"))
    user, time = slack_id(event.get("user")), slack_time(event.get("ts"))
    thread = slack_time(event["thread_ts"]) if event.get("thread_ts") else None
    raw = event.get("text")
    raw = raw if isinstance(raw, str) else ""
    people = mentioned(raw)
    mention = event.get("type") == "app_mention"
    if user == bot_user:
        return None
    if mention:
        bot_user = bot_user or (people[0] if people else "")
        thread = thread or (None if is_direct(channel) else time)
    elif not is_direct(channel) and (not thread or (people and bot_user not in people)):
        # Outside threads only mentions count, and whoever mentions somebody else in one is not talking to the bot.
        return None
    event_id = body.get("event_id")
    return MessageEvent(
        team,
        channel,
        thread,
        user,
        plain(raw, bot_user),
        time,
        event_id if isinstance(event_id, str) else "",
        unprompted=not mention and not is_direct(channel),
    )


def _from_person(event: Mapping[str, Any]) -> bool:
    programs = ("bot_id", "bot_profile", "hidden", "edited")
    subtype = event.get("subtype")
    known = subtype is None or (isinstance(subtype, str) and subtype in _FROM_PEOPLE)
    return known and not any(event.get(name) for name in programs) and event.get("user") != "USLACKBOT"


def _bot_user(body: Mapping[str, Any]) -> str:
    """The bot's own user id, which Slack names in every event."""
    authorizations = body.get("authorizations")
    first = authorizations[0] if isinstance(authorizations, list) and authorizations else None
    user = first.get("user_id") if isinstance(first, Mapping) and first.get("is_bot") else None
    return user if isinstance(user, str) else ""


def mentioned(text: str) -> list[str]:
    """The ids of the people who are mentioned, in order."""
    return _MENTION.findall(text)


def plain(text: str, bot_user: str = "") -> str:
    """The text as a person would read it, without mentions of the bot."""
    text = _MARKUP.sub(lambda found: _shown(found[1], bot_user), text)
    # Last, so that an escaped bracket does not become markup.
    return _SPACES.sub(" ", normalised(unescaped(text))).strip()


def unescaped(text: str) -> str:
    """The text with the three characters that Slack escapes."""
    return text.replace("&lt;", "<").replace("&gt;", ">").replace("&amp;", "&")


def _shown(markup: str, bot_user: str) -> str:
    target, _, label = markup.partition("|")
    if target.startswith("@"):
        return "" if target[1:] == bot_user else label or "someone"
    if target.startswith("#"):
        return f"#{label}" if label else "a channel"
    if target.startswith(("!subteam", "!date")):
        return label.lstrip("@")
    if target.startswith("!"):
        return ""
    return label or target
