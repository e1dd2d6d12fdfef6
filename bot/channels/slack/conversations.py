"""Which conversation a message belongs to: one for each person in each thread, direct message or channel command."""

from __future__ import annotations

import re
from typing import Any

from bot.channels.deduplication import Claims

FOLLOWED_SECONDS = 30 * 24 * 3_600
_ID = re.compile(r"[A-Z0-9]{1,24}")
_IN_THREAD = re.compile(r"slack-([A-Z0-9]+)-([A-Z0-9]+)-(\d+\.\d+)-[A-Z0-9]+")
_OF_PERSON = re.compile(r"slack-([A-Z0-9]+)-(?:[A-Z0-9]+-(?:[\d.]+|command)-|dm-)?([A-Z0-9]+)")
_TIME = re.compile(r"\d{1,12}\.\d{1,9}")


class NotUsable(Exception):
    """Slack's payload lacks an id, or has one of a form that Slack does not use."""


def slack_id(value: Any) -> str:
    """An id of a team, channel or person. Raises NotUsable."""
    if not isinstance(value, str) or not _ID.fullmatch(value):
        raise NotUsable
    return value


def slack_time(value: Any) -> str:
    """The time stamp that is the id of a message or thread. Raises NotUsable."""
    if not isinstance(value, str) or not _TIME.fullmatch(value):
        raise NotUsable
    return value


def is_direct(channel: str) -> bool:
    """Whether the channel is a direct message."""
    return channel.startswith("D")


def in_direct_message(team: str, user: str) -> str:
    """The conversation with a person in the direct message, outside its threads."""
    return f"slack-{team}-dm-{user}"


def in_thread(team: str, channel: str, thread: str, user: str) -> str:
    """The conversation with one person in a thread."""
    return f"slack-{team}-{channel}-{thread}-{user}"


def by_command(team: str, channel: str, user: str) -> str:
    """The conversation with one person by slash command in a channel."""
    return f"slack-{team}-{channel}-command-{user}"


def of_message(team: str, channel: str, thread: str | None, user: str) -> str:
    """The conversation of a message in a thread, or in a direct message without one."""
    return in_thread(team, channel, thread, user) if thread else in_direct_message(team, user)


def thread_key(team: str, channel: str, thread: str | None) -> str:
    """The key under which it is remembered that the bot takes part in a thread."""
    return f"thread:{team}:{channel}:{thread}"


def thread_key_of(conversation: str) -> str | None:
    """The key of the thread that a conversation is in, or None if it is in none."""
    found = _IN_THREAD.fullmatch(conversation)
    return thread_key(*found.groups()) if found else None


async def forget_thread(claims: Claims, conversation: str) -> None:
    """Forget that the bot takes part in the conversation's thread. Raises RedisError or OSError.

    The other keys are ids of events, which name nobody and end by themselves.
    """
    key = thread_key_of(conversation)
    if key:
        await claims.release(key)


def of_same_person(conversation: str) -> re.Pattern[str] | None:
    """What all conversations of that person in Slack match, or None if it is not one of Slack.

    ``slack-TEAM-USER``, which is no conversation, stands for the person as well.
    """
    found = _OF_PERSON.fullmatch(conversation)
    if not found:
        return None
    team, user = found.groups()
    return re.compile(rf"slack-{team}-(?:[A-Z0-9]+-(?:[\d.]+|command)|dm)-{user}")
