"""The tracker store: a bounded window of each conversation live, its whole history in a database.

Configured in endpoints.yml as ``tracker_store: {type: bot.stores.WindowedTrackerStore, url: ..., window: 12}``.
"""

from bot.stores.errors import DamagedError, SchemaError, StoreUnavailableError
from bot.stores.record import was_repeated
from bot.stores.store import SECONDS_PER_DAY, WindowedTrackerStore

__all__ = [
    "SECONDS_PER_DAY",
    "DamagedError",
    "SchemaError",
    "StoreUnavailableError",
    "WindowedTrackerStore",
    "was_repeated",
]
