"""Work in the background: in order within a conversation, side by side between conversations, and never too much."""

from __future__ import annotations

import asyncio
import heapq
import itertools
import logging
import traceback
from collections.abc import Awaitable, Callable

from bot.channels.slack.output import CHANNEL
from bot.observe import metrics

Job = Callable[[], Awaitable[None]]
logger = logging.getLogger(__name__)


class Lanes:
    """One queue for each conversation."""

    def __init__(self, limit: int = 1_000, lane_limit: int = 20, settle: float = 0.05) -> None:
        """At most ``limit`` jobs wait or run, and ``lane_limit`` of one conversation.

        A conversation that has been quiet waits ``settle`` seconds: Slack sends over several connections, on which a
        message can overtake the one before it.
        """
        self._limit = limit
        self._lane_limit = lane_limit
        self._settle = settle
        self._pending = 0
        self._shown = metrics.pending.labels(CHANNEL)
        metrics.pending_limit.labels(CHANNEL).set(limit)
        self._closed = False
        self._numbers = itertools.count()
        self._waiting: dict[str, list[tuple[float, int, Job]]] = {}
        self._workers: set[asyncio.Task[None]] = set()

    def submit(self, lane: str, time: float, job: Job) -> bool:
        """Have the job run after all of this lane that are earlier; False if there is no room for it."""
        if self._closed or self._pending >= self._limit or len(self._waiting.get(lane, ())) >= self._lane_limit:
            return False
        self._pending += 1
        self._shown.inc()
        if lane not in self._waiting:
            self._waiting[lane] = []
            worker = asyncio.create_task(self._work(lane))
            self._workers.add(worker)
            worker.add_done_callback(self._workers.discard)
        heapq.heappush(self._waiting[lane], (time, next(self._numbers), job))
        return True

    async def close(self, patience: float) -> None:
        """Take no more jobs, let those that are there finish for ``patience`` seconds, then drop the rest."""
        self._closed = True
        if self._workers:
            await asyncio.wait(self._workers, timeout=patience)
        if self._pending:
            logger.warning("Slack: %d messages were not answered before the server stopped.", self._pending)
        for worker in list(self._workers):
            worker.cancel()
        await asyncio.gather(*self._workers, return_exceptions=True)
        self._shown.dec(self._pending)
        self._pending = 0

    async def _work(self, lane: str) -> None:
        await asyncio.sleep(self._settle)
        jobs = self._waiting[lane]
        while jobs:
            _, _, job = heapq.heappop(jobs)
            try:
                await job()
            except Exception as error:
                logger.error("Slack: a message could not be processed: %s", whereabouts(error))
            self._pending -= 1
            self._shown.dec()
        # Nothing is awaited between the last look at the jobs and this, so that none can be added meanwhile.
        del self._waiting[lane]


def whereabouts(error: BaseException) -> str:
    """The type of an error and where it arose, without its text, which may hold what a person wrote."""
    frames = traceback.extract_tb(error.__traceback__)[-3:]
    places = " < ".join(f"{frame.filename.rsplit('/', 1)[-1]}:{frame.lineno}" for frame in reversed(frames))
    return f"{type(error).__name__} at {places or 'an unknown place'}"
