"""A message that comes again is answered from the store."""

from typing import Any

import pytest
from rasa.core.agent import Agent
from rasa.core.channels.channel import UserMessage
from rasa.core.lock_store import InMemoryLockStore
from rasa.shared.core.events import BotUttered, Event, UserUttered
from sanic.request import Request

from bot.channels.errors import Refusal
from bot.channels.repeats import NamedMessage, idempotency_key, say_again
from bot.channels.rest.output import RestOutput
from bot.rasa_changes.agent import OnceAgent


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
