"""What Ctrl-C and SIGTERM do."""

from __future__ import annotations

import os
import signal
import sys
import threading
from collections.abc import Callable
from types import FrameType

_LONGEST_STOP = 4.5


class StopSignals:
    """What Ctrl-C and SIGTERM do: leave at once while loading, stop in good order afterwards."""

    def __init__(self, drain_seconds: float = 0.0) -> None:
        self._stop: Callable[[], object] | None = None
        self._longest_stop = drain_seconds + _LONGEST_STOP
        for number in (signal.SIGINT, signal.SIGTERM):
            signal.signal(number, self._received)

    def call(self, stop: Callable[[], object]) -> None:
        """From now on a signal calls ``stop``; a second one still ends the process at once."""
        self._stop = stop

    def _received(self, _: int, __: FrameType | None) -> None:
        stop, self._stop = self._stop, None
        if stop:
            stop()
            # The event loop may hang in somebody's code and never get to stop.
            last_resort = threading.Timer(self._longest_stop, os._exit, [0])
            last_resort.daemon = True
            last_resort.start()
            return
        # An import or a model that is being loaded cannot be interrupted, and has nothing to save.
        sys.stderr.write("Stopped.\n")
        sys.stderr.flush()
        os._exit(0)
