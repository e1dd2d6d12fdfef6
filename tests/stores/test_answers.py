"""Finding the answer to a message that is sent again, and whether conversations can be kept."""

import sqlite3
from pathlib import Path

import pytest
from rasa.shared.core.events import BotUttered, Event, UserUttered

from bot.channels.conversations import NEWEST, messages_of
from bot.stores import StoreUnavailableError, WindowedTrackerStore

from .conversations import converse, opening, store_in, turn


def said(message_id: str, *answers: str) -> list[Event]:
    return [UserUttered("hello", message_id=message_id), *(BotUttered(answer) for answer in answers)]


async def texts(store: WindowedTrackerStore, message_id: str) -> list[str] | None:
    answers = await store.answers("visitor", message_id)
    return None if answers is None else [answer.text for answer in answers]


async def test_the_answers_to_a_message_are_found_by_its_id(store: WindowedTrackerStore) -> None:
    await converse(store, "visitor", opening(), said("a", "one", "two"), said("b"), said("c", "three"))
    assert await texts(store, "a") == ["one", "two"]
    assert await texts(store, "b") == []
    assert await texts(store, "c") == ["three"]
    assert await texts(store, "A") is None
    assert await store.answers("somebody else", "a") is None


@pytest.mark.parametrize(
    "name", ["%", "_", "a_c", '"', "\\", "ä", "\0", "\ud83d", "x" * 500, "'; DROP TABLE events; --"]
)
async def test_any_id_is_looked_for_as_it_is(store: WindowedTrackerStore, name: str) -> None:
    await converse(store, "visitor", said("abc", "other"))
    assert await texts(store, name) is None
    await converse(store, "visitor", said(name, "mine"))
    assert await texts(store, name) == ["mine"]


async def test_an_id_in_what_somebody_wrote_is_not_one(store: WindowedTrackerStore) -> None:
    await converse(store, "visitor", [UserUttered('"message_id": "fake"', message_id="true"), BotUttered("yes")])
    assert await texts(store, "fake") is None


async def test_a_message_of_long_ago_is_found_as_well(store: WindowedTrackerStore) -> None:
    await converse(store, "visitor", said("old", "one"), *(turn(number) for number in range(80)))
    assert await texts(store, "old") == ["one"]


class Agent:
    def __init__(self, store: WindowedTrackerStore) -> None:
        self.tracker_store = store


async def test_the_history_of_a_long_conversation_begins_with_a_whole_turn(store: WindowedTrackerStore) -> None:
    await converse(store, "visitor", opening(), *(said(f"m{number}", "a", "b") for number in range(NEWEST)))
    messages = await messages_of(Agent(store), "visitor")
    assert NEWEST - 3 < len(messages) <= NEWEST
    assert messages[0]["role"] == "user"
    assert [message["id"] for message in messages[-3:]] == ["m199", "m199.1", "m199.2"]


async def test_a_bot_that_speaks_first_is_in_the_history(store: WindowedTrackerStore) -> None:
    await converse(store, "visitor", [*opening(), BotUttered("welcome")], said("a", "one"))
    assert [message["id"] for message in await messages_of(Agent(store), "visitor")] == ["start.1", "a", "a.1"]


async def test_it_tells_that_it_cannot_store_and_that_it_can_again(tmp_path: Path) -> None:
    store = store_in(tmp_path, wait_seconds=0.05)
    assert await store.problem() is None
    other = sqlite3.connect(tmp_path / "conversations.db", isolation_level=None)
    other.execute("BEGIN IMMEDIATE")
    with pytest.raises(StoreUnavailableError):
        await converse(store, "visitor", turn(1))
    assert "locked" in str(await store.problem())
    other.execute("ROLLBACK")
    other.close()
    assert await store.problem() is None
    await converse(store, "visitor", turn(1))
    store.close()


async def test_it_tells_that_its_tables_are_gone(store: WindowedTrackerStore, tmp_path: Path) -> None:
    with sqlite3.connect(tmp_path / "conversations.db") as other:
        other.execute("DROP TABLE meta")
    assert "meta" in str(await store.problem())
