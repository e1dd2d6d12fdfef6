"""A message is stored once, on SQLite and on PostgreSQL, whatever those who store it believe."""

import asyncio
from collections.abc import Iterator
from pathlib import Path

import pytest
import sqlalchemy as sa
from rasa.shared.core.events import BotUttered, Event, SlotSet, UserUttered
from rasa.shared.core.trackers import DialogueStateTracker

from bot.stores import WindowedTrackerStore, was_repeated
from bot.stores.schema import metadata

from .conversations import DOMAIN, converse, opening, texts, turn

Pair = tuple[WindowedTrackerStore, WindowedTrackerStore]


@pytest.fixture(params=["sqlite", "postgresql"])
def address(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """The address of an empty database."""
    if request.param == "sqlite":
        yield f"sqlite:///{tmp_path / 'conversations.db'}"
        return
    address = request.getfixturevalue("postgres_url")
    engine = sa.create_engine(address)
    metadata.drop_all(engine)
    yield address
    metadata.drop_all(engine)
    engine.dispose()


@pytest.fixture
def stores(address: str) -> Iterator[Pair]:
    """Two servers that share a database."""
    pair = WindowedTrackerStore(DOMAIN, address), WindowedTrackerStore(DOMAIN, address)
    yield pair
    for store in pair:
        store.close()


def said(message_id: str, answer: str) -> list[Event]:
    return [UserUttered("hello", message_id=message_id), BotUttered(answer), SlotSet("role", answer)]


async def answered(store: WindowedTrackerStore, message_id: str, answer: str) -> DialogueStateTracker:
    tracker = await store.get_or_create_tracker("visitor")
    tracker.update_with_events(said(message_id, answer), DOMAIN)
    return tracker


async def test_a_first_try_that_is_stored_before_the_second_reads_the_conversation_is_the_only_one(
    stores: Pair,
) -> None:
    await stores[0].save(await answered(stores[0], "a", "first"))
    # Read afterwards: nothing tells this tracker that somebody else stored something meanwhile.
    second = await answered(stores[1], "a", "second")
    await stores[1].save(second)
    assert was_repeated(second)
    assert [event.text for event in await stores[0].history("visitor")] == ["hello", "first"]
    assert (await stores[0].retrieve("visitor")).get_slot("role") == "first"


async def test_a_first_try_that_is_stored_between_reading_and_storing_is_the_only_one(stores: Pair) -> None:
    await converse(stores[0], "visitor", opening(), turn(1))
    first, second = await answered(stores[0], "a", "first"), await answered(stores[1], "a", "second")
    await stores[0].save(first)
    await stores[1].save(second)
    assert (was_repeated(first), was_repeated(second)) == (False, True)
    await converse(stores[1], "visitor", turn(2))
    assert await texts(stores[0], "visitor") == ["hello 1", "hello", "hello 2"]


async def test_many_tries_at_once_without_any_lock_store_one(stores: Pair) -> None:
    tries = [await answered(store, "a", str(number)) for number, store in enumerate(stores * 10)]
    await asyncio.gather(*(store.save(tracker) for store, tracker in zip(stores * 10, tries, strict=True)))
    assert sum(not was_repeated(tracker) for tracker in tries) == 1
    assert len(await stores[0].history("visitor")) == 2


async def test_a_message_of_long_ago_is_not_stored_again(stores: Pair) -> None:
    await stores[0].save(await answered(stores[0], "a", "first"))
    await converse(stores[0], "visitor", *(turn(number) for number in range(60)))
    again = await answered(stores[1], "a", "second")
    await stores[1].save(again)
    assert was_repeated(again)
    assert len(await texts(stores[0], "visitor")) == 61


async def test_the_same_id_in_another_conversation_is_another_message(stores: Pair) -> None:
    for store, sender in zip(stores, ("one", "other"), strict=True):
        await converse(store, sender, said("a", sender))
    assert await texts(stores[0], "one") == await texts(stores[0], "other") == ["hello"]


async def test_a_message_after_one_that_was_sent_again_is_stored(stores: Pair) -> None:
    await stores[0].save(await answered(stores[0], "a", "first"))
    again = await answered(stores[1], "a", "second")
    await stores[1].save(again)
    again.update_with_events(said("b", "third"), DOMAIN)
    await stores[1].save(again)
    assert not was_repeated(again)
    assert [event.text for event in await stores[0].history("visitor")] == ["hello", "first", "hello", "third"]


async def test_copies_that_an_action_makes_are_events_like_any_other(stores: Pair) -> None:
    await converse(stores[0], "visitor", said("a", "first"))
    # As Rasa's two-stage fallback does once a person has confirmed what an earlier message meant.
    await converse(stores[0], "visitor", [*said("b", "yes"), *said("a", "first"), *said("b", "yes")])
    assert len(await texts(stores[1], "visitor")) == 4
    assert [event.text for event in await stores[1].answers("visitor", "a")] == ["first"]


async def test_a_database_of_the_first_version_gets_its_keys(address: str) -> None:
    store = WindowedTrackerStore(DOMAIN, address)
    await converse(store, "visitor", opening(), said("a", "first"), said("nul \0 \ud83d", "second"), said("b", "third"))
    await converse(store, "other", *(turn(number) for number in range(1_100)))
    store.close()
    to_first_version(address)
    store = WindowedTrackerStore(DOMAIN, address)
    # Of what was stored twice, the first counts.
    assert [event.text for event in await store.answers("visitor", "a")] == ["first"]
    assert [event.text for event in await store.answers("visitor", "nul \0 \ud83d")] == ["second"]
    assert len(await texts(store, "visitor")) == 4
    for message_id in ("a", "b", "nul \0 \ud83d"):
        again = await answered(store, message_id, "again")
        await store.save(again)
        assert was_repeated(again)
    last = (await store.history("other", 2))[0]
    assert [event.text for event in await store.answers("other", last.message_id)] == ["answer 1099"]
    store.close()


def to_first_version(address: str) -> None:
    """Make the database what version 1 had left behind, a message that was stored twice included."""
    engine = sa.create_engine(address)
    with engine.begin() as connection:
        connection.execute(sa.text("DROP INDEX uq_events_message_id"))
        connection.execute(sa.text("ALTER TABLE events DROP COLUMN message_id"))
        connection.execute(sa.text("UPDATE meta SET value = '1' WHERE name = 'schema_version'"))
        columns = "sender_id, id, type, intent, timestamp, data"
        values = "sender_id, id + 100, type, intent, timestamp, data"
        first = "sender_id = 'visitor' AND type = 'user' AND data LIKE '%\"message_id\": \"a\"%'"
        connection.execute(sa.text(f"INSERT INTO events ({columns}) SELECT {values} FROM events WHERE {first}"))
    engine.dispose()
