"""Conversations as Rasa's events: made to a pattern, and any at all for Hypothesis."""

import itertools
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from hypothesis import strategies as st
from rasa.shared.core.domain import Domain
from rasa.shared.core.events import (
    ActionExecuted,
    ActionExecutionRejected,
    ActionReverted,
    ActiveLoop,
    AllSlotsReset,
    BotUttered,
    ConversationPaused,
    ConversationResumed,
    Event,
    FollowupAction,
    LoopInterrupted,
    Restarted,
    SessionStarted,
    SlotSet,
    UserUtteranceReverted,
    UserUttered,
)
from rasa.shared.core.trackers import DialogueStateTracker

from bot.stores import WindowedTrackerStore

DOMAIN = Domain.from_yaml(
    """
version: "3.1"
intents: [ask, tell]
slots:
  context: {type: any, influence_conversation: false, mappings: [{type: custom}]}
  role: {type: text, initial_value: none yet, mappings: [{type: custom}]}
  turn: {type: float, influence_conversation: false, mappings: [{type: custom}]}
actions: [action_advise]
forms:
  fit_check: {required_slots: [role]}
"""
)
_numbers = itertools.count()


def turn(number: int, text: str = "hello") -> list[Event]:
    """One user turn as the bot has them, at the end of which it listens."""
    data = {"intent": {"name": "ask", "confidence": 0.9}, "entities": [], "text": text}
    return [
        UserUttered(f"{text} {number}", data["intent"], [], data, time.time(), "rest", f"message-{next(_numbers)}"),
        ActionExecuted("action_advise", "RulePolicy", 1.0),
        BotUttered(f"answer {number}", {"custom": {"kind": "answer", "facts": ["a.b.c"]}}),
        SlotSet("context", {"topic": "tools", "turn": number}),
        SlotSet("turn", float(number)),
        ActionExecuted("action_listen", "RulePolicy", 1.0),
    ]


def opening() -> list[Event]:
    return [ActionExecuted("action_session_start"), SessionStarted(), ActionExecuted("action_listen")]


def store_in(folder: Path, **options: Any) -> WindowedTrackerStore:
    return WindowedTrackerStore(DOMAIN, f"sqlite:///{folder / 'conversations.db'}", **options)


async def converse(store: WindowedTrackerStore, sender: str, *added: Sequence[Event]) -> DialogueStateTracker:
    """Add events as Rasa does for each message: fetch the conversation, change it, store it."""
    tracker = None
    for events in added:
        tracker = await store.get_or_create_tracker(sender, append_action_listen=False)
        tracker.update_with_events(list(events), DOMAIN, override_timestamp=False)
        await store.save(tracker)
    assert tracker
    return tracker


async def texts(store: WindowedTrackerStore, sender: str) -> list[str]:
    """What the user wrote, from all of the stored events."""
    tracker = await store.retrieve_full_tracker(sender)
    return [event.text for event in tracker.events if isinstance(event, UserUttered)] if tracker else []


def replayed(events: Sequence[Event]) -> DialogueStateTracker:
    """What Rasa's own stores would make of these events, all of them replayed."""
    return DialogueStateTracker.from_dict("visitor", [event.as_dict() for event in events], DOMAIN.slots)


def state(tracker: DialogueStateTracker) -> dict[str, object]:
    """What a conversation has come to, apart from how."""
    loop = tracker.active_loop
    return {
        "slots": tracker.current_slot_values(),
        "message": (tracker.latest_message.text, tracker.latest_message.intent_name),
        "bot": tracker.latest_bot_utterance.text,
        "action": tracker.latest_action,
        "followup": tracker.followup_action,
        "paused": tracker.is_paused(),
        "loop": (loop.name, loop.is_interrupted, loop.rejected) if loop else None,
    }


_values = st.one_of(st.none(), st.integers(0, 9), st.text(max_size=3), st.lists(st.booleans(), max_size=2))
_said = st.builds(lambda: UserUttered(f"text {next(_numbers)}", {"name": "ask"}, input_channel="rest"))
_single = st.one_of(
    st.builds(SlotSet, st.sampled_from(["context", "role", "turn"]), _values),
    _said,
    st.builds(lambda: BotUttered(f"answer {next(_numbers)}")),
    st.builds(ActionExecuted, st.sampled_from(["action_listen", "action_advise"])),
    # A form that is not open opens when it is run.
    st.builds(lambda: [ActionExecuted("fit_check"), ActiveLoop("fit_check")]),
    st.builds(ActiveLoop, st.none()),
    st.builds(ActionExecutionRejected, st.just("fit_check")),
    st.builds(LoopInterrupted, st.booleans()),
    st.builds(FollowupAction, st.just("action_advise")),
    st.sampled_from([UserUtteranceReverted, ActionReverted, AllSlotsReset]).map(lambda event: event()),
    st.sampled_from([Restarted, SessionStarted, ConversationPaused, ConversationResumed]).map(lambda event: event()),
)
_some = st.lists(_single.map(lambda event: event if isinstance(event, list) else [event]), min_size=1, max_size=6).map(
    lambda parts: [event for part in parts for event in part]
)
_turns = st.tuples(_said, st.one_of(st.just([]), _some)).map(
    lambda parts: [parts[0], *parts[1], ActionExecuted("action_listen")]
)

chunks = st.lists(st.one_of(_turns, _turns, _some), min_size=1, max_size=14)
"""What is stored at a time: mostly turns, sometimes events in no sensible order."""
