"""A conversation as rows: reading them as a tracker, and the note on a tracker of what is stored already."""

from __future__ import annotations

import dataclasses
import json
from collections.abc import Iterable, Sequence
from functools import lru_cache
from typing import Any

import sqlalchemy as sa
from rasa.shared.core.events import BotUttered, Event, UserUttered
from rasa.shared.core.slots import Slot
from rasa.shared.core.trackers import DialogueStateTracker, TrackerActiveLoop

from bot.stores.schema import conversations, events, message_key
from bot.stores.window import Window

# Statements of every message are built once: building one takes longer than running it.
_CONVERSATION = sa.select(conversations.c.created, conversations.c.events, conversations.c.state).where(
    conversations.c.sender_id == sa.bindparam("sender")
)
_MINE = sa.select(events.c.id, events.c.data).where(events.c.sender_id == sa.bindparam("sender")).order_by(events.c.id)
_RUN = _MINE.where(events.c.id.between(sa.bindparam("first"), sa.bindparam("last")))
_FEW = _MINE.where(events.c.id.in_(sa.bindparam("numbers", expanding=True)))
_MESSAGE = sa.select(events.c.id).where(
    events.c.sender_id == sa.bindparam("sender"), events.c.message_id == sa.bindparam("key")
)
_FOLLOWING = sa.select(sa.func.min(events.c.id)).where(
    events.c.sender_id == sa.bindparam("sender"),
    events.c.id > sa.bindparam("number"),
    events.c.type == UserUttered.type_name,
)
_ANSWERS = _MINE.where(
    events.c.type == BotUttered.type_name, events.c.id.between(sa.bindparam("number"), sa.bindparam("until"))
)
_ENDLESS = 2**31 - 1


@dataclasses.dataclass(frozen=True)
class Stored:
    """What of a tracker is stored: as of when, and the numbers of its first events.

    ``created`` and ``count`` tell whether somebody else has stored or erased something since; no ``created`` with a
    ``count`` says that somebody has. ``others`` are events with their numbers that the tracker shows without listing
    them. ``repeated`` tells that its last message was not stored, because it was stored before.
    """

    created: float | None = None
    count: int = 0
    numbers: Sequence[int] = ()
    carried: int = 0
    last: Event | None = None
    others: tuple[tuple[Event, int], ...] = ()
    repeated: bool = False


def stored_of(tracker: DialogueStateTracker) -> Stored:
    """The note on the tracker; an empty one for a tracker that no store has seen."""
    stored = getattr(tracker, "_stored", None)
    if isinstance(stored, Stored):
        count = len(stored.numbers)
        if not count or (len(tracker.events) >= count and tracker.events[count - 1] is stored.last):
            return stored
    return Stored()


def note(tracker: DialogueStateTracker, stored: Stored) -> None:
    """Note on a tracker, all of whose events are stored, what is stored of it."""
    last = tracker.events[-1] if tracker.events else None
    tracker._stored = dataclasses.replace(stored, last=last)


def was_repeated(tracker: DialogueStateTracker) -> bool:
    """Whether the tracker was saved with a message that the store had already, so that it kept the first copy."""
    return stored_of(tracker).repeated


def load(connection: Any, sender_id: str, slots: Iterable[Slot]) -> DialogueStateTracker | None:
    """The live part of a conversation, or None if it is not known: a bounded number of rows however long it is."""
    row = connection.execute(_CONVERSATION, {"sender": sender_id}).first()
    if row is None:
        return None
    state = json.loads(row.state)
    live = [number for first, last in state["live"] for number in range(first, last + 1)]
    found = _events(connection, sender_id, {*live, state["message"], state["bot"]} - {None}, state["live"])
    live = [number for number in live if number in found]
    tracker = DialogueStateTracker.from_events(sender_id, [found[number] for number in live], slots)
    # What the last events left behind, where replaying the live ones alone would not tell.
    tracker.latest_message = found.get(state["message"]) or UserUttered.empty()
    tracker.latest_bot_utterance = found.get(state["bot"]) or BotUttered.empty()
    tracker.latest_action = state["action"]
    tracker.followup_action = state["followup"]
    tracker._paused = state["paused"]
    tracker.active_loop = TrackerActiveLoop(**state["loop"]) if state["loop"] else None
    others = tuple((event, number) for number, event in found.items())
    note(tracker, Stored(row.created, row.events, live, state["carried"], others=others))
    return tracker


