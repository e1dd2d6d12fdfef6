"""The conversations of this server: opening their store, how it is doing, closing it."""

from __future__ import annotations

import asyncio
import logging

from rasa.core.brokers.broker import EventBroker
from rasa.core.tracker_store import TrackerStore
from rasa.utils.endpoints import EndpointConfig

from bot.settings import Settings
from bot.stores import SchemaError, StoreUnavailableError

STORE = "bot.stores.WindowedTrackerStore"
_SECONDS_BETWEEN_TRIES = 2.0
# Waiting for a locked file must leave time to answer before a message times out.
_WAIT_SECONDS = 2.0
logger = logging.getLogger(__name__)


class Storage:
    """The tracker store of endpoints.yml, or else the one of TRACKER_DB_URL, or else a file in the state folder."""

    def __init__(self, settings: Settings) -> None:
        self._url = settings.tracker_url()
        self.store: TrackerStore | None = None

    async def open(self, config: EndpointConfig | None, broker: EventBroker | None) -> TrackerStore:
        """The store, once its database can be used; until then it is tried again and again.

        Raises SchemaError if the database is not one of this program, and what another kind of store raises.
        """
        config = config or EndpointConfig(self._url, type=STORE, wait_seconds=_WAIT_SECONDS)
        told = ""
        while True:
            try:
                # In a thread: taking over an old database can take long.
                self.store = await asyncio.to_thread(TrackerStore.create, config, event_broker=broker)
                return self.store
            except SchemaError:
                raise
            except StoreUnavailableError as error:
                if str(error) != told:
                    told = str(error)
                    logger.error("%s Trying again every %g seconds.", told, _SECONDS_BETWEEN_TRIES)
            await asyncio.sleep(_SECONDS_BETWEEN_TRIES)

    async def problem(self) -> str | None:
        """Why conversations cannot be kept now, or None if they can, or if the store cannot tell."""
        problem = getattr(self.store, "problem", None)
        return await problem() if problem else None

    async def close(self) -> None:
        """Finish what is being stored."""
        close = getattr(self.store, "close", None)
        if close:
            await asyncio.to_thread(close)
