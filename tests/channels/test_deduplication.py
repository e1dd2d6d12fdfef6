"""A message that comes again is answered once: in this process, from the store, and by keys that are taken once."""

import asyncio
from pathlib import Path
from typing import Any

import pytest
from rasa.core.agent import Agent
from rasa.core.channels.channel import UserMessage
from rasa.core.lock_store import InMemoryLockStore
from rasa.core.processor import MessageProcessor
from rasa.shared.core.domain import Domain
from rasa.shared.core.events import BotUttered, Event, UserUttered
from sanic.request import Request

from bot.channels.deduplication import (
    MemoryClaims,
    NamedMessage,
    RedisClaims,
    Replies,
    Reply,
    idempotency_key,
    say_again,
)
from bot.channels.errors import Refusal
from bot.channels.rest.output import RestOutput
from bot.rasa_changes.agent import OnceAgent
from bot.rasa_changes.changes import apply
from bot.stores import WindowedTrackerStore
from tests.channels.redis_server import RedisServer


async def test_replies_are_made_once_and_the_oldest_are_dropped() -> None:
    made = []

    async def answer() -> Reply:
        made.append(1)
        return [{"text": str(len(made))}]

    replies = Replies(kept=2)
    first = await replies.once(("a", "1"), answer)
    assert await replies.once(("a", "1"), answer) == first
    for number in "23":
        await replies.once(("a", number), answer)
    assert await replies.once(("a", "1"), answer) != first
    await replies.forget("a")
    assert await replies.once(("a", "1"), answer) == [{"text": "5"}]


async def test_the_work_goes_on_when_the_client_is_gone() -> None:
    free = asyncio.Event()

    async def answer() -> Reply:
        await free.wait()
        return [{"text": "done"}]

    replies = Replies()
    client = asyncio.create_task(replies.once(("a", "1"), answer))
    await asyncio.sleep(0)
    client.cancel()
    with pytest.raises(asyncio.CancelledError):
        await client
    free.set()
    assert await replies.once(("a", "1"), answer) == [{"text": "done"}]


async def test_a_reply_is_not_kept_for_long() -> None:
    async def answer() -> Reply:
        return [{"text": "one"}]

    replies = Replies(seconds=0.01)
    await replies.once(("visitor", "1"), answer)
    while replies._tasks:
        await asyncio.sleep(0.01)


class Store:
    def __init__(self, *events: Event) -> None:
        self.events = list(events)

    async def retrieve(self, conversation: str) -> "Store":
        assert conversation == "visitor"
        return self


def user(message_id: str) -> UserUttered:
    return UserUttered("hello", message_id=message_id)


STORE = Store(user("a"), BotUttered("one"), BotUttered("two", {"custom": {"kind": "answer"}}), user("b"), user("c"))


def named(message_id: str) -> NamedMessage:
    return NamedMessage("hello", RestOutput(), "visitor", message_id=message_id)


async def test_all_its_answers_are_said_again_and_no_others() -> None:
    message = named("a")
    assert await say_again(STORE, message)
    assert [each["text"] for each in message.output_channel.messages] == ["one", "two"]
    assert message.output_channel.messages[1]["custom"] == {"kind": "answer"}


async def test_a_new_message_is_not_said_again() -> None:
    assert not await say_again(STORE, named("d"))
    assert not await say_again(STORE, UserMessage("hello", RestOutput(), "visitor", message_id="a"))


async def test_the_agent_answers_once() -> None:
    handled = []

    class Processor:
        async def handle_message(self, message: Any) -> None:
            handled.append(message.message_id)

    agent = OnceAgent.__new__(OnceAgent)
    agent.lock_store, agent.tracker_store, agent.processor = InMemoryLockStore(), STORE, Processor()
    agent.is_ready = lambda: True
    assert isinstance(agent, Agent)
    for name in ("a", "new", "c"):
        await agent.handle_message(named(name))
    assert handled == ["new"]


async def test_a_message_that_is_stored_while_it_is_answered_gets_the_answer_that_is_stored(tmp_path: Path) -> None:
    apply("server")
    store = WindowedTrackerStore(Domain.empty(), str(tmp_path / "conversations.db"))

    class Processor(MessageProcessor):
        """Answers as Rasa does; meanwhile, the first try of the same message is stored."""

        def __init__(self) -> None:
            self.tracker_store = store

        async def handle_message(self, message: Any) -> None:
            for text in ("the first", "the second"):
                tracker = await self.tracker_store.get_or_create_tracker(message.sender_id)
                tracker.update_with_events([user(message.message_id), BotUttered(text)], Domain.empty())
                await message.output_channel.send_response(message.sender_id, {"text": text})
                await (store.save if text == "the first" else self.save_tracker)(tracker)

    agent = OnceAgent.__new__(OnceAgent)
    agent.lock_store, agent.tracker_store, agent.processor = InMemoryLockStore(), store, Processor()
    agent.is_ready = lambda: True
    message = named("a")
    await agent.handle_message(message)
    assert [each["text"] for each in message.output_channel.messages] == ["the first"]
    assert message.repeated
    assert [event.text for event in await store.history("visitor")] == ["hello", "the first"]
    store.close()


@pytest.mark.parametrize("key", ["", "x" * 65, "a\tb"])
def test_keys_that_cannot_be_used(key: str) -> None:
    with pytest.raises(Refusal):
        idempotency_key(request(key))


def test_the_key_of_a_request() -> None:
    assert idempotency_key(request("0123")) == "0123"
    assert idempotency_key(request(None)) is None


def request(key: str | None) -> Request:
    class Fake:
        headers = {} if key is None else {"idempotency-key": key}

    return Fake()  # type: ignore[return-value]


class Clock:
    now = 1_000.0

    def __call__(self) -> float:
        return self.now


async def test_a_key_can_be_taken_once() -> None:
    claims = MemoryClaims()
    assert [await claims.claim("a"), await claims.claim("a"), await claims.claim("b")] == [True, False, True]
    assert await claims.has("a")
    assert not await claims.has("c")


async def test_a_key_is_free_again_when_its_time_is_over() -> None:
    clock = Clock()
    claims = MemoryClaims(clock=clock)
    assert await claims.claim("a", seconds=10)
    clock.now += 9
    assert not await claims.claim("a", seconds=10)
    clock.now += 2
    assert not await claims.has("a")
    assert await claims.claim("a", seconds=10)


async def test_memory_has_an_end() -> None:
    claims = MemoryClaims(limit=3)
    for key in "abcd":
        await claims.claim(key)
    assert not await claims.has("a")
    assert [await claims.has(key) for key in "bcd"] == [True, True, True]


async def test_redis_is_shared(redis: RedisServer) -> None:
    first, second = RedisClaims(redis.url), RedisClaims(redis.url)
    assert await first.claim("a", seconds=60)
    assert not await second.claim("a")
    assert await second.has("a")
    assert redis.lifetimes == {"career-advisor:slack:a": 60}
    await first.close()
    await second.close()
