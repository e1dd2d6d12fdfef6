"""Copies of the database, made while the server runs: SQLite's online backup, or PostgreSQL's own programs."""

from __future__ import annotations

import os
import shutil
import sqlite3
import subprocess
from collections.abc import Sequence
from contextlib import closing
from pathlib import Path

from sqlalchemy.engine import URL

from bot.operations.database import address_of, file_of
from bot.operations.problems import OperationError
from bot.settings import Settings
from bot.stores import DamagedError
from bot.stores.database import Database
from bot.stores.schema import VERSION, conversations, events, meta

_WAIT_SECONDS = 10.0
_TABLES = (meta.name, conversations.name, events.name)


def backup(settings: Settings, file: Path) -> int:
    """Write a copy of the database to a new file that only its owner can read; returns the exit code.

    For SQLite the copy is a database of the same form, for PostgreSQL an archive of pg_dump. Raises OperationError.
    """
    if file.exists():
        raise OperationError(f"{file} exists already: name a new file.")
    if not file.parent.is_dir():
        raise OperationError(f"{file.parent} is not a folder.")
    address = address_of(settings)
    draft = file.with_name(f"{file.name}.{os.getpid()}")
    try:
        os.close(os.open(draft, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600))
        if address.drivername == "sqlite":
            _copy(file_of(address), draft)
            # With a log of its own, the copy would be several files.
            with closing(sqlite3.connect(draft)) as connection:
                connection.execute("PRAGMA journal_mode = DELETE")
            _check(draft)
        else:
            _postgresql("pg_dump", address, "--format=custom", f"--file={draft}", *(f"--table={t}" for t in _TABLES))
        # Only a whole copy has the name.
        draft.rename(file)
    except (OSError, sqlite3.Error) as error:
        raise OperationError(f"The backup could not be written: {error}") from error
    finally:
        draft.unlink(missing_ok=True)
    print(f"Wrote {file} ({file.stat().st_size:,} bytes).")
    return 0


def restore(settings: Settings, file: Path, replace: bool) -> int:
    """Put a backup in the place of what the database holds; returns the exit code.

    All of it is replaced or nothing, and a server that runs goes on with what was restored. A damaged SQLite file that
    cannot be overwritten is kept under another name. Raises OperationError, also if there are conversations that would
    be lost and ``replace`` is not given.
    """
    if not file.is_file():
        raise OperationError(f"{file} is not a file.")
    address = address_of(settings)
    if address.drivername == "sqlite":
        _check(file)
    if _holds_conversations(settings) and not replace:
        raise OperationError(
            "The database holds conversations, which the backup would replace: back it up, then add REPLACE=1."
        )
    try:
        if address.drivername == "sqlite":
            _copy(file, file_of(address))
        else:
            options = ("--clean", "--if-exists", "--no-owner", "--single-transaction", "--exit-on-error", str(file))
            _postgresql("pg_restore", address, *options)
    except sqlite3.OperationalError as error:
        raise OperationError(f"The backup could not be restored, and nothing was changed: {error}") from error
    except sqlite3.DatabaseError:
        # What is there cannot even be overwritten page by page.
        print(f"Kept the damaged database as {_set_aside(file_of(address))}.")
        _copy(file, Path(str(address.database)))
    # A backup of an older version is brought to this one.
    Database(settings.tracker_url(), _WAIT_SECONDS).close()
    print(f"Restored {file}.")
    return 0


def _holds_conversations(settings: Settings) -> bool:
    """Whether there is something to lose; makes the tables where there are none, refuses those of other programs."""
    try:
        database = Database(settings.tracker_url(), _WAIT_SECONDS)
        try:
            return database.read(lambda connection: bool(connection.execute(conversations.select().limit(1)).all()))
        finally:
            database.close()
    except DamagedError:
        return True


def _set_aside(file: Path) -> Path:
    """Give a damaged database and its log another name, which is returned."""
    number = next(n for n in range(1, 1_000_000) if not file.with_name(f"{file.name}.damaged-{n}").exists())
    for ending in ("-wal", "-shm", ""):
        part = file.with_name(file.name + ending)
        if part.exists():
            part.rename(file.with_name(f"{file.name}.damaged-{number}{ending}"))
    return file.with_name(f"{file.name}.damaged-{number}")


def _copy(source: Path, target: Path) -> None:
    with (
        closing(sqlite3.connect(f"{source.absolute().as_uri()}?mode=ro", uri=True, timeout=_WAIT_SECONDS)) as reading,
        closing(sqlite3.connect(target, timeout=_WAIT_SECONDS)) as writing,
    ):
        # All pages in one step: in smaller ones it would begin again whenever somebody writes.
        reading.backup(writing)


def _check(file: Path) -> None:
    """Raises OperationError if the file is not a whole database of conversations of this version or an older one."""
    try:
        with closing(sqlite3.connect(f"{file.absolute().as_uri()}?mode=ro", uri=True)) as connection:
            (answer,) = connection.execute("PRAGMA integrity_check(1)").fetchone()
            row = connection.execute("SELECT value FROM meta WHERE name = 'schema_version'").fetchone()
    except sqlite3.Error as error:
        raise OperationError(f"{file} is not a backup of conversations ({error}).") from error
    if answer != "ok" or not row:
        raise OperationError(f"{file} is damaged: {answer if row else 'its version is missing'}.")
    if int(row[0]) > VERSION:
        raise OperationError(f"{file} is of version {row[0]}; this program knows versions up to {VERSION}.")


def _postgresql(program: str, address: URL, *options: str) -> None:
    """Run one of PostgreSQL's own programs. Raises OperationError if it is missing or fails."""
    if not shutil.which(program):
        raise OperationError(f"{program} is not installed: it comes with PostgreSQL's client programs.")
    # The password not as an argument, where every user of the machine could read it.
    environment = {**os.environ, "PGPASSWORD": address.password or os.environ.get("PGPASSWORD", "")}
    where = address.set(password=None).render_as_string(hide_password=False)
    command: Sequence[str] = (program, *options, f"--dbname={where}")
    done = subprocess.run(command, env=environment, capture_output=True, text=True, check=False)
    if done.returncode:
        reason = (done.stderr.strip().splitlines() or [f"exit code {done.returncode}"])[0]
        raise OperationError(f"{program} failed: {reason}")
