"""How many requests a minute somebody may make."""

from __future__ import annotations

import time
from collections import OrderedDict
from collections.abc import Callable

_MINUTE = 60.0
_KEYS = 10_000


class RateLimit:
    """Lets each key through ``per_minute`` times at once and then at that rate; one number is kept for a key."""

    def __init__(self, per_minute: int, clock: Callable[[], float] = time.monotonic) -> None:
        """``per_minute`` 0 lets everything through."""
        self._interval = _MINUTE / per_minute if per_minute else 0.0
        self._clock = clock
        # When the key's allowance is full again ("generic cell rate algorithm"); the longest unused come first.
        self._full_at: OrderedDict[str, float] = OrderedDict()

    def take(self, key: str) -> float:
        """Count one request. Returns 0 if it may go through, else the seconds until one may, and does not count it."""
        if not self._interval:
            return 0.0
        now = self._clock()
        full_at = max(now, self._full_at.get(key, now))
        wait = full_at + self._interval - now - _MINUTE
        if wait > 1e-6:
            return wait
        self._full_at[key] = full_at + self._interval
        self._full_at.move_to_end(key)
        if len(self._full_at) > _KEYS:
            self._full_at.popitem(last=False)
        return 0.0

    def wait(self, key: str) -> float:
        """The seconds until a request of the key may go through, 0 for now; nothing is counted."""
        if not self._interval:
            return 0.0
        now = self._clock()
        wait = max(now, self._full_at.get(key, now)) + self._interval - now - _MINUTE
        return wait if wait > 1e-6 else 0.0
