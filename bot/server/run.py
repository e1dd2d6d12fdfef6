"""Starts and stops the server. Nothing heavy is imported before the port is taken."""

from __future__ import annotations

import logging
import os
import signal
import sys
import threading
from collections.abc import Callable
from types import FrameType

from bot.cluster import engines
from bot.observe.logs import configure_logging
from bot.server.port import PortError, listen
from bot.settings import Settings

_LONGEST_STOP = 4.5
logger = logging.getLogger(__name__)


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


def serve(settings: Settings) -> int:
    """Serve until a signal arrives; returns the exit code, 1 if the port or a shared service cannot be used.

    Raises SettingsError if there is no model.
    """
    configure_logging(settings.log_text, settings.log_format)
    models = settings.model_files()
    try:
        socket = listen(settings.host, settings.port, at_once=not settings.drain_seconds)
    except PortError as problem:
        print(problem, file=sys.stderr)
        return 1
    missing = engines.problems(settings)
    if missing:
        print("\n".join(missing), file=sys.stderr)
        return 1
    for line in engines.warnings(settings):
        logger.warning("%s", line)
    signals = StopSignals(settings.drain_seconds)
    logger.info("Career Advisor is starting with %s ...", models[0].name)
    # numpy's products are small here: waking other threads for them takes longer than computing them.
    os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
    # Imports Rasa, which takes seconds.
    from bot.server.lifetime import run

    run(settings, models, socket, signals)
    return 0
