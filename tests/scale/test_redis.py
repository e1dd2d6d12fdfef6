"""Locks and limits that several servers share, on a real Redis."""

import asyncio
import time

import pytest
from rasa.core.lock_store import LockError

from benchmarks.daemons import Daemon
from bot.channels.limits import RateLimit
from bot.cluster import locks as redis_locks
from bot.cluster.limits import LocalLimit, SharedLimit, open_limit
from bot.cluster.locks import RedisLocks

PATIENCE = 60.0
"""Seconds after which something counts as hanging, on however busy a machine."""
Redis = tuple[Daemon, str]


async def test_two_servers_take_turns_in_a_conversation(redis_daemon: Redis) -> None:
    stores = [RedisLocks(redis_daemon[1], PATIENCE) for _ in range(2)]
    inside, seen = 0, []

    async def work(store: RedisLocks) -> None:
        nonlocal inside
        async with store.lock("visitor"):
            inside += 1
            seen.append(inside)
            await asyncio.sleep(0.01)
            inside -= 1

    await asyncio.gather(*(work(store) for store in stores * 10))
    assert seen == [1] * 20
    for store in stores:
        await store.close()


async def test_conversations_do_not_wait_for_each_other(redis_daemon: Redis) -> None:
    store = RedisLocks(redis_daemon[1], 0.2)
    async with store.lock("one"), store.lock("another"):
        with pytest.raises(LockError):
            async with store.lock("one"):
                pass
    await store.close()


async def test_the_lock_of_a_dead_server_runs_out_and_that_of_a_live_one_does_not(
    redis_daemon: Redis, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(redis_locks, "LIFETIME_SECONDS", 2.0)
    dead, alive = RedisLocks(redis_daemon[1], PATIENCE), RedisLocks(redis_daemon[1], 6)
    monkeypatch.setattr(redis_locks, "_renew", lambda lock: asyncio.sleep(60))
    held = dead.lock("visitor")
    await held.__aenter__()
    monkeypatch.undo()
    monkeypatch.setattr(redis_locks, "LIFETIME_SECONDS", 2.0)
    monkeypatch.setattr(redis_locks, "_RENEWED_EACH", 0.1)
    waiting = RedisLocks(redis_daemon[1], PATIENCE)
    async with waiting.lock("visitor"):
        with pytest.raises(LockError):
            # Three lifetimes long.
            async with alive.lock("visitor"):
                pass
    await held.__aexit__(None, None, None)
    for store in (dead, alive, waiting):
        await store.close()


async def test_a_redis_that_hung_keeps_no_lock_for_those_who_gave_up(
    redis_daemon: Redis, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(redis_locks, "LIFETIME_SECONDS", 10 * PATIENCE)
    daemon, url = redis_daemon
    locks = RedisLocks(url, 5)
    async with locks.lock("visitor"):
        pass
    hanging = asyncio.create_task(asyncio.to_thread(daemon.hang, 2.0))
    given_up = 0
    while not hanging.done():
        try:
            async with locks.lock("visitor"):
                pass
        except LockError:
            given_up += 1
    assert given_up
    # A lock that nobody gives back keeps everybody out for longer than is waited here.
    waiting = RedisLocks(url, PATIENCE)
    async with waiting.lock("visitor"):
        pass
    await locks.close()
    await waiting.close()


async def test_a_limit_holds_over_servers_and_says_how_long_to_wait(redis_daemon: Redis) -> None:
    servers = [SharedLimit("test", 3, redis_daemon[1]) for _ in range(2)]
    waits = [await servers[number % 2].take("visitor") for number in range(4)]
    assert waits[:3] == [0.0] * 3
    assert 0 < waits[3] <= 20
    assert await servers[0].take("somebody else") == 0
    other = SharedLimit("other", 3, redis_daemon[1])
    assert await other.take("visitor") == 0


async def test_redis_counts_as_one_server_does(redis_daemon: Redis) -> None:
    shared, local = SharedLimit("same", 600, redis_daemon[1]), RateLimit(600)
    began = time.monotonic()
    for number in range(620):
        ours, theirs = await shared.take("visitor"), local.take("visitor")
        # The two look at their clocks one after the other.
        assert abs(ours - theirs) <= time.monotonic() - began + 0.01, number


async def test_without_redis_each_server_limits_for_itself_and_locks_fail_at_once(
    redis_daemon: Redis, caplog: pytest.LogCaptureFixture
) -> None:
    daemon, url = redis_daemon
    limit, locks = SharedLimit("gone", 2, url), RedisLocks(url, 10 * PATIENCE)
    assert await limit.take("visitor") == 0
    async with locks.lock("visitor"):
        pass
    daemon.stop()
    assert [await limit.take("visitor") > 0 for _ in range(3)] == [False, False, True]
    assert len([record for record in caplog.records if "Redis does not answer" in record.getMessage()]) == 1
    with pytest.raises(LockError):
        await asyncio.wait_for(locks.lock("visitor").__aenter__(), PATIENCE)
    daemon.start().wait_until_ready(PATIENCE)
    async with locks.lock("visitor"):
        pass
    await locks.close()


def test_nothing_is_shared_without_redis_or_a_limit() -> None:
    assert isinstance(open_limit("x", 10, ""), LocalLimit)
    assert isinstance(open_limit("x", 0, "redis://127.0.0.1"), LocalLimit)
    assert isinstance(open_limit("x", 10, "redis://127.0.0.1"), SharedLimit)
