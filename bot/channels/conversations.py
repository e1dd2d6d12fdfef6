"""A conversation as its store keeps it: reading it, adding to it, erasing it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime, timezone
from itertools import dropwhile
from typing import Any

from rasa.core.agent import Agent
from rasa.core.tracker_store import InMemoryTrackerStore, SQLTrackerStore
from rasa.shared.core.events import BotUttered, Event, UserUttered

from bot.channels.contents import contents

NEWEST = 200


class NotErasable(Exception):
    """The tracker store has no way to erase a conversation."""


async def messages_of(agent: Agent, conversation: str) -> list[dict[str, Any]]:
    """The newest messages of both sides, oldest first; none for a conversation that is not known.

    A bot message's id is that of the message it answers with its number: stable, and made of what is stored anyway.
    """
    messages = []
    answered, number = "start", 0
    for event in await _said(agent.tracker_store, conversation):
        if isinstance(event, UserUttered) and event.text:
            answered, number = event.message_id or str(event.timestamp), 0
            messages.append({"role": "user", "text": event.text, "id": answered, "time": _time(event)})
        elif isinstance(event, BotUttered):
            number += 1
            content = contents(event.message())
            messages.append({"role": "bot", **content, "id": f"{answered}.{number}", "time": _time(event)})
    return messages[-NEWEST:]


async def _said(store: Any, conversation: str) -> Sequence[Event]:
    """The events of the newest messages, oldest first; of a turn that does not fit, all or nothing."""
    if not hasattr(store, "history"):
        tracker = await store.retrieve_full_tracker(conversation)
        return list(tracker.events) if tracker else []
    events: list[Event] = await store.history(conversation, NEWEST)
    if len(events) < NEWEST:
        return events
    # Without the message that they answer, the first of the bot's have no id.
    return list(dropwhile(lambda event: isinstance(event, BotUttered), events))


async def add_event(agent: Agent, conversation: str, event: Event) -> bool:
    """Add an event to a conversation; False if the conversation is not known."""
    async with agent.lock_store.lock(conversation):
        tracker = await agent.processor.get_tracker(conversation)
        if not tracker.events:
            return False
        tracker.update(event, agent.domain)
        await agent.tracker_store.save(tracker)
    return True


async def erase(agent: Agent, conversation: str) -> None:
    """Erase a conversation from the store and from all stores that it wraps.

    A store of our own has an async ``delete(conversation_id)``. Raises NotErasable for one that is not known here.
    """
    async with agent.lock_store.lock(conversation):
        for store in _layers(agent.tracker_store):
            if hasattr(store, "delete"):
                await store.delete(conversation)
            elif isinstance(store, InMemoryTrackerStore):
                store.store.pop(conversation, None)
            elif isinstance(store, SQLTrackerStore):
                with store.session_scope() as session:
                    session.query(store.SQLEvent).filter_by(sender_id=conversation).delete()
                    session.commit()
            else:
                raise NotErasable(type(store).__name__)


def _layers(store: Any) -> Iterator[Any]:
    """The stores that Rasa's fail-safe and awaitable wrappers hold."""
    inner = getattr(store, "_tracker_store", None)
    if inner is None:
        yield store
        return
    yield from _layers(inner)
    fallback = getattr(store, "_fallback_tracker_store", None)
    if fallback is not None:
        yield from _layers(fallback)


def _time(event: Event) -> str:
    return datetime.fromtimestamp(event.timestamp, tz=timezone.utc).isoformat(timespec="milliseconds")
