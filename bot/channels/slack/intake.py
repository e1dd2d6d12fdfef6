"""The way into the background: what nobody processed before is done in turn, or turned away with an apology."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable, Sequence
from typing import Any

from bot.channels.deduplication import Claims
from bot.channels.slack.answers import BUSY
from bot.channels.slack.posting import Place
from bot.channels.slack.queue import Lanes

_APOLOGIES = 20
logger = logging.getLogger(__name__)


class Line:
    """Lanes for work that is done once only, whichever worker hears of it and however often."""

    def __init__(self, store: Claims, lanes: Lanes) -> None:
        self._store = store
        self._lanes = lanes
        self._apologies: set[asyncio.Task[None]] = set()

    def submit(
        self,
        lane: str,
        at: float,
        keys: Sequence[str],
        job: Callable[[], Awaitable[None]],
        place: Place | None = None,
        wanted: Callable[[], Awaitable[bool]] | None = None,
    ) -> None:
        """Do the job after all of this lane that are earlier, unless one of the keys was taken before.

        ``wanted`` is asked first, and without it no key is taken. If too much waits, ``place`` is told so instead.
        """

        async def once() -> None:
            if (wanted is None or await wanted()) and await self._claim(keys):
                await job()

        if self._lanes.submit(lane, at, once):
            return
        logger.error("Slack: too many messages wait for an answer; one was turned away.")
        if place and len(self._apologies) < _APOLOGIES:
            task = asyncio.create_task(self._apologise(keys, place))
            self._apologies.add(task)
            task.add_done_callback(self._apologies.discard)

    async def close(self, patience: float) -> None:
        """Finish what can be finished in ``patience`` seconds."""
        await self._lanes.close(patience)
        for task in list(self._apologies):
            task.cancel()
        await asyncio.gather(*self._apologies, return_exceptions=True)

    async def _apologise(self, keys: Sequence[str], place: Place) -> None:
        if await self._claim(keys):
            await place.say([BUSY])

    async def _claim(self, keys: Sequence[str]) -> bool:
        # One after the other: if two workers took a key each, neither would do the job.
        for key in keys:
            if not await self._store.claim(key):
                return False
        return True


def trigger_keys(trigger: Any) -> list[str]:
    """The key of a command or click."""
    return [f"trigger:{trigger}"] if isinstance(trigger, str) and trigger else []
