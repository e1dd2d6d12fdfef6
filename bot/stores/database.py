"""Connections to SQLite or PostgreSQL, and transactions whose failures are one kind of error.

SQLite runs in WAL mode, so that reading never waits for writing, with ``synchronous=NORMAL``: what was committed
survives the death of the process (kill -9) because the operating system has it; a power cut may cost the last
messages but never damages the file. ``TRACKER_DB_SYNCHRONOUS=FULL`` waits for the disk on every message instead.
"""

from __future__ import annotations

import logging
import os
import sqlite3
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any, TypeVar

import sqlalchemy as sa
from sqlalchemy.engine import URL
from sqlalchemy.exc import IntegrityError, SQLAlchemyError
from sqlalchemy.pool import QueuePool

from bot.private_files import UMASK, make_private
from bot.stores.database_url import database_url, reason
from bot.stores.errors import DamagedError, StoreUnavailableError
from bot.stores.migrations import prepare

DEFAULT_URL = "sqlite:///var/conversations.db"
READERS = 4
_TRIES = 3
_CACHE_KB = 512
LEAST_ROOM = 1 << 20
"""Bytes that the disk must have left: some dozens of messages, and what SQLite needs to put its log into the file."""
_PAUSE = 0.02
"""Seconds between tries to switch a file to WAL."""
logger = logging.getLogger(__name__)
Result = TypeVar("Result")


class Database:
    """A database that is ready to hold conversations."""

    def __init__(self, url: str | None = None, wait_seconds: float = 5.0) -> None:
        """Connect and bring the schema to this version; ``wait_seconds`` is how long to wait for a locked database.

        Raises StoreUnavailableError if that cannot be done, DamagedError if it takes a backup, SchemaError if the
        database is of a newer version.
        """
        address = _address(url)
        self.serializes_writes = address.get_backend_name() == "sqlite"
        connect = _sqlite if self.serializes_writes else _postgresql
        try:
            self._engine = connect(address, wait_seconds)
        except ImportError as error:
            # Rasa takes an ImportError for a missing store and would keep conversations in memory instead.
            raise StoreUnavailableError(f"The driver for {address!r} is not installed: {error}") from error
        self._writing = self._engine.execution_options(writes=True)
        self.failing = False
        """Whether the last change could not be stored."""
        self.damaged = False
        """Whether something in the file could not be read."""
        self.write(prepare)

    def read(self, work: Callable[..., Result], *arguments: Any) -> Result:
        """Call ``work(connection, *arguments)`` in a transaction. Raises StoreUnavailableError."""
        try:
            return _in_transaction(self._engine, work, arguments)
        except DamagedError:
            self.damaged = True
            raise

    def write(self, work: Callable[..., Result], *arguments: Any) -> Result:
        """Like read, for changes: all of them are stored, or none. Raises StoreUnavailableError."""
        try:
            result = _in_transaction(self._writing, work, arguments)
        except StoreUnavailableError as error:
            self.failing = True
            self.damaged |= isinstance(error, DamagedError)
            raise
        self.failing = False
        return result

    def check_room(self) -> None:
        """Raises StoreUnavailableError if the disk of a SQLite file is full."""
        if not self.serializes_writes:
            return
        folder = Path(str(self._engine.url.database)).absolute().parent
        try:
            room = os.statvfs(folder)
        except OSError as error:
            raise StoreUnavailableError(f"{folder} cannot be used: {error.strerror}.") from error
        # Some of what is free is for the superuser only.
        if (room.f_bavail if os.geteuid() else room.f_bfree) * room.f_frsize < LEAST_ROOM:
            raise StoreUnavailableError(f"The disk with {folder} is full: nothing can be stored until there is room.")

    def check_whole(self) -> None:
        """Read all of a SQLite file, which may be another one in the place of a damaged one. Raises DamagedError."""
        self._engine.dispose()
        answer = self.read(lambda connection: connection.exec_driver_sql("PRAGMA quick_check(1)").scalar())
        if answer != "ok":
            raise _damaged(self._engine, "its pages do not fit together")
        # A backup may be of an older version.
        self.write(prepare)
        self.damaged = False

    def scrub(self) -> None:
        """Overwrite what was erased: SQLite keeps it in its log until that is written into the file and emptied."""
        if not self.serializes_writes:
            return
        try:
            connection = self._engine.raw_connection()
        except SQLAlchemyError as error:
            raise _unavailable(self._engine, error) from error
        try:
            # Waits for readers as long as for a lock; what is left then, the next one finishes.
            connection.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchall()
        except sqlite3.Error as error:
            logger.error("What was erased is still in the log of the database (%s).", error)
        finally:
            connection.close()

    def close(self) -> None:
        """Close the connections that are not in use."""
        self._engine.dispose()


