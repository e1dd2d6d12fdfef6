"""What the server stores of a message, and what a client's metadata may do."""

from typing import Any

import pytest
from rasa.core.channels.channel import CollectingOutputChannel
from rasa.core.processor import MessageProcessor
from rasa.shared.core.domain import Domain
from rasa.shared.core.events import ActionExecuted, BotUttered, Event, Restarted, SessionStarted, SlotSet, UserUttered
from rasa.shared.core.trackers import DialogueStateTracker

from bot.rasa_changes.changes import apply, original


@pytest.fixture(autouse=True)
def applied() -> None:
    apply("server")


class Store:
    def __init__(self) -> None:
        self.saved: list[Any] = []

    async def save(self, tracker: Any) -> None:
        self.saved.append(tracker)


def processor() -> Any:
    made: Any = MessageProcessor.__new__(MessageProcessor)
    made.tracker_store = Store()
    return made


SAID, ANSWERED = UserUttered("hello"), BotUttered("good day")


@pytest.mark.parametrize(
    ("events", "stored"),
    [
        ([SAID, ANSWERED], True),
        ([SAID, ANSWERED, SAID], False),
        ([SAID], False),
        ([SAID, ActionExecuted("action_x"), SlotSet("a", 1)], False),
        ([SAID, Restarted()], True),
        ([SAID, SessionStarted()], True),
        ([], True),
    ],
)
async def test_a_message_without_an_answer_is_not_stored(events: list[Event], stored: bool) -> None:
    changed = processor()
    tracker = DialogueStateTracker.from_events("somebody", events)
    await changed.save_tracker(tracker)
    assert changed.tracker_store.saved == ([tracker] if stored else [])


TARGET = "rasa.core.processor.MessageProcessor._update_tracker_session"


async def test_the_metadata_of_a_client_fill_no_slot() -> None:
    class Processor(MessageProcessor):  # type: ignore[misc, unused-ignore]
        def __init__(self) -> None:
            self.nlg = self.action_endpoint = None
            self.domain = Domain.from_dict({})

        async def _run_action(self, **_: Any) -> bool:
            return True

    slots = []
    for session in (MessageProcessor._update_tracker_session, original(TARGET)):
        tracker = DialogueStateTracker.from_events("somebody", [])
        await session(Processor(), tracker, CollectingOutputChannel(), {"role": "owner"})
        slots.append([event.key for event in tracker.events if isinstance(event, SlotSet)])
    assert slots == [[], ["session_started_metadata"]]