def load_everything(connection: Any, sender_id: str, slots: Iterable[Slot]) -> DialogueStateTracker | None:
    """All of a conversation, replayed from its first event, or None if it is not known."""
    row = connection.execute(_CONVERSATION, {"sender": sender_id}).first()
    if row is None:
        return None
    found = _read(connection.execute(_MINE, {"sender": sender_id}))
    tracker = DialogueStateTracker.from_events(sender_id, list(found.values()), slots)
    note(tracker, Stored(row.created, max(found, default=0), list(found)))
    return tracker


def load_answers(connection: Any, sender_id: str, message_id: str) -> list[Event] | None:
    """What the bot said to the user message with this id, or None if it is not stored."""
    mine = {"sender": sender_id}
    number = number_of(connection, sender_id, message_id)
    if number is None:
        return None
    until = connection.execute(_FOLLOWING, {**mine, "number": number}).scalar() or _ENDLESS
    return list(_read(connection.execute(_ANSWERS, {**mine, "number": number, "until": until})).values())


def number_of(connection: Any, sender_id: str, message_id: Any) -> Any:
    """The number of the user message with this id, or None if it is not stored."""
    key = message_key(message_id)
    return connection.execute(_MESSAGE, {"sender": sender_id, "key": key}).scalar() if key else None


def load_rows(connection: Any, sender_id: str) -> dict[str, Any] | None:
    """All that is stored of a conversation, as JSON has it, or None if it is not known."""
    row = connection.execute(sa.select(conversations).where(conversations.c.sender_id == sender_id)).first()
    if row is None:
        return None
    query = sa.select(events.c.data).where(events.c.sender_id == sender_id).order_by(events.c.id)
    return {
        "sender_id": sender_id,
        "created": row.created,
        "last_active": row.last_active,
        "channel": row.channel,
        "slots": json.loads(row.slots),
        "events": [json.loads(data) for (data,) in connection.execute(query)],
    }


def event_of(data: str) -> Event:
    """The event that a row holds."""
    parameters = json.loads(data)
    return _event_class(parameters["event"])._from_parameters(parameters)


def state_of(tracker: DialogueStateTracker, window: Window, numbers: dict[int, int]) -> str:
    """The JSON that ``load`` reads; ``numbers`` has the number of each event by its identity."""
    live = [numbers[id(event)] for event in window.events]
    loop = tracker.active_loop
    return json.dumps(
        {
            "live": _runs(live),
            "carried": window.carried,
            "message": numbers.get(id(tracker.latest_message)),
            "bot": numbers.get(id(tracker.latest_bot_utterance)),
            "action": tracker.latest_action,
            "followup": tracker.followup_action,
            "paused": tracker.is_paused(),
            "loop": dataclasses.asdict(loop) if loop else None,
        }
    )


@lru_cache(maxsize=100)
def _event_class(name: str) -> Any:
    # Rasa looks through all of its classes for every event, which is most of the time that reading them takes.
    return Event.resolve_by_type(name)


def _events(connection: Any, sender_id: str, wanted: set[int], runs: list[list[int]]) -> dict[int, Event]:
    """The wanted events by number: the longest run at once, the few others one by one.

    Two queries, because SQLite would read the whole conversation for one with OR.
    """
    first, last = max(runs, key=lambda run: run[1] - run[0], default=(1, 0))
    found = _read(connection.execute(_RUN, {"sender": sender_id, "first": first, "last": last}))
    rest = [number for number in wanted if not first <= number <= last]
    if rest:
        found |= _read(connection.execute(_FEW, {"sender": sender_id, "numbers": rest}))
    return found


def _read(rows: Iterable[tuple[int, str]]) -> dict[int, Event]:
    return {number: event_of(data) for number, data in rows}


def _runs(numbers: Sequence[int]) -> list[list[int]]:
    runs: list[list[int]] = []
    for number in numbers:
        if runs and number == runs[-1][1] + 1:
            runs[-1][1] = number
        else:
            runs.append([number, number])
    return runs