def _in_transaction(engine: Any, work: Callable[..., Result], arguments: tuple[Any, ...]) -> Result:
    for left in reversed(range(_TRIES)):
        try:
            with engine.begin() as connection:
                return work(connection, *arguments)
        except IntegrityError as error:
            # Another process stored the same message, or began the same conversation; the next try builds on that.
            if not left:
                raise _unavailable(engine, error) from error
        except SQLAlchemyError as error:
            raise _unavailable(engine, error) from error
    raise AssertionError("unreachable")


def _unavailable(engine: Any, error: SQLAlchemyError) -> StoreUnavailableError:
    # Any other trouble, such as a lock or a full disk, is an OperationalError.
    if type(getattr(error, "orig", None)) is sqlite3.DatabaseError:
        return _damaged(engine, reason(error))
    return StoreUnavailableError(f"The conversations in {engine.url!r} are not available: {reason(error)}.")


def _damaged(engine: Any, why: str) -> DamagedError:
    return DamagedError(
        f"The database {engine.url.database} is damaged: {why}. "
        "Put a backup in its place: make restore FILE=... REPLACE=1"
    )


def _address(url: str | None) -> URL:
    try:
        address = database_url(url, DEFAULT_URL)
    except ValueError as error:
        raise StoreUnavailableError(str(error)) from error
    if address.get_backend_name() == "sqlite" and address.database in (None, "", ":memory:"):
        raise StoreUnavailableError("A SQLite address needs a file, like sqlite:///var/conversations.db.")
    return address


def _sqlite(address: URL, wait_seconds: float) -> Any:
    synchronous = os.environ.get("TRACKER_DB_SYNCHRONOUS", "").upper() or "NORMAL"
    if synchronous not in ("NORMAL", "FULL"):
        raise StoreUnavailableError("TRACKER_DB_SYNCHRONOUS must be NORMAL or FULL.")
    file = Path(str(address.database))
    try:
        # Nobody else on the machine may read what people wrote; SQLite gives its other files the same mode.
        file.parent.mkdir(mode=0o777 & ~UMASK, parents=True, exist_ok=True)
        os.close(os.open(file, os.O_CREAT | os.O_RDWR, 0o600))
        make_private(file, *(file.with_name(file.name + end) for end in ("-wal", "-shm")))
    except OSError as error:
        raise StoreUnavailableError(f"{file} cannot be used: {error.strerror}") from error
    engine = sa.create_engine(
        address,
        future=True,
        hide_parameters=True,
        poolclass=QueuePool,
        pool_size=READERS + 1,
        pool_timeout=wait_seconds,
        connect_args={"timeout": wait_seconds, "check_same_thread": False},
    )

    def connected(connection: Any, _: Any) -> None:
        connection.isolation_level = None  # The driver's own idea of transactions begins them too late.
        connection.execute(f"PRAGMA busy_timeout = {int(wait_seconds * 1000)}")
        _write_ahead(connection, wait_seconds)
        # The operating system keeps the file in memory as well; a message reads a few rows.
        connection.execute(f"PRAGMA cache_size = {-_CACHE_KB}")
        connection.execute(f"PRAGMA synchronous = {synchronous}")
        connection.execute("PRAGMA foreign_keys = ON")
        connection.execute("PRAGMA secure_delete = ON")

    def begin(connection: Any) -> None:
        # Who will write says so at once: one who read first could find the file changed and would have to give up.
        writes = connection.get_execution_options().get("writes")
        connection.exec_driver_sql("BEGIN IMMEDIATE" if writes else "BEGIN")

    sa.event.listen(engine, "connect", connected)
    sa.event.listen(engine, "begin", begin)
    return engine


def _write_ahead(connection: Any, wait_seconds: float) -> None:
    """Switch a new file to WAL. SQLite does not wait for the lock that this needs, whatever the busy timeout is."""
    deadline = time.monotonic() + wait_seconds
    while True:
        try:
            connection.execute("PRAGMA journal_mode = WAL")
            return
        except sqlite3.OperationalError:
            if time.monotonic() > deadline:
                raise
            time.sleep(_PAUSE)


def _postgresql(address: URL, wait_seconds: float) -> Any:
    arguments: dict[str, Any] = {}
    if address.get_driver_name() == "psycopg2":
        arguments = {
            "options": f"-c lock_timeout={int(wait_seconds * 1000)}",
            # A server that vanishes without a word is noticed before people stop waiting.
            "connect_timeout": 3,
            "keepalives_idle": 5,
            "keepalives_interval": 2,
            "keepalives_count": 2,
            "tcp_user_timeout": 8_000,
        }
    return sa.create_engine(
        address,
        future=True,
        hide_parameters=True,
        pool_size=READERS * 2,
        pool_timeout=wait_seconds,
        pool_pre_ping=True,
        connect_args=arguments,
    )
