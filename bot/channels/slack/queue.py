"""Work in the background: once, in order within a conversation, side by side between them, and never too much."""

from __future__ import annotations

import asyncio
import heapq
import itertools
import logging
import traceback
from collections.abc import Awaitable, Callable, Sequence

from bot.channels.deduplication import Claims
from bot.channels.slack import CHANNEL
from bot.observe import metrics

Job = Callable[[], Awaitable[None]]
_REFUSALS = 20
logger = logging.getLogger(__name__)


class ConversationQueue:
    """One queue for each conversation; a job is done once, whichever server hears of it and however often."""

    def __init__(self, claims: Claims, limit: int = 1_000, conversation_limit: int = 20, settle: float = 0.05) -> None:
        """At most ``limit`` jobs wait or run, and ``conversation_limit`` of one conversation.

        A conversation that has been quiet waits ``settle`` seconds: Slack sends over several connections, on which a
        message can overtake the one before it.
        """
        self._claims = claims
        self._limit = limit
        self._conversation_limit = conversation_limit
        self._settle = settle
        self._pending = 0
        self._shown = metrics.pending.labels(CHANNEL)
        metrics.pending_limit.labels(CHANNEL).set(limit)
        self._closed = False
        self._numbers = itertools.count()
        self._waiting: dict[str, list[tuple[float, int, Job]]] = {}
        self._workers: set[asyncio.Task[None]] = set()
        self._refusals: set[asyncio.Task[None]] = set()

    def submit(
        self,
        conversation: str,
        at: float,
        job: Job,
        keys: Sequence[str] = (),
        wanted: Callable[[], Awaitable[bool]] | None = None,
        refuse: Job | None = None,
    ) -> bool:
        """Do the job after all of this conversation that are earlier, unless one of the keys was taken before.

        ``wanted`` is asked first, and without it no key is taken. False if too much waits: then ``refuse`` is done.
        """

        async def once() -> None:
            if (wanted is None or await wanted()) and await self._claim(keys):
                await job()

        waiting = self._waiting.get(conversation)
        if self._closed or self._pending >= self._limit or len(waiting or ()) >= self._conversation_limit:
            self._refuse(keys, refuse)
            return False
        self._pending += 1
        self._shown.inc()
        if waiting is None:
            waiting = self._waiting[conversation] = []
            _keep(self._workers, self._work(conversation))
        heapq.heappush(waiting, (at, next(self._numbers), once))
        return True

    async def close(self, patience: float) -> None:
        """Take no more jobs, let those that are there finish for ``patience`` seconds, then drop the rest."""
        self._closed = True
        if self._workers:
            await asyncio.wait(self._workers, timeout=patience)
        if self._pending:
            logger.warning("Slack: %d messages were not answered before the server stopped.", self._pending)
        for task in (left := [*self._workers, *self._refusals]):
            task.cancel()
        await asyncio.gather(*left, return_exceptions=True)
        self._shown.dec(self._pending)
        self._pending = 0

    async def _work(self, conversation: str) -> None:
        await asyncio.sleep(self._settle)
        jobs = self._waiting[conversation]
        while jobs:
            _, _, job = heapq.heappop(jobs)
            try:
                await job()
            except Exception as error:
                logger.error("Slack: a message could not be processed: %s", whereabouts(error))
            self._pending -= 1
            self._shown.dec()
        # Nothing is awaited between the last look at the jobs and this, so that none can be added meanwhile.
        del self._waiting[conversation]

    def _refuse(self, keys: Sequence[str], refuse: Job | None) -> None:
        logger.error("Slack: too many messages wait for an answer; one was turned away.")

        async def once(job: Job) -> None:
            if await self._claim(keys):
                await job()

        if refuse and len(self._refusals) < _REFUSALS:
            _keep(self._refusals, once(refuse))

    async def _claim(self, keys: Sequence[str]) -> bool:
        # One after the other: if two servers took a key each, neither would do the job.
        for key in keys:
            if not await self._claims.claim(key):
                return False
        return True


def whereabouts(error: BaseException) -> str:
    """The type of an error and where it arose, without its text, which may hold what a person wrote."""
    frames = traceback.extract_tb(error.__traceback__)[-3:]
    places = " < ".join(f"{frame.filename.rsplit('/', 1)[-1]}:{frame.lineno}" for frame in reversed(frames))
    return f"{type(error).__name__} at {places or 'an unknown place'}"


def _keep(tasks: set[asyncio.Task[None]], work: Awaitable[None]) -> None:
    task = asyncio.ensure_future(work)
    tasks.add(task)
    task.add_done_callback(tasks.discard)
