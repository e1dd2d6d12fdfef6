"""What is remembered."""

import pytest

from bot.channels.slack.conversations import in_direct_message, in_thread, thread_key
from bot.channels.slack.deduplication import MemoryStore, RedisStore, forget

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


async def test_a_person_who_is_forgotten_is_not_followed_any_more(redis: RedisServer) -> None:
    conversation = in_thread("T1", "C1", "1700000000.000100", "U1")
    for store in (MemoryStore(), RedisStore(redis.url)):
        key = thread_key("T1", "C1", "1700000000.000100")
        await store.claim(key)
        await store.claim("event:Ev1")
        await forget(store, in_direct_message("T1", "U1"))
        assert await store.has(key)
        await forget(store, conversation)
        assert not await store.has(key)
        assert await store.has("event:Ev1")
        await store.close()
