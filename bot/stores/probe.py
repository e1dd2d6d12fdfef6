"""Whether conversations can be kept now, tried out on the database itself."""

from __future__ import annotations

import asyncio
import time
from concurrent.futures import Executor
from typing import Any

from bot.stores.database import Database
from bot.stores.errors import StoreUnavailableError
from bot.stores.schema import meta

PATIENCE_SECONDS = 2.0
_ROW = "last_probe"
_MESSAGE_BYTES = 64 * 1024
"""As much as a long message with all that follows from it: less may fit where that does not."""


class Probe:
    """Reads from the database, looks at the room on its disk, and where the last change failed writes to it as well.

    One trial at a time.
    """

    def __init__(self, database: Database, threads: Executor) -> None:
        self._database = database
        self._threads = threads
        self._trial: asyncio.Future[str | None] | None = None

    async def problem(self) -> str | None:
        """Why the database cannot be used now, or None if it can."""
        if self._trial is None or self._trial.done():
            self._trial = asyncio.get_running_loop().run_in_executor(self._threads, self._try)
        try:
            # The trial goes on: a database that hangs must not gather one after the other.
            return await asyncio.wait_for(asyncio.shield(self._trial), PATIENCE_SECONDS)
        except asyncio.TimeoutError:
            return "the database does not answer"

    def _try(self) -> str | None:
        try:
            self._database.check_room()
            if self._database.damaged:
                self._database.check_whole()
            if self._database.failing:
                self._database.write(_write, "x" * _MESSAGE_BYTES)
                self._database.write(_write, str(int(time.time())))
            else:
                self._database.read(_read)
        except StoreUnavailableError as error:
            return str(error)
        return None


def _read(connection: Any) -> None:
    connection.execute(meta.select()).all()


def _write(connection: Any, value: str) -> None:
    connection.execute(meta.delete().where(meta.c.name == _ROW))
    connection.execute(meta.insert().values(name=_ROW, value=value))
