"""The tracker store that Rasa is configured with."""

from __future__ import annotations

import asyncio
import logging
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import sqlalchemy as sa
from rasa.core.brokers.broker import EventBroker
from rasa.core.tracker_store import TrackerStore
from rasa.shared.core.domain import Domain
from rasa.shared.core.events import Event
from rasa.shared.core.trackers import DialogueStateTracker

from bot.stores.append import append, unsaved
from bot.stores.database import READERS, Database
from bot.stores.errors import StoreUnavailableError
from bot.stores.probe import Probe
from bot.stores.record import event_of, load, load_answers, load_everything, load_rows, note, was_repeated
from bot.stores.schema import conversations, events

SECONDS_PER_DAY = 86_400
_PAGE = 1000
_ERASED_AT_ONCE = 100
logger = logging.getLogger(__name__)


class WindowedTrackerStore(TrackerStore):  # type: ignore[misc, unused-ignore]
    """Keeps all of every conversation in a database, and hands out the last user turns with the slots as they are.

    What a message costs does not depend on how long its conversation is. Database work is done in threads, so that
    a slow disk or a locked file holds up one conversation and not all.
    """

    def __init__(
        self,
        domain: Domain | None = None,
        host: str | None = None,
        event_broker: EventBroker | None = None,
        window: int = 12,
        wait_seconds: float = 5.0,
        **kwargs: Any,
    ) -> None:
        """Open the database, creating or migrating it where needed.

        ``host`` is the ``url`` of endpoints.yml (Rasa passes it under this name): a SQLite file, a sqlite:/// or a
        postgresql:// address; without it, the variable TRACKER_DB_URL, else var/conversations.db. ``window`` is the
        number of user turns that stay live, ``wait_seconds`` how long to wait for a locked database.

        Raises StoreUnavailableError if the database cannot be used, SchemaError if it is of a newer version.
        """
        super().__init__(domain, event_broker, **kwargs)
        if not 1 <= int(window) <= 100:
            raise StoreUnavailableError("The window of the tracker store must be 1 to 100 user turns.")
        self._turns = int(window)
        self._database = Database(host, float(wait_seconds))
        self._readers = ThreadPoolExecutor(READERS, "store-read")
        # SQLite has one writer at a time; taking turns here is faster than trying again and again there.
        self._writers = ThreadPoolExecutor(1 if self._database.serializes_writes else READERS, "store-write")
        self._probe = Probe(self._database, self._readers)

    def init_tracker(self, sender_id: str) -> DialogueStateTracker:
        """An empty tracker; the window bounds it, so that the maximum event history must not cut it as well."""
        return DialogueStateTracker(sender_id, self.domain.slots)

    async def save(self, tracker: DialogueStateTracker) -> None:
        """Store the tracker's new events, then publish them to the event broker.

        A message that is stored already is kept out of both, with what followed it; :func:`was_repeated` tells.
        Raises StoreUnavailableError if they cannot be stored; then none of them are, and saving again is safe.
        """
        new = unsaved(tracker)
        if not new:
            return
        _check(tracker.sender_id)
        await _run(self._writers, self._save, tracker)
        if self.event_broker is None or was_repeated(tracker):
            return
        try:
            await self._stream_new_events(self.event_broker, new, tracker.sender_id)
        except Exception as error:
            # They are stored: failing now would make Rasa take them for lost.
            logger.error("The event broker failed: %s.", type(error).__name__)

    async def stream_events(self, tracker: DialogueStateTracker) -> None:
        """Publish the events that are not stored yet to the event broker."""
        if self.event_broker is not None:
            await self._stream_new_events(self.event_broker, unsaved(tracker), tracker.sender_id)

    async def retrieve(self, sender_id: str) -> DialogueStateTracker | None:
        """The live part of a conversation, or None if it is not known. Raises StoreUnavailableError."""
        _check(sender_id)
        return await _run(self._readers, self._database.read, load, sender_id, self.domain.slots)

    async def retrieve_full_tracker(self, conversation_id: str) -> DialogueStateTracker | None:
        """All of a conversation, at the cost of replaying it: for exports. Raises StoreUnavailableError."""
        _check(conversation_id)
        return await _run(self._readers, self._database.read, load_everything, conversation_id, self.domain.slots)

    async def exists(self, conversation_id: str) -> bool:
        """Whether a conversation is known. Raises StoreUnavailableError."""
        _check(conversation_id)
        query = sa.select(sa.literal(1)).where(conversations.c.sender_id == conversation_id)
        return bool(await _run(self._readers, self._database.read, _rows, query))

    async def keys(self) -> Iterator[str]:
        """The ids of all conversations in order, read a page at a time while they are iterated over."""
        return self._keys()

    async def history(self, sender_id: str, limit: int = 200) -> list[Event]:
        """The newest ``limit`` messages of both sides (UserUttered, BotUttered), oldest first, without a replay.

        Empty for a conversation that is not known. Raises StoreUnavailableError.
        """
        _check(sender_id)
        mine = sa.and_(events.c.sender_id == sender_id, events.c.type.in_(["user", "bot"]))
        query = sa.select(events.c.data).where(mine).order_by(events.c.id.desc()).limit(limit)
        rows = await _run(self._readers, self._database.read, _rows, query)
        return [event_of(data) for (data,) in reversed(rows)]

    async def answers(self, sender_id: str, message_id: str) -> list[Event] | None:
        """The bot's messages (BotUttered) that answer a user message, or None if that is not stored.

        Raises StoreUnavailableError.
        """
        _check(sender_id)
        found: list[Event] | None = await _run(self._readers, self._database.read, load_answers, sender_id, message_id)
        return found

    async def delete(self, sender_id: str) -> bool:
        """Erase a conversation with all its events; False if it is not known. Raises StoreUnavailableError."""
        _check(sender_id)
        statement = conversations.delete().where(conversations.c.sender_id == sender_id)
        erased = await _run(self._writers, self._database.write, _count, statement)
        if erased:
            await _run(self._writers, self._database.scrub)
        return bool(erased)

    async def delete_older_than(self, seconds: float) -> int:
        """Erase conversations in which nothing happened for that long; how many. Raises StoreUnavailableError."""
        old = conversations.c.last_active < time.time() - seconds
        some = sa.select(conversations.c.sender_id).where(old).limit(_ERASED_AT_ONCE)
        statement = conversations.delete().where(conversations.c.sender_id.in_(some), old)
        erased = 0
        # A few at a time, so that messages need not wait for all of them.
        while count := await _run(self._writers, self._database.write, _count, statement):
            erased += count
        if erased:
            await _run(self._writers, self._database.scrub)
        return erased

    async def export(self, sender_id: str) -> dict[str, Any] | None:
        """All that is stored of a conversation, as JSON has it, or None if it is not known.

        Keys: ``sender_id``, ``created``, ``last_active`` (seconds since 1970), ``channel``, ``slots``, ``events``.
        Raises StoreUnavailableError.
        """
        _check(sender_id)
        found: dict[str, Any] | None = await _run(self._readers, self._database.read, load_rows, sender_id)
        return found

    async def problem(self) -> str | None:
        """Why conversations cannot be kept now, or None if they can."""
        return await self._probe.problem()

    def close(self) -> None:
        """Finish what is being stored and close the database."""
        self._writers.shutdown()
        self._readers.shutdown()
        self._database.close()

    def _save(self, tracker: DialogueStateTracker) -> None:
        # Noted in the same thread: a message that times out meanwhile must not be stored twice.
        note(tracker, self._database.write(append, tracker, self.domain.slots, self._turns))

    def _keys(self) -> Iterator[str]:
        last = ""
        while True:
            query = sa.select(conversations.c.sender_id).where(conversations.c.sender_id > last)
            page = self._database.read(_rows, query.order_by(conversations.c.sender_id).limit(_PAGE))
            yield from (sender for (sender,) in page)
            if len(page) < _PAGE:
                return
            last = page[-1][0]


async def _run(threads: ThreadPoolExecutor, work: Callable[..., Any], *arguments: Any) -> Any:
    return await asyncio.get_running_loop().run_in_executor(threads, work, *arguments)


def _rows(connection: Any, query: Any) -> list[Any]:
    return list(connection.execute(query).all())


def _count(connection: Any, statement: Any) -> int:
    return int(connection.execute(statement).rowcount)


def _check(sender_id: str) -> None:
    """Raises StoreUnavailableError for an id that no database takes."""
    if len(sender_id) > 255 or "\0" in sender_id or any("\ud800" <= letter <= "\udfff" for letter in sender_id):
        raise StoreUnavailableError("There can be no such conversation: its id is too long or not valid text.")
