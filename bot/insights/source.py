"""Reading the conversation store (the tables of ``bot.stores.schema``), never writing to it.

Conversations are read a page at a time in the order of their ids: memory stays bounded, and no transaction lives so
long that it would hold up the server's own writing. Every value goes to the database as a bound parameter.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from itertools import groupby
from pathlib import Path
from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import URL
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.pool import NullPool

from bot.insights.errors import InsightsError
from bot.stores.database_url import database_url, reason

conversations = sa.table("conversations", sa.column("sender_id"), sa.column("created"), sa.column("last_active"))
events = sa.table("events", *(sa.column(name) for name in ("sender_id", "id", "type", "timestamp", "data")))

Progress = Callable[[int, int], None]
"""Told how many conversations are read, and how many there are."""

_PAGE = 1000


@dataclass(frozen=True)
class Conversation:
    """The rows of one conversation in the period: (type, timestamp, JSON of the event), in their order, once."""

    sender: str
    created: float
    rows: Iterable[tuple[str, float, str]]


class Source:
    """A store that can be read. An SQLite file that is not there yet is an empty store."""

    def __init__(self, url: str | None = None) -> None:
        """``url`` as in TRACKER_DB_URL, which is the default. Raises InsightsError."""
        address = _address(url)
        sqlite = address.get_backend_name() == "sqlite"
        self._engine: Any = None
        if sqlite and not Path(str(address.database)).is_file():
            return
        try:
            # A connection for each query: a report is made rarely, and in a process that ends.
            self._engine = sa.create_engine(address, future=True, hide_parameters=True, poolclass=NullPool)
        except ImportError as error:
            raise InsightsError(f"The driver for {address!r} is not installed.") from error
        if sqlite:
            sa.event.listen(self._engine, "connect", _read_only)
        self._check()

    def conversations(self, start: float, end: float, progress: Progress | None = None) -> Iterator[Conversation]:
        """The conversations with something in the time from ``start`` up to ``end``. Raises InsightsError."""
        if self._engine is None:
            return
        active = conversations.c.last_active >= start
        total = int(self._read(sa.select(sa.func.count()).select_from(conversations).where(active))[0][0])
        done, last = 0, ""
        while True:
            columns = sa.select(conversations.c.sender_id, conversations.c.created)
            query = columns.where(active, conversations.c.sender_id > last).order_by(conversations.c.sender_id)
            page = [(str(sender), float(created)) for sender, created in self._read(query.limit(_PAGE))]
            if page:
                yield from self._events(page, start, end)
                last = page[-1][0]
                done += len(page)
                if progress:
                    progress(done, max(done, total))
            if len(page) < _PAGE:
                return

    def _events(self, page: list[tuple[str, float]], start: float, end: float) -> Iterator[Conversation]:
        wanted = sa.or_(
            events.c.type.in_(["user", "bot"]),
            # Of the slots, only feedback and those that hold a fit check; reading decides what they really are.
            sa.and_(
                events.c.type == "slot",
                sa.or_(events.c.data.like('%"feedback"%'), events.c.data.like('%"fit":%"answers"%')),
            ),
        )
        query = (
            sa.select(events.c.sender_id, events.c.type, events.c.timestamp, events.c.data)
            .where(events.c.sender_id.between(page[0][0], page[-1][0]), wanted)
            .where(events.c.timestamp >= start, events.c.timestamp < end)
            .order_by(events.c.sender_id, events.c.id)
        )
        created = dict(page)
        for sender, rows in groupby(self._stream(query), key=lambda row: row[0]):
            if sender in created:
                yield Conversation(sender, created[sender], ((row[1], float(row[2]), row[3]) for row in rows))

    def _check(self) -> None:
        try:
            tables = set(sa.inspect(self._engine).get_table_names())
        except SQLAlchemyError as error:
            raise _unavailable(self._engine, error) from error
        if not tables:
            self._engine = None
        elif not {"conversations", "events", "meta"} <= tables:
            raise InsightsError(f"{self._engine.url!r} is not a store of conversations, or not taken over by one yet.")

    def _read(self, query: Any) -> list[Any]:
        try:
            with self._engine.connect() as connection:
                return list(connection.execute(query).all())
        except SQLAlchemyError as error:
            raise _unavailable(self._engine, error) from error

    def _stream(self, query: Any) -> Iterator[Any]:
        # Row by row: a page may hold conversations of any length.
        try:
            with self._engine.connect().execution_options(stream_results=True, max_row_buffer=500) as connection:
                yield from connection.execute(query)
        except SQLAlchemyError as error:
            raise _unavailable(self._engine, error) from error


def _read_only(connection: Any, _: Any) -> None:
    connection.execute("PRAGMA query_only = ON")
    connection.execute("PRAGMA busy_timeout = 5000")


def _unavailable(engine: Any, error: SQLAlchemyError) -> InsightsError:
    return InsightsError(f"The conversations in {engine.url!r} cannot be read: {reason(error)}.")


def _address(url: str | None) -> URL:
    try:
        return database_url(url, f"{os.environ.get('STATE_DIR') or 'var'}/conversations.db")
    except ValueError as error:
        raise InsightsError(str(error)) from error
