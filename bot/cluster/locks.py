"""One message of a conversation at a time, over all servers that share a Redis.

Rasa's own Redis lock store looks once a second whether a contended lock is free and talks to Redis on the event loop,
which stands still meanwhile: for ten seconds when Redis hangs. This one is redis-py's lock, which does neither. Within
one server messages keep the order they came in (``bot.channels.rest.turns``); between servers the first to take the
free lock is next.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from typing import Any

from rasa.core.lock import TicketLock
from rasa.core.lock_store import LockError, LockStore
from redis.exceptions import LockError as NotHeld

from bot.cluster.redis_client import PREFIX, REDIS_ERRORS, redis_client

# A server that dies leaves its locks behind for as long as this; one that lives renews them.
LIFETIME_SECONDS = 5.0
# Until its owner knows of it, a lock lives only so long: a Redis that hung carries out what it was told meanwhile, for
# messages that were given up on, and nobody renews or gives back those locks.
_UNCONFIRMED_SECONDS = 0.5
_RENEWED_EACH = 1.5
_POLL_SECONDS = 0.02
logger = logging.getLogger(__name__)


class RedisLocks(LockStore):  # type: ignore[misc, unused-ignore]
    """Rasa's lock store on Redis; of its interface only ``lock`` is used."""

    def __init__(self, url: str, wait_seconds: float) -> None:
        """``wait_seconds`` is how long to wait for a lock. Connects on first use.

        Raises ValueError if the address is not one of Redis.
        """
        self._redis = redis_client(url)
        self._wait_seconds = wait_seconds

    @asynccontextmanager
    async def lock(self, conversation_id: str, *_: Any, **__: Any) -> AsyncIterator[TicketLock]:
        """Wait for the conversation's lock and hold it. Raises LockError if that takes too long or Redis fails."""
        lock = self._redis.lock(
            f"{PREFIX}lock:{conversation_id}",
            timeout=_UNCONFIRMED_SECONDS,
            sleep=_POLL_SECONDS,
            blocking_timeout=self._wait_seconds,
        )
        try:
            taken = await lock.acquire() and await lock.extend(LIFETIME_SECONDS, replace_ttl=True)
        except REDIS_ERRORS as error:
            raise LockError(f"Redis does not answer: {type(error).__name__}") from error
        if not taken:
            raise LockError("The conversation is locked by another server.")
        renewing = asyncio.create_task(_renew(lock))
        try:
            yield TicketLock(conversation_id)
        finally:
            renewing.cancel()
            # If it cannot be given back it runs out by itself.
            with suppress(NotHeld, *REDIS_ERRORS):
                await lock.release()

    async def problem(self) -> str | None:
        """Why conversations cannot be locked now, or None if they can."""
        try:
            await self._redis.ping()
        except REDIS_ERRORS as error:
            return f"Redis does not answer: {type(error).__name__}"
        return None

    async def close(self) -> None:
        """Close the connections."""
        await self._redis.close()


async def _renew(lock: Any) -> None:
    while True:
        await asyncio.sleep(_RENEWED_EACH)
        try:
            await lock.extend(LIFETIME_SECONDS, replace_ttl=True)
        except NotHeld:
            # Nothing is lost by that: the store puts events that come late behind those of others.
            logger.warning("A lock on a conversation ran out while its message was being answered.")
            return
        except REDIS_ERRORS as error:
            logger.warning("A lock on a conversation could not be renewed: %s.", type(error).__name__)
