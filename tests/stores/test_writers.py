"""Several writers of one conversation, and trackers that are saved more than once."""

import copy
from pathlib import Path

import pytest
from rasa.core.tracker_store import FailSafeTrackerStore
from rasa.shared.core.events import SlotSet
from rasa.shared.core.trackers import DialogueStateTracker

from bot.stores import WindowedTrackerStore

from .conversations import DOMAIN, converse, opening, store_in, texts, turn


async def test_saving_again_stores_nothing_again(store: WindowedTrackerStore) -> None:
    tracker = await converse(store, "visitor", turn(1))
    await store.save(tracker)
    tracker.update_with_events(turn(2), DOMAIN)
    await store.save(tracker)
    await store.save(tracker)
    assert await texts(store, "visitor") == ["hello 1", "hello 2"]


async def test_two_stores_on_one_file_neither_lose_nor_repeat_anything(tmp_path: Path) -> None:
    one, other = store_in(tmp_path), store_in(tmp_path)
    await converse(one, "visitor", opening(), *(turn(number) for number in range(15)))
    mine, theirs = await one.retrieve("visitor"), await other.retrieve("visitor")
    mine.update_with_events([*turn(15), SlotSet("role", "ai_engineer")], DOMAIN)
    theirs.update_with_events(turn(16), DOMAIN)
    await one.save(mine)
    await other.save(theirs)
    theirs.update_with_events(turn(17), DOMAIN)
    mine.update_with_events(turn(18), DOMAIN)
    await other.save(theirs)
    await one.save(mine)
    assert await texts(one, "visitor") == [f"hello {number}" for number in range(19)]
    tracker = await other.retrieve("visitor")
    assert tracker.current_slot_values()["role"] == "ai_engineer"
    assert tracker.get_slot("turn") == 18
    one.close()
    other.close()


async def test_a_message_sent_again_while_its_first_save_hangs_is_stored_once(tmp_path: Path) -> None:
    one, other = store_in(tmp_path), store_in(tmp_path)
    await converse(one, "visitor", opening(), turn(1))
    first, second = await one.retrieve("visitor"), await other.retrieve("visitor")
    for tracker, number in ((first, 2), (second, 2)):
        events = turn(number)
        events[0].message_id = "sent twice"
        tracker.update_with_events(events, DOMAIN)
    await one.save(first)
    await other.save(second)
    assert await texts(one, "visitor") == ["hello 1", "hello 2"]
    await converse(other, "visitor", turn(3))
    assert await texts(one, "visitor") == ["hello 1", "hello 2", "hello 3"]
    one.close()
    other.close()


async def test_two_stores_may_begin_the_same_conversation(tmp_path: Path) -> None:
    one, other = store_in(tmp_path), store_in(tmp_path)
    mine, theirs = one.init_tracker("visitor"), other.init_tracker("visitor")
    mine.update_with_events(turn(1), DOMAIN)
    theirs.update_with_events(turn(2), DOMAIN)
    await one.save(mine)
    await other.save(theirs)
    assert await texts(one, "visitor") == ["hello 1", "hello 2"]
    one.close()
    other.close()


async def test_a_save_whose_answer_was_lost_can_be_repeated(store: WindowedTrackerStore) -> None:
    await converse(store, "visitor", opening(), turn(1))
    tracker = await store.retrieve("visitor")
    tracker.update_with_events(turn(2), DOMAIN)
    noted = tracker._stored
    await store.save(tracker)
    tracker._stored = noted
    tracker.update_with_events(turn(3), DOMAIN)
    await store.save(tracker)
    assert await texts(store, "visitor") == ["hello 1", "hello 2", "hello 3"]


@pytest.mark.parametrize("turns", [3, 30])
async def test_a_copy_of_a_tracker_can_be_saved(store: WindowedTrackerStore, turns: int) -> None:
    await converse(store, "visitor", opening(), *(turn(number) for number in range(turns)))
    copied = (await store.retrieve("visitor")).copy()
    deep = copy.deepcopy(await store.retrieve("visitor"))
    copied.update_with_events(turn(turns), DOMAIN)
    await store.save(copied)
    deep.update_with_events(turn(turns + 1), DOMAIN)
    await store.save(deep)
    assert await texts(store, "visitor") == [f"hello {number}" for number in range(turns + 2)]


async def test_a_tracker_made_elsewhere_can_be_saved(store: WindowedTrackerStore) -> None:
    events = [*opening(), *turn(1), *turn(2)]
    await store.save(DialogueStateTracker.from_events("visitor", events, DOMAIN.slots))
    again = [event.as_dict() for event in [*events, *turn(3)]]
    await store.save(DialogueStateTracker.from_dict("visitor", again, DOMAIN.slots))
    assert await texts(store, "visitor") == ["hello 1", "hello 2", "hello 3"]


async def test_a_full_tracker_can_be_continued(store: WindowedTrackerStore) -> None:
    await converse(store, "visitor", opening(), *(turn(number) for number in range(20)))
    tracker = await store.retrieve_full_tracker("visitor")
    tracker.update_with_events(turn(20), DOMAIN)
    await store.save(tracker)
    assert await texts(store, "visitor") == [f"hello {number}" for number in range(21)]
    assert len((await store.retrieve("visitor")).events) < 90


async def test_a_maximum_event_history_loses_nothing(store: WindowedTrackerStore) -> None:
    tracker = await store.get_or_create_tracker("visitor", max_event_history=3)
    tracker.update_with_events([*turn(1), *turn(2)], DOMAIN)
    await store.save(tracker)
    assert await texts(store, "visitor") == ["hello 1", "hello 2"]


async def test_what_was_erased_does_not_come_back_with_the_next_message(store: WindowedTrackerStore) -> None:
    tracker = await converse(store, "visitor", opening(), turn(1))
    await store.delete("visitor")
    tracker.update_with_events(turn(2), DOMAIN)
    await store.save(tracker)
    assert await texts(store, "visitor") == ["hello 2"]


async def test_it_works_inside_of_rasas_wrapper(store: WindowedTrackerStore) -> None:
    await converse(FailSafeTrackerStore(store), "visitor", opening(), turn(1))
    assert await texts(store, "visitor") == ["hello 1"]
