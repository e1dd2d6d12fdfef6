"""How many requests a minute somebody may make, of one server or of all that share a Redis."""

from __future__ import annotations

import logging
import time
from collections import OrderedDict
from collections.abc import Callable
from typing import Protocol

from bot.cluster.redis_client import PREFIX, REDIS_ERRORS, redis_client

_SECONDS_WITHOUT = 2.0
# KEYS: the key. ARGV: seconds between two requests, seconds of allowance. Returns the seconds to wait as text, since
# Redis cuts fractions off numbers. It uses the clock of Redis, so that those of the servers may differ.
_TAKE = """
local time = redis.call('TIME')
local now = time[1] + time[2] / 1000000
local interval, allowance = tonumber(ARGV[1]), tonumber(ARGV[2])
local full_at = math.max(now, tonumber(redis.call('GET', KEYS[1]) or now))
local wait = full_at + interval - now - allowance
if wait > 0.000001 then return tostring(wait) end
redis.call('SET', KEYS[1], string.format('%.6f', full_at + interval), 'EX', math.ceil(allowance) + 1)
return '0'
"""
_MINUTE = 60.0
_KEYS = 10_000
logger = logging.getLogger(__name__)


class RateLimit:
    """Lets each key through ``per_minute`` times at once and then at that rate; one number is kept for a key."""

    def __init__(self, per_minute: int, clock: Callable[[], float] = time.monotonic) -> None:
        """``per_minute`` 0 lets everything through."""
        self._interval = _MINUTE / per_minute if per_minute else 0.0
        self._clock = clock
        # When the key's allowance is full again ("generic cell rate algorithm"); the longest unused come first.
        self._full_at: OrderedDict[str, float] = OrderedDict()

    def take(self, key: str) -> float:
        """Count one request. Returns 0 if it may go through, else the seconds until one may, and does not count it."""
        if not self._interval:
            return 0.0
        now = self._clock()
        full_at = max(now, self._full_at.get(key, now))
        wait = full_at + self._interval - now - _MINUTE
        if wait > 1e-6:
            return wait
        self._full_at[key] = full_at + self._interval
        self._full_at.move_to_end(key)
        if len(self._full_at) > _KEYS:
            self._full_at.popitem(last=False)
        return 0.0

    def wait(self, key: str) -> float:
        """The seconds until a request of the key may go through, 0 for now; nothing is counted."""
        if not self._interval:
            return 0.0
        now = self._clock()
        wait = max(now, self._full_at.get(key, now)) + self._interval - now - _MINUTE
        return wait if wait > 1e-6 else 0.0


class Limit(Protocol):
    """Counts requests by key."""

    async def take(self, key: str) -> float:
        """Count one request. Returns 0 if it may go through, else the seconds until one may, and does not count it."""


class LocalLimit:
    """For one server."""

    def __init__(self, per_minute: int) -> None:
        self._limit = RateLimit(per_minute)

    async def take(self, key: str) -> float:
        """See Limit."""
        return self._limit.take(key)


class SharedLimit:
    """For all servers with the same Redis. While that is gone, each server limits for itself."""

    def __init__(self, name: str, per_minute: int, redis_url: str) -> None:
        """``name`` keeps limits apart. Connects on first use. Raises ValueError if the address is not one of Redis."""
        self._name = name
        self._interval = _MINUTE / per_minute
        self._redis = redis_client(redis_url)
        self._take = self._redis.register_script(_TAKE)
        self._local = RateLimit(per_minute)
        self._without_until = 0.0

    async def take(self, key: str) -> float:
        """See Limit."""
        if time.monotonic() < self._without_until:
            return self._local.take(key)
        try:
            wait = await self._take([f"{PREFIX}limit:{self._name}:{key}"], [self._interval, _MINUTE])
        except REDIS_ERRORS as error:
            logger.error("Redis does not answer (%s): this server limits requests for itself.", type(error).__name__)
            # Not every request has to find out.
            self._without_until = time.monotonic() + _SECONDS_WITHOUT
            return self._local.take(key)
        return float(wait)


def open_limit(name: str, per_minute: int, redis_url: str) -> Limit:
    """The limit for these settings; 0 a minute lets everything through. Raises ValueError for a wrong address."""
    return SharedLimit(name, per_minute, redis_url) if redis_url and per_minute else LocalLimit(per_minute)
