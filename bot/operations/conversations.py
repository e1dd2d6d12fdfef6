"""Erasing and printing what is stored of one person, and erasing what is too old."""

from __future__ import annotations

import asyncio
import json
import os
import shlex
import sys
from typing import Any

from bot.channels.deduplication import open_claims
from bot.channels.slack.conversations import forget_thread, of_same_person
from bot.operations.database import opened
from bot.operations.problems import OperationError
from bot.operations.running import forget_in_server
from bot.settings import Settings
from bot.stores import SECONDS_PER_DAY, WindowedTrackerStore


def forget(settings: Settings, sender: str, spaces_lost: bool = False) -> int:
    """Erase all conversations of a person; returns the exit code, 1 if nothing was stored.

    ``sender`` is a conversation id. With one of Slack, or ``slack-TEAM-USER``, all of that person's are erased.
    ``spaces_lost`` says that spaces before the id may be missing: then nothing is done if another id differs by them
    only. Raises OperationError, StoreUnavailableError.
    """
    with opened(settings) as store:
        _check(store, sender, spaces_lost)
        erased = asyncio.run(_forget(settings, store, sender))
    if not erased:
        print(f"Nothing is stored about {sender!r}.", file=sys.stderr)
        return 1
    for conversation in erased:
        print(f"Erased {conversation}")
    return 0


def export(settings: Settings, sender: str, spaces_lost: bool = False) -> int:
    """Print all that is stored of a person as JSON; returns the exit code, 1 if nothing is stored.

    ``spaces_lost`` as for forget. Raises OperationError, StoreUnavailableError.
    """

    async def export() -> list[dict[str, Any]]:
        found = [await store.export(conversation) for conversation in await _of_person(store, sender)]
        return [each for each in found if each]

    with opened(settings) as store:
        _check(store, sender, spaces_lost)
        found = asyncio.run(export())
    if not found:
        print(f"Nothing is stored about {sender!r}.", file=sys.stderr)
        return 1
    json.dump({"sender": sender, "conversations": found}, sys.stdout, indent=2)
    print()
    return 0


def prune(settings: Settings) -> int:
    """Erase conversations in which nothing happened for RETENTION_DAYS; returns the exit code.

    Raises OperationError if there is no such setting, StoreUnavailableError.
    """
    days = settings.retention_days
    if not days:
        raise OperationError("RETENTION_DAYS is not set: conversations are kept until somebody erases them.")
    with opened(settings) as store:
        erased = asyncio.run(store.delete_older_than(days * SECONDS_PER_DAY))
    print(f"Erased {erased} conversations in which nothing happened for {days} days.")
    return 0


def _check(store: WindowedTrackerStore, sender: str, spaces_lost: bool) -> None:
    """Raises OperationError if the id is not text, or if it may be the rest of another one."""
    try:
        sender.encode()
    except UnicodeEncodeError:
        raise OperationError("This id is not valid UTF-8, so nothing is stored under it.") from None
    if not spaces_lost:
        return
    alike = sorted(each for each in asyncio.run(store.keys()) if each != sender and each.strip() == sender.strip())
    if alike:
        raise OperationError(
            f"There is {', '.join(map(repr, alike))} as well, and make drops spaces before a value. "
            f"Nothing was done; name the one you mean like this: "
            f".venv/bin/python -m bot forget -- {shlex.quote(alike[0])}"
        )


async def _of_person(store: WindowedTrackerStore, sender: str) -> list[str]:
    pattern = of_same_person(sender)
    if pattern is None:
        return [sender]
    return [*dict.fromkeys([sender, *filter(pattern.fullmatch, await store.keys())])]


async def _forget(settings: Settings, store: WindowedTrackerStore, sender: str) -> list[str]:
    claims = open_claims(os.environ.get("REDIS_URL", "").strip())
    erased = []
    try:
        for conversation in await _of_person(store, sender):
            known = await store.exists(conversation)
            # The server first, so that it does not store more of what it is working on after that.
            forget_in_server(settings, conversation)
            await store.delete(conversation)
            await forget_thread(claims, conversation)
            if known:
                erased.append(conversation)
    finally:
        await claims.close()
    return erased
