"""What is remembered."""

import pytest

from bot.channels.slack_dedup import MemoryStore, RedisStore

from .redis_server import RedisServer

pytestmark = pytest.mark.asyncio


class Clock:
    now = 1_000.0

    def __call__(self) -> float:
        return self.now


async def test_a_key_can_be_taken_once() -> None:
    store = MemoryStore()
    assert [await store.claim("a"), await store.claim("a"), await store.claim("b")] == [True, False, True]
    assert await store.has("a")
    assert not await store.has("c")


async def test_a_key_is_free_again_when_its_time_is_over() -> None:
    clock = Clock()
    store = MemoryStore(clock=clock)
    assert await store.claim("a", seconds=10)
    clock.now += 9
    assert not await store.claim("a", seconds=10)
    clock.now += 2
    assert not await store.has("a")
    assert await store.claim("a", seconds=10)


async def test_memory_has_an_end() -> None:
    store = MemoryStore(limit=3)
    for key in "abcd":
        await store.claim(key)
    assert not await store.has("a")
    assert [await store.has(key) for key in "bcd"] == [True, True, True]


async def test_redis_is_shared(redis: RedisServer) -> None:
    first, second = RedisStore(redis.url), RedisStore(redis.url)
    assert await first.claim("a", seconds=60)
    assert not await second.claim("a")
    assert await second.has("a")
    assert redis.lifetimes == {"career-advisor:slack:a": 60}
    await first.close()
    await second.close()
