"""The database of conversations, opened by a command next to a server that may be using it."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from sqlalchemy.engine import URL, make_url

from bot.operations.problems import OperationError
from bot.settings import Settings
from bot.stores import WindowedTrackerStore


def address_of(settings: Settings) -> URL:
    """The address of the database, with its driver's name left out."""
    url = make_url(settings.tracker_url())
    return url.set(drivername="sqlite" if url.get_backend_name() == "sqlite" else "postgresql")


def file_of(address: URL) -> Path:
    """The file of a SQLite database. Raises OperationError if there is none."""
    file = Path(str(address.database))
    if not file.is_file():
        raise OperationError(f"There are no conversations yet: {file} does not exist.")
    return file


@contextmanager
def opened(settings: Settings) -> Iterator[WindowedTrackerStore]:
    """The tracker store. Raises OperationError if there is none yet, StoreUnavailableError if it cannot be used."""
    address = address_of(settings)
    if address.drivername == "sqlite":
        file_of(address)
    store = WindowedTrackerStore(None, settings.tracker_url())
    try:
        yield store
    finally:
        store.close()
