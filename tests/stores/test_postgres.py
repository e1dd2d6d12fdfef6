"""The same on PostgreSQL: a server that the tests start, or the one of TEST_POSTGRES_URL."""

import asyncio
from collections.abc import Iterator

import pytest
import sqlalchemy as sa
from rasa.core.tracker_store import SQLTrackerStore
from rasa.shared.core.events import UserUtteranceReverted

from bot.stores import StoreUnavailableError, WindowedTrackerStore
from bot.stores.schema import metadata

from .conversations import DOMAIN, converse, opening, replayed, state, texts, turn


@pytest.fixture
def stores(postgres_url: str) -> Iterator[tuple[WindowedTrackerStore, WindowedTrackerStore]]:
    engine = sa.create_engine(postgres_url)
    metadata.drop_all(engine)
    pair = WindowedTrackerStore(DOMAIN, postgres_url), WindowedTrackerStore(DOMAIN, postgres_url, wait_seconds=0.2)
    yield pair
    for store in pair:
        store.close()
    metadata.drop_all(engine)
    engine.dispose()


Stores = tuple[WindowedTrackerStore, WindowedTrackerStore]


async def test_a_long_conversation_comes_back_as_it_was(stores: Stores) -> None:
    added = [opening(), *(turn(number) for number in range(30)), [UserUtteranceReverted() for _ in range(14)], turn(30)]
    await converse(stores[0], "visitor", *added)
    tracker = await stores[1].retrieve("visitor")
    assert state(tracker) == state(replayed([event for events in added for event in events]))
    assert len(await texts(stores[1], "visitor")) == 31
    assert [event.text for event in await stores[1].history("visitor", 2)] == ["hello 30", "answer 30"]


async def test_writers_at_the_same_time_neither_lose_nor_repeat_anything(stores: Stores) -> None:
    async def write(store: WindowedTrackerStore, first: int) -> None:
        for number in range(first, first + 15):
            await converse(store, "visitor", turn(number))

    await asyncio.gather(write(stores[0], 0), write(stores[1], 100), write(stores[0], 200))
    stored = await texts(stores[0], "visitor")
    assert sorted(stored) == sorted(f"hello {first + number}" for first in (0, 100, 200) for number in range(15))


async def test_a_locked_conversation_is_an_error_and_saving_again_works(stores: Stores, postgres_url: str) -> None:
    tracker = await converse(stores[1], "visitor", turn(1))
    tracker.update_with_events(turn(2), DOMAIN)
    engine = sa.create_engine(postgres_url)
    with engine.begin() as connection:
        connection.execute(sa.text("SELECT * FROM conversations FOR UPDATE"))
        with pytest.raises(StoreUnavailableError, match="lock timeout"):
            await stores[1].save(tracker)
    engine.dispose()
    await stores[1].save(tracker)
    assert await texts(stores[1], "visitor") == ["hello 1", "hello 2"]


async def test_conversations_are_listed_and_erased(stores: Stores) -> None:
    for sender in ("b", "a", "c"):
        await converse(stores[0], sender, opening(), turn(1))
    assert list(await stores[1].keys()) == ["a", "b", "c"]
    assert await stores[1].delete("b")
    assert await stores[1].delete_older_than(-60) == 2
    assert list(await stores[1].keys()) == []
    assert await texts(stores[0], "a") == []


async def test_conversations_of_rasas_own_store_are_taken_over(postgres_url: str) -> None:
    engine = sa.create_engine(postgres_url)
    metadata.drop_all(engine)
    stock = SQLTrackerStore(DOMAIN, host=postgres_url)
    tracker = stock.init_tracker("visitor")
    tracker.update_with_events([*opening(), *turn(1), *turn(2)], DOMAIN)
    await stock.save(tracker)
    stock.engine.dispose()
    store = WindowedTrackerStore(DOMAIN, postgres_url)
    await converse(store, "visitor", turn(3))
    assert await texts(store, "visitor") == ["hello 1", "hello 2", "hello 3"]
    assert not sa.inspect(engine).has_table("rasa_events")
    store.close()
    metadata.drop_all(engine)
    engine.dispose()


@pytest.mark.parametrize("text", ["nul \0", "half \ud83d", "'; DROP TABLE events; --"])
async def test_any_text_is_kept_as_it_is(stores: Stores, text: str) -> None:
    events = turn(1, text)
    events[0].intent["name"] = text
    await converse(stores[0], "visitor", events)
    assert await texts(stores[1], "visitor") == [f"{text} 1"]
