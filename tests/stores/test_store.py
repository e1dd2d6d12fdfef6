"""Storing, fetching, listing and erasing conversations."""

import sqlite3
from pathlib import Path
from typing import Any

import pytest
from rasa.shared.core.events import BotUttered, SlotSet, UserUttered

from bot.stores import StoreUnavailableError, WindowedTrackerStore

from .conversations import DOMAIN, converse, opening, store_in, texts, turn


def rows(folder: Path, query: str) -> list[tuple[Any, ...]]:
    with sqlite3.connect(folder / "conversations.db") as connection:
        return connection.execute(query).fetchall()


async def test_an_unknown_conversation_is_none(store: WindowedTrackerStore) -> None:
    assert await store.retrieve("nobody") is None
    assert await store.retrieve_full_tracker("nobody") is None
    assert not await store.exists("nobody")
    assert await store.history("nobody") == []


async def test_a_new_conversation_is_stored_with_its_first_event(store: WindowedTrackerStore) -> None:
    tracker = await store.get_or_create_tracker("new", append_action_listen=False)
    assert not await store.exists("new")
    tracker.update_with_events(opening(), DOMAIN)
    await store.save(tracker)
    assert await store.exists("new")


async def test_events_are_appended_and_never_changed(store: WindowedTrackerStore, tmp_path: Path) -> None:
    everything = "SELECT id, type, intent, timestamp, data FROM events ORDER BY id"
    await converse(store, "visitor", opening(), *(turn(number) for number in range(20)))
    before = rows(tmp_path, everything)
    await converse(store, "visitor", turn(20))
    after = rows(tmp_path, everything)
    assert after[: len(before)] == before
    assert [number for number, *_ in after] == list(range(1, len(opening()) + 21 * len(turn(0)) + 1))
    assert {row[2] for row in after if row[1] == "user"} == {"ask"}


async def test_a_conversation_has_a_summary(store: WindowedTrackerStore, tmp_path: Path) -> None:
    await converse(store, "visitor", opening(), turn(1), turn(2))
    [(channel, events, turns, slots)] = rows(tmp_path, "SELECT channel, events, user_turns, slots FROM conversations")
    assert (channel, events, turns) == ("rest", 15, 2)
    assert slots == '{"context": {"topic": "tools", "turn": 2}, "role": "none yet", "turn": 2.0}'


async def test_a_conversation_goes_on_in_another_process(tmp_path: Path) -> None:
    first = store_in(tmp_path)
    await converse(first, "visitor", opening(), *(turn(number) for number in range(20)))
    first.close()
    second = store_in(tmp_path)
    tracker = await converse(second, "visitor", turn(20))
    assert tracker.get_slot("turn") == 20
    assert await texts(second, "visitor") == [f"hello {number}" for number in range(21)]
    second.close()


async def test_history_is_the_newest_messages_oldest_first(store: WindowedTrackerStore) -> None:
    await converse(store, "visitor", opening(), *(turn(number) for number in range(30)))
    newest = await store.history("visitor", 4)
    assert [type(event) for event in newest] == [UserUttered, BotUttered, UserUttered, BotUttered]
    assert [event.text for event in newest] == ["hello 28", "answer 28", "hello 29", "answer 29"]
    assert newest[1].message()["custom"]["kind"] == "answer"
    assert len(await store.history("visitor")) == 60


async def test_keys_are_all_conversations(store: WindowedTrackerStore, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("bot.stores.store._PAGE", 2)
    for name in "ebadc":
        await converse(store, name, turn(1))
    assert list(await store.keys()) == ["a", "b", "c", "d", "e"]


async def test_an_erased_conversation_is_gone(store: WindowedTrackerStore, tmp_path: Path) -> None:
    await converse(store, "visitor", opening(), turn(1))
    await converse(store, "other", opening(), turn(1))
    assert await store.delete("visitor")
    assert not await store.delete("visitor")
    assert await store.retrieve("visitor") is None
    assert rows(tmp_path, "SELECT DISTINCT sender_id FROM events") == [("other",)]


async def test_old_conversations_can_be_erased(store: WindowedTrackerStore, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("bot.stores.store._ERASED_AT_ONCE", 2)
    for number in range(5):
        events = turn(number)
        for event in events:
            event.timestamp -= 3600
        await converse(store, f"old {number}", events)
    await converse(store, "new", turn(1))
    assert await store.delete_older_than(1800) == 5
    assert list(await store.keys()) == ["new"]


@pytest.mark.parametrize("text", ["'; DROP TABLE events; --", "nul \0", "half \ud83d", "\N{PILE OF POO}" * 100])
async def test_any_text_is_kept_as_it_is(store: WindowedTrackerStore, text: str) -> None:
    events = [UserUttered(text, {"name": f"{text}{text}"}, input_channel=text), SlotSet("context", {text: text})]
    await converse(store, "visitor", events)
    tracker = await store.retrieve("visitor")
    assert tracker.latest_message.text == text
    assert tracker.get_slot("context") == {text: text}


@pytest.mark.parametrize("sender", ["nul \0", "half \ud83d", "long" * 100])
async def test_an_id_that_cannot_be_stored_is_refused(store: WindowedTrackerStore, sender: str) -> None:
    with pytest.raises(StoreUnavailableError, match="no such conversation"):
        await store.retrieve(sender)
