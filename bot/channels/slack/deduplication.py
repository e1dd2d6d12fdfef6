"""What is remembered so that nothing is answered twice, and which threads the bot takes part in."""

from __future__ import annotations

import logging
import time
from collections import OrderedDict
from collections.abc import Callable
from typing import Protocol

from bot.channels.slack.conversations import thread_key_of
from bot.cluster.redis_client import PREFIX, REDIS_ERRORS, redis_client

# Slack repeats an event up to three times within minutes, and with delayed events once an hour for a day.
REMEMBERED_SECONDS = 26 * 3_600
FOLLOWED_SECONDS = 30 * 24 * 3_600
_KEYS = 100_000
_PREFIX = f"{PREFIX}slack:"
logger = logging.getLogger(__name__)


class Store(Protocol):
    """Keys that can be taken once."""

    async def claim(self, key: str, seconds: int = REMEMBERED_SECONDS) -> bool:
        """Take a key; False if somebody has it already."""

    async def has(self, key: str) -> bool:
        """Whether somebody has the key."""

    async def release(self, key: str) -> None:
        """Forget a key. Raises RedisError or OSError if that cannot be done now."""

    async def close(self) -> None:
        """Close connections."""


class MemoryStore:
    """For one process, up to ``limit`` keys; forgets the oldest first, and all of them when the process ends."""

    def __init__(self, limit: int = _KEYS, clock: Callable[[], float] = time.monotonic) -> None:
        self._limit = limit
        self._clock = clock
        self._until: OrderedDict[str, float] = OrderedDict()

    async def claim(self, key: str, seconds: int = REMEMBERED_SECONDS) -> bool:
        """Take a key; False if it is taken."""
        if await self.has(key):
            return False
        self._until[key] = self._clock() + seconds
        self._until.move_to_end(key)
        if len(self._until) > self._limit:
            self._until.popitem(last=False)
        return True

    async def has(self, key: str) -> bool:
        """Whether the key is taken."""
        return self._until.get(key, 0.0) > self._clock()

    async def release(self, key: str) -> None:
        """Forget a key."""
        self._until.pop(key, None)

    async def close(self) -> None:
        """Nothing to close."""


class RedisStore:
    """For several processes, and across restarts. Without Redis it goes on with what this process remembers."""

    def __init__(self, url: str) -> None:
        """Connects on first use. Raises ValueError if the address is not one of Redis."""
        self._redis = redis_client(url)
        self._memory = MemoryStore()
        self._failing = False

    async def claim(self, key: str, seconds: int = REMEMBERED_SECONDS) -> bool:
        """Take a key; False if any process has it."""
        if not await self._memory.claim(key, seconds):
            return False
        try:
            taken = await self._redis.set(_PREFIX + key, "1", nx=True, ex=seconds)
        except REDIS_ERRORS as error:
            self._failed(error)
            return True
        self._failing = False
        return bool(taken)

    async def has(self, key: str) -> bool:
        """Whether any process has the key."""
        if await self._memory.has(key):
            return True
        try:
            return bool(await self._redis.exists(_PREFIX + key))
        except REDIS_ERRORS as error:
            self._failed(error)
            return False

    async def release(self, key: str) -> None:
        """Forget a key, here and in Redis. Raises RedisError or OSError."""
        await self._memory.release(key)
        await self._redis.delete(_PREFIX + key)

    async def close(self) -> None:
        """Close the connections."""
        await self._redis.close()

    def _failed(self, error: Exception) -> None:
        if not self._failing:
            logger.error(
                "Slack: Redis does not answer (%s). Until it does, other workers may answer an event again: "
                "check REDIS_URL and that Redis is running.",
                type(error).__name__,
            )
        self._failing = True


def open_store(redis_url: str) -> Store:
    """The store for these settings. Raises ValueError if the address is not one of Redis."""
    return RedisStore(redis_url) if redis_url else MemoryStore()


async def forget(store: Store, conversation: str) -> None:
    """Forget what was remembered for a conversation: that the bot follows its thread.

    The other keys are ids of events, which name nobody and end by themselves. Raises RedisError or OSError.
    """
    key = thread_key_of(conversation)
    if key:
        await store.release(key)
