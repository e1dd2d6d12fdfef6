"""The messages of one conversation are worked on one at a time, in the order in which they came."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from weakref import WeakValueDictionary

from bot.channels.errors import unavailable
from bot.channels.rest.output import CHANNEL
from bot.observe import metrics


class Turns:
    """Hands out turns. Rasa's own lock keeps the order too, but looks only once a second whether it is free."""

    def __init__(self, limit: int) -> None:
        """At most ``limit`` messages wait or are worked on, over all conversations."""
        self._limit = limit
        self._pending = 0
        self._shown = metrics.pending.labels(CHANNEL)
        metrics.pending_limit.labels(CHANNEL).set(limit)
        # A lock lives as long as somebody holds it or waits for it.
        self._locks: WeakValueDictionary[str, asyncio.Lock] = WeakValueDictionary()

    @asynccontextmanager
    async def turn(self, conversation: str) -> AsyncIterator[None]:
        """Wait for the conversation's turn and hold it. Raises Refusal 503 if too many wait already."""
        if self._pending >= self._limit:
            raise unavailable("busy")
        self._pending += 1
        self._shown.inc()
        lock = self._locks.setdefault(conversation, asyncio.Lock())
        try:
            async with lock:
                yield
        finally:
            self._pending -= 1
            self._shown.dec()
