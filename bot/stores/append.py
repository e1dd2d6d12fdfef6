"""Storing what is new in a conversation, next to what others stored meanwhile."""

from __future__ import annotations

import json
import time
from collections.abc import Iterable, Iterator
from itertools import islice
from typing import Any

import sqlalchemy as sa
from rasa.shared.core.events import Event, UserUttered
from rasa.shared.core.slots import Slot
from rasa.shared.core.trackers import DialogueStateTracker

from bot.stores.record import Stored, load, load_everything, number_of, state_of, stored_of
from bot.stores.schema import conversations, events, message_key
from bot.stores.window import window_of

# Built once: building a statement takes longer than running it.
_STORED = (
    sa.exists()
    .where(events.c.sender_id == sa.bindparam("sender"), events.c.message_id == sa.bindparam("key"))
    .label("stored")
)
_LOCKED = (
    sa.select(conversations.c.created, conversations.c.events, conversations.c.user_turns, _STORED)
    .where(conversations.c.sender_id == sa.bindparam("sender"))
    .with_for_update()
)
_BEGUN = conversations.insert()
_CONTINUED = conversations.update().where(conversations.c.sender_id == sa.bindparam("sender"))
_EVENTS = events.insert()


def unsaved(tracker: DialogueStateTracker) -> list[Event]:
    """The tracker's events that are not stored yet."""
    return list(islice(tracker.events, len(stored_of(tracker).numbers), None))


def append(connection: Any, tracker: DialogueStateTracker, slots: Iterable[Slot], turns: int) -> Stored:
    """Store the tracker's new events and what its state is with them, in the caller's transaction.

    Returns what to note on the tracker once the transaction is committed. If somebody else stored events meanwhile,
    the new ones follow theirs; if somebody erased the conversation, it begins anew with the new ones. Nothing is stored
    of a message whose id the conversation has already: it was sent again, and what was stored first counts. Raises
    IntegrityError if another transaction stores the same at this moment; trying again then finds it.
    """
    sender = tracker.sender_id
    before = stored_of(tracker)
    new = unsaved(tracker)
    row = connection.execute(_LOCKED, {"sender": sender, "key": message_key(_first_id(new))}).first()
    created, count, user_turns, repeated = row or (None, 0, 0, False)
    live: DialogueStateTracker = tracker
    if (created, count) != (before.created, before.count):
        new = new[_already_stored(connection, sender, before.count, new) :]
        repeated = number_of(connection, sender, _first_id(new)) is not None
        live = _followed(load(connection, sender, slots) or DialogueStateTracker(sender, slots), new)
    if repeated:
        return Stored(None, count, [0] * len(tracker.events), repeated=True)
    window = window_of(live, stored_of(live).carried, turns)
    if window is None:
        # More was taken back than was live: this once, everything has to be read.
        live = _followed(load_everything(connection, sender, slots), new)
        window = window_of(live, 0, turns)
    assert window
    numbers = [*stored_of(live).numbers, *range(count + 1, count + len(new) + 1)]
    if new:
        by_identity = {id(event): number for event, number in stored_of(live).others}
        by_identity |= {id(event): number for event, number in zip(live.events, numbers, strict=True)}
        values = {
            "last_active": max(event.timestamp for event in new),
            "events": count + len(new),
            "user_turns": user_turns + sum(isinstance(event, UserUttered) for event in new),
            "slots": _filled_slots(live),
            "state": state_of(live, window, by_identity),
            **_channel(new),
        }
        if row is None:
            created = time.time()
            connection.execute(_BEGUN, {"sender_id": sender, "created": created, **values})
        else:
            connection.execute(_CONTINUED, {"sender": sender, **values})
        connection.execute(_EVENTS, list(_rows(connection, sender, count, new)))
    if live is tracker:
        return Stored(created, count + len(new), numbers, before.carried, others=before.others)
    # The tracker lacks what others stored, or what came back: the next save reads that again.
    return Stored(None, count + len(new), [0] * len(tracker.events))


def _followed(tracker: DialogueStateTracker, new: list[Event]) -> DialogueStateTracker:
    for event in new:
        tracker.update(event)
    return tracker


def _filled_slots(tracker: DialogueStateTracker) -> str:
    return json.dumps({name: value for name, value in tracker.current_slot_values().items() if value is not None})


def _channel(new: list[Event]) -> dict[str, str]:
    channels = [event.input_channel for event in new if isinstance(event, UserUttered) and event.input_channel]
    return {"channel": _column(channels[-1])} if channels else {}


def _first_id(new: list[Event]) -> Any:
    return next((event.message_id for event in new if isinstance(event, UserUttered) and event.message_id), None)


def _already_stored(connection: Any, sender: str, after: int, new: list[Event]) -> int:
    """How many of the new events are stored already: a save whose answer was lost, or a copy of a tracker."""
    query = sa.select(events.c.data).where(events.c.sender_id == sender, events.c.id > after).order_by(events.c.id)
    stored = (_identity(json.loads(data)) for (data,) in connection.execute(query))
    place = 0
    # `in` moves on to the event if it is there, so that each stored event counts once and in its order.
    while place < len(new) and _identity(new[place].as_dict()) in stored:
        place += 1
    return place


def _identity(event: dict[str, Any]) -> tuple[Any, ...]:
    value = json.dumps(event.get("value"), sort_keys=True)
    return event["event"], event["timestamp"], event.get("name"), event.get("text"), value


def _rows(connection: Any, sender: str, count: int, new: list[Event]) -> Iterator[dict[str, Any]]:
    keys: set[str | None] = set()
    for number, event in enumerate(new, count + 1):
        data = event.as_dict()
        intent = ((data.get("parse_data") or {}).get("intent") or {}).get("name")
        key = message_key(event.message_id) if isinstance(event, UserUttered) else None
        # After the message itself, actions may add copies of it or of earlier ones, which are no messages.
        if key and keys and (key in keys or number_of(connection, sender, event.message_id)):
            key = None
        keys |= {key} - {None}
        yield {
            "sender_id": sender,
            "id": number,
            "type": event.type_name,
            "intent": _column(intent) if intent else None,
            "timestamp": data["timestamp"],
            "data": json.dumps(data),
            "message_id": key,
        }


def _column(text: Any) -> str:
    """A name that may come from outside, as any database takes it."""
    return str(text).encode("ascii", "backslashreplace").decode().replace("\0", "")[:255]
