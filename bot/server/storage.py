"""The conversations of this server: opening their store, how it is doing, closing it."""

from __future__ import annotations

import asyncio
import logging

from rasa.core.brokers.broker import EventBroker
from rasa.core.tracker_store import TrackerStore
from rasa.utils.endpoints import EndpointConfig

from bot.settings import Settings
from bot.stores import SECONDS_PER_DAY, SchemaError, StoreUnavailableError

STORE = "bot.stores.WindowedTrackerStore"
_SECONDS_BETWEEN_TRIES = 2.0
_SECONDS_BETWEEN_PRUNINGS = 3_600.0
# Waiting for a locked file must leave time to answer before a message times out.
_WAIT_SECONDS = 2.0
logger = logging.getLogger(__name__)


class Storage:
    """The tracker store of endpoints.yml, or else the one of TRACKER_DB_URL, or else a file in the state folder."""

    def __init__(self, settings: Settings) -> None:
        self._url = settings.tracker_url()
        self._days = settings.retention_days
        self._pruning: asyncio.Task[None] | None = None
        self.store: TrackerStore | None = None
        self.waiting_for = ""
        """Why the store could not be opened yet, if that was tried."""

    async def open(self, config: EndpointConfig | None, broker: EventBroker | None) -> TrackerStore:
        """The store, once its database can be used; until then it is tried again and again.

        Raises SchemaError if the database is not one of this program, and what another kind of store raises.
        """
        config = config or EndpointConfig(self._url, type=STORE, wait_seconds=_WAIT_SECONDS)
        while True:
            try:
                # In a thread: taking over an old database can take long.
                self.store = await asyncio.to_thread(TrackerStore.create, config, event_broker=broker)
                break
            except SchemaError:
                raise
            except StoreUnavailableError as error:
                if str(error) != self.waiting_for:
                    self.waiting_for = str(error)
                    logger.error("%s Trying again every %g seconds.", error, _SECONDS_BETWEEN_TRIES)
            await asyncio.sleep(_SECONDS_BETWEEN_TRIES)
        self.waiting_for = ""
        if self._days:
            self._pruning = asyncio.create_task(self._prune())
        return self.store

    async def problem(self) -> str | None:
        """Why conversations cannot be kept now, or None if they can, or if the store cannot tell."""
        if self.store is None:
            return self.waiting_for or None
        problem = getattr(self.store, "problem", None)
        return await problem() if problem else None

    async def close(self) -> None:
        """Finish what is being stored."""
        if self._pruning:
            self._pruning.cancel()
        close = getattr(self.store, "close", None)
        if close:
            await asyncio.to_thread(close)

    async def _prune(self) -> None:
        erase_old = getattr(self.store, "delete_older_than", None)
        if erase_old is None:
            logger.error("RETENTION_DAYS does not work with this tracker store: it cannot erase old conversations.")
            return
        while True:
            try:
                erased = await erase_old(self._days * SECONDS_PER_DAY)
            except StoreUnavailableError as error:
                logger.error("Old conversations were not erased. %s", error)
            else:
                if erased:
                    logger.info("Erased %d conversations in which nothing happened for %d days.", erased, self._days)
            await asyncio.sleep(_SECONDS_BETWEEN_PRUNINGS)
