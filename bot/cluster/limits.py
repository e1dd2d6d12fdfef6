"""Rate limits that hold over all servers which share a Redis; the algorithm is the one of ``bot.channels.limits``."""

from __future__ import annotations

import logging
import time
from typing import Protocol

from bot.channels.limits import RateLimit
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
_ALLOWANCE_SECONDS = 60
logger = logging.getLogger(__name__)


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
        self._interval = _ALLOWANCE_SECONDS / per_minute
        self._redis = redis_client(redis_url)
        self._take = self._redis.register_script(_TAKE)
        self._local = RateLimit(per_minute)
        self._without_until = 0.0

    async def take(self, key: str) -> float:
        """See Limit."""
        if time.monotonic() < self._without_until:
            return self._local.take(key)
        try:
            wait = await self._take([f"{PREFIX}limit:{self._name}:{key}"], [self._interval, _ALLOWANCE_SECONDS])
        except REDIS_ERRORS as error:
            logger.error("Redis does not answer (%s): this server limits requests for itself.", type(error).__name__)
            # Not every request has to find out.
            self._without_until = time.monotonic() + _SECONDS_WITHOUT
            return self._local.take(key)
        return float(wait)


def open_limit(name: str, per_minute: int, redis_url: str) -> Limit:
    """The limit for these settings; 0 a minute lets everything through. Raises ValueError for a wrong address."""
    return SharedLimit(name, per_minute, redis_url) if redis_url and per_minute else LocalLimit(per_minute)
