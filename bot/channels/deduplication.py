"""A message that comes again, because its answer or its acknowledgement got lost, is answered once.

The store of conversations is what decides: it takes no second copy of a message (``bot.stores``), and Rasa stores a
message and its answers in one transaction at the end. So a message that is stored was answered, whatever became of the
server that did so, and its answers are there as well: :func:`say_again`. Before that, :class:`Replies` keeps this
process from doing the same twice at once, and :class:`Claims` those that Slack tells of the same event.
"""

from __future__ import annotations

import asyncio
import logging
import time
from collections import OrderedDict
from collections.abc import Callable, Coroutine, Iterable
from typing import Any, Protocol

from rasa.core.channels.channel import UserMessage
from rasa.shared.core.events import BotUttered, Event, UserUttered
from sanic.request import Request

from bot.channels.errors import bad_request
from bot.cluster.redis_client import PREFIX, REDIS_ERRORS, redis_client

Key = tuple[str, str]
Reply = list[dict[str, Any]]
_LONGEST_KEY = 64
_KEPT = 2_000
# Clients give up long before; what people wrote and read is not kept for longer than it is of use.
_KEPT_SECONDS = 600.0
# Slack repeats an event up to three times within minutes, and with delayed events once an hour for a day.
REMEMBERED_SECONDS = 26 * 3_600
_KEYS = 100_000
_PREFIX = f"{PREFIX}slack:"
logger = logging.getLogger(__name__)


class NamedMessage(UserMessage):  # type: ignore[misc, unused-ignore]
    """A message whose sender chose its id, so that it may come again under the same one.

    ``repeated`` tells whether it was answered before, so that its output got what was said then.
    """

    repeated = False


def idempotency_key(request: Request) -> str | None:
    """The header of that name, with which a proxy marks a request that it may repeat. Raises Refusal 400."""
    key: str | None = request.headers.get("idempotency-key")
    if key is not None and not (0 < len(key) <= _LONGEST_KEY and key.isprintable()):
        raise bad_request(f"Idempotency-Key must be at most {_LONGEST_KEY} printable characters.")
    return key


async def say_again(store: Any, message: UserMessage) -> bool:
    """Send the stored answers to the message's output; False if the message is not stored, or not a NamedMessage.

    ``store`` is Rasa's tracker store; our own has an async ``answers(conversation, message_id)``.
    """
    if not isinstance(message, NamedMessage):
        return False
    if hasattr(store, "answers"):
        answers = await store.answers(message.sender_id, message.message_id)
    else:
        tracker = await store.retrieve(message.sender_id)
        answers = _answers(tracker.events if tracker else (), message.message_id)
    message.repeated = answers is not None
    for answer in answers or ():
        await message.output_channel.send_response(message.sender_id, answer.message())
    return message.repeated


def _answers(events: Iterable[Event], message_id: str) -> list[BotUttered] | None:
    """What was said after the message and before the next one; None if the message is not there."""
    answers: list[BotUttered] | None = None
    for event in events:
        if isinstance(event, UserUttered):
            if answers is not None:
                break
            if event.message_id == message_id:
                answers = []
        elif isinstance(event, BotUttered) and answers is not None:
            answers.append(event)
    return answers


class Replies:
    """The newest replies by conversation and message id."""

    def __init__(self, kept: int = _KEPT, seconds: float = _KEPT_SECONDS) -> None:
        self._kept = kept
        self._seconds = seconds
        self._tasks: OrderedDict[Key, asyncio.Task[Reply]] = OrderedDict()

    async def once(self, key: Key, answer: Callable[[], Coroutine[Any, Any, Reply]], keep: bool = True) -> Reply:
        """The reply for this key: the kept one, the one in the making, or a new one from ``answer``.

        The work goes on if the client that asked is gone. A failure is raised to all who wait for it,
        and never kept.
        """
        task = self._tasks.get(key)
        if task is None:
            task = asyncio.create_task(answer())
            self._tasks[key] = task
            task.add_done_callback(lambda done: self._settle(key, done, keep))
        return await asyncio.shield(task)

    async def forget(self, conversation: str) -> None:
        """Drop all replies of a conversation."""
        for key in [key for key in self._tasks if key[0] == conversation]:
            del self._tasks[key]

    def _settle(self, key: Key, task: asyncio.Task[Reply], keep: bool) -> None:
        if task.cancelled() or task.exception() or not keep:
            self._drop(key, task)
            return
        asyncio.get_running_loop().call_later(self._seconds, self._drop, key, task)
        while len(self._tasks) > self._kept:
            self._tasks.popitem(last=False)

    def _drop(self, key: Key, task: asyncio.Task[Reply]) -> None:
        if self._tasks.get(key) is task:
            del self._tasks[key]


class Claims(Protocol):
    """Keys that can be taken once."""

    async def claim(self, key: str, seconds: int = REMEMBERED_SECONDS) -> bool:
        """Take a key; False if somebody has it already."""

    async def has(self, key: str) -> bool:
        """Whether somebody has the key."""

    async def release(self, key: str) -> None:
        """Forget a key. Raises RedisError or OSError if that cannot be done now."""

    async def close(self) -> None:
        """Close connections."""


class MemoryClaims:
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


class RedisClaims:
    """For several processes, and across restarts. Without Redis it goes on with what this process remembers."""

    def __init__(self, url: str) -> None:
        """Connects on first use. Raises ValueError if the address is not one of Redis."""
        self._redis = redis_client(url)
        self._memory = MemoryClaims()
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


def open_claims(redis_url: str) -> Claims:
    """The claims for these settings. Raises ValueError if the address is not one of Redis."""
    return RedisClaims(redis_url) if redis_url else MemoryClaims()
