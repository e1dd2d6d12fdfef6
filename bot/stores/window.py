"""Which events of a conversation stay live: few enough for every message, enough for the same state.

Live are the events of the last user turns that were not taken back, and before them, *carried* over from earlier, the
few events that set what still holds there: the last value of each slot, a pause, an open form, the last answer.
Replaying those gives the same slots as replaying everything.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

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
    LoopInterrupted,
    Restarted,
    SessionStarted,
    SlotSet,
    UserUtteranceReverted,
    UserUttered,
)
from rasa.shared.core.trackers import DialogueStateTracker

MOST_EVENTS = 400
"""More events than this are not kept live, however few user turns they belong to."""


@dataclass(frozen=True)
class Window:
    """Live events, oldest first; the first ``carried`` of them come from before the window."""

    events: Sequence[Event]
    carried: int


def window_of(tracker: DialogueStateTracker, carried: int, turns: int) -> Window | None:
    """The window of a tracker whose first ``carried`` events were carried over.

    None if the last events took back more than the tracker holds, so that older events count again.
    """
    events = list(tracker.events)
    applied = tracker.applied_events()
    start = _last_clearing(events)
    if start is not None:
        # A new session or a restart: what was before it does not matter any more, and it stays to say so.
        kept, before = events[start : start + 1], []
    else:
        kept = before = events[:carried]
        if not _same(applied[:carried], before):
            return None
    recent = applied[len(before) :]
    if before and _reverts(events) and not any(isinstance(event, UserUttered) for event in applied):
        return None
    first = _first_kept(before, recent, turns)
    if first:
        kept = before = _carried([*before, *recent[:first]], recent[first:])
    return Window([*kept, *recent[first:]], len(before))


def _last_clearing(events: Sequence[Event]) -> int | None:
    for index in range(len(events) - 1, -1, -1):
        if isinstance(events[index], (Restarted, SessionStarted)):
            return index
    return None


def _reverts(events: Sequence[Event]) -> bool:
    return any(isinstance(event, (ActionReverted, UserUtteranceReverted)) for event in events)


def _same(some: Sequence[Event], others: Sequence[Event]) -> bool:
    return len(some) == len(others) and all(one is other for one, other in zip(some, others, strict=True))


def _first_kept(before: Sequence[Event], recent: Sequence[Event], turns: int) -> int:
    """Where in ``recent`` the window begins: with the action before a user's message, and not inside a form."""
    looping = False
    boundaries: list[int] = []
    usable: list[int] = []
    action: int | None = None
    for event in before:
        looping = event.name is not None if isinstance(event, ActiveLoop) else looping
    for index, event in enumerate(recent):
        if isinstance(event, ActiveLoop):
            looping = event.name is not None
        elif isinstance(event, ActionExecuted):
            action = index
        elif isinstance(event, UserUttered):
            boundary = index if action is None else action
            boundaries.append(boundary)
            if not looping:
                usable.append(boundary)
            action = None
    first = 0
    if len(boundaries) >= turns:
        first = max((boundary for boundary in usable if boundary <= boundaries[-turns]), default=0)
    if len(recent) - first > MOST_EVENTS:
        least = len(recent) - MOST_EVENTS
        first = min((boundary for boundary in boundaries if boundary >= least), default=least)
    return first


def _carried(events: Sequence[Event], recent: Sequence[Event]) -> list[Event]:
    """Those of the events that set what holds after them, when ``recent`` follows, in their order."""
    slots: dict[str, Event] = {}
    executed: dict[str, Event] = {}
    loop: dict[type[Event], Event] = {}
    pause: list[Event] = []
    latest: dict[type[Event], Event] = {}
    for event in events:
        if isinstance(event, (UserUttered, ActionExecuted, BotUttered)):
            latest[type(event)] = event
        if isinstance(event, SlotSet):
            slots[event.key] = event
        elif isinstance(event, AllSlotsReset):
            slots.clear()
        elif isinstance(event, (ConversationPaused, ConversationResumed)):
            pause = [event] if isinstance(event, ConversationPaused) else []
        elif isinstance(event, ActionExecuted):
            executed[str(event.action_name)] = event
        elif isinstance(event, ActiveLoop):
            # Rasa tells a form that goes on from one that begins by the action that ran it before.
            loop = {ActionExecuted: executed.get(event.name, event), ActiveLoop: event} if event.name else {}
        elif loop and isinstance(event, (LoopInterrupted, ActionExecutionRejected)):
            loop[type(event)] = event
    if any(isinstance(event, UserUttered) for event in recent):
        latest.pop(UserUttered, None)
    # The last event is there to be missed: if it is taken back, the window was too small (see window_of).
    wanted = {id(event) for event in (*slots.values(), *loop.values(), *pause, *latest.values(), events[-1])}
    return [event for event in events if id(event) in wanted]
