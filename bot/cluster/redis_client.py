"""Redis, as several servers share it: a client that gives up soon, so that a request never waits for it long."""

from __future__ import annotations

from typing import Any

from redis.asyncio import Redis
from redis.asyncio.retry import Retry
from redis.backoff import ExponentialBackoff
from redis.exceptions import ConnectionError as RedisConnectionError
from redis.exceptions import RedisError

PREFIX = "career-advisor:"
PATIENCE_SECONDS = 1.0
# What a command may raise: redis-py lets some errors of the socket through as they are.
REDIS_ERRORS = (RedisError, OSError)


def redis_client(url: str) -> Any:
    """A client that connects on first use. Raises ValueError if the address is not one of Redis.

    A command on a kept connection that Redis closed (it was restarted) is sent again on a new one. One that Redis does
    not answer is not: it may still be carried out, and whoever waits has waited long enough.
    """
    return Redis.from_url(
        url,
        socket_timeout=PATIENCE_SECONDS,
        socket_connect_timeout=PATIENCE_SECONDS,
        retry=Retry(ExponentialBackoff(cap=0.1, base=0.01), 2, supported_errors=(RedisConnectionError,)),
        decode_responses=True,
    )
