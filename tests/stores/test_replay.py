"""A windowed conversation is in the same state as the same conversation replayed from its first event."""

import asyncio
import itertools
from collections.abc import Iterator, Sequence

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from rasa.shared.core.events import (
    ActionExecuted,
    ActiveLoop,
    AllSlotsReset,
    BotUttered,
    Event,
    Restarted,
    SlotSet,
    UserUtteranceReverted,
    UserUttered,
)

from bot.stores import WindowedTrackerStore
from bot.stores import window as windows

from .conversations import chunks, converse, opening, replayed, state, store_in, turn

WINDOW = 2
_names = map(str, itertools.count())


@pytest.fixture(scope="module")
def store(tmp_path_factory: pytest.TempPathFactory) -> Iterator[WindowedTrackerStore]:
    store = store_in(tmp_path_factory.mktemp("replay"), window=WINDOW)
    yield store
    store.close()


async def hold(store: WindowedTrackerStore, added: Sequence[Sequence[Event]], kept: Sequence[bool]) -> None:
    """Store events in steps, fetching the conversation anew or keeping it, and compare after each of them."""
    sender, so_far, tracker = next(_names), [], None
    for events, keep in zip(added, itertools.cycle(kept), strict=False):
        if tracker is None or not keep:
            tracker = await store.get_or_create_tracker(sender, append_action_listen=False)
        tracker.update_with_events(list(events), None, override_timestamp=False)
        so_far += events
        await store.save(tracker)
        expected = replayed(so_far)
        windowed = await store.retrieve(sender)
        assert windowed is not None
        assert state(windowed) == state(expected)
        everything = [event.as_dict() for event in so_far]
        remaining = iter(everything)
        assert all(event.as_dict() in remaining for event in windowed.events)
        full = await store.retrieve_full_tracker(sender)
        assert full is not None
        assert [event.as_dict() for event in full.events] == everything
        assert state(full) == state(expected)


checked = settings(deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow])


@settings(checked, max_examples=60)
@given(added=chunks, kept=st.lists(st.booleans(), min_size=1, max_size=5))
def test_any_conversation_comes_back_as_it_was(
    store: WindowedTrackerStore, added: list[list[Event]], kept: list[bool]
) -> None:
    asyncio.run(hold(store, added, kept))


@settings(checked, max_examples=30)
@given(added=chunks, kept=st.lists(st.booleans(), min_size=1, max_size=5))
def test_so_does_one_whose_turns_have_too_many_events(
    store: WindowedTrackerStore, added: list[list[Event]], kept: list[bool]
) -> None:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(windows, "MOST_EVENTS", 3)
        asyncio.run(hold(store, added, kept))


async def test_taking_back_more_turns_than_are_live_brings_older_ones_back(store: WindowedTrackerStore) -> None:
    added = [opening(), *(turn(number) for number in range(8)), [UserUtteranceReverted() for _ in range(5)]]
    await hold(store, added, [False])
    await hold(store, added, [True])


async def test_a_restart_leaves_nothing_but_itself(store: WindowedTrackerStore) -> None:
    await converse(store, "restarted", opening(), *(turn(number) for number in range(5)), [Restarted()])
    tracker = await store.retrieve("restarted")
    assert [type(event) for event in tracker.events] == [Restarted]
    assert not tracker.applied_events()


async def test_a_session_starts_inside_and_outside_of_the_window(store: WindowedTrackerStore) -> None:
    carried_over = [*opening()[:2], SlotSet("context", "kept"), ActionExecuted("action_listen")]
    added = [opening(), turn(1), turn(2), turn(3), carried_over, turn(4), turn(5), turn(6), turn(7)]
    await hold(store, added, [False])


async def test_a_form_that_lasts_longer_than_the_window_goes_on(store: WindowedTrackerStore) -> None:
    def asks(number: int) -> list[Event]:
        answer = UserUttered(f"answer {number}", {"name": "tell"})
        form = [ActionExecuted("fit_check"), SlotSet("turn", number), SlotSet("requested_slot", "role")]
        return [answer, *form, BotUttered(f"question {number}"), ActionExecuted("action_listen")]

    begins = [*asks(0)[:2], ActiveLoop("fit_check"), *asks(0)[2:]]
    ends = [*asks(9)[:3], ActiveLoop(None), ActionExecuted("action_listen")]
    await hold(
        store, [opening(), turn(1), begins, *map(asks, range(1, 8)), ends, turn(10), turn(11), turn(12)], [False]
    )


async def test_slots_that_were_reset_stay_reset(store: WindowedTrackerStore) -> None:
    reset = [*turn(1)[:-1], SlotSet("role", "ai_engineer"), AllSlotsReset(), ActionExecuted("action_listen")]
    await hold(store, [opening(), reset, *(turn(number)[:3] for number in range(6))], [False])


async def test_live_are_the_last_user_turns_and_little_else(store: WindowedTrackerStore) -> None:
    await converse(store, "long", opening(), *(turn(number) for number in range(40)))
    tracker = await store.retrieve("long")
    texts = [event.text for event in tracker.events if isinstance(event, UserUttered)]
    assert texts == [f"hello {number}" for number in range(40 - WINDOW, 40)]
    assert len(tracker.events) <= WINDOW * len(turn(0)) + 6
    expected = (await store.retrieve_full_tracker("long")).applied_events()
    assert tracker.applied_events()[-12:] == expected[-12:]


async def test_a_turn_without_end_is_cut(store: WindowedTrackerStore) -> None:
    many = [event for number in range(500) for event in (BotUttered(str(number)), SlotSet("turn", float(number)))]
    endless = [*turn(2)[:2], *many, ActionExecuted("action_listen")]
    await hold(store, [opening(), turn(1), endless, turn(3)], [False])
    await converse(store, "endless", opening(), endless)
    tracker = await store.retrieve("endless")
    assert len(tracker.events) <= windows.MOST_EVENTS + 10


async def test_taking_back_a_turn_that_was_cut_takes_all_of_it_back(store: WindowedTrackerStore) -> None:
    many = [SlotSet("turn", float(number)) for number in range(1000)]
    added = [opening(), turn(1), [*turn(2)[:2], *many, ActionExecuted("action_listen")], [UserUtteranceReverted()]]
    await hold(store, added, [False])
