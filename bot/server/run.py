"""Starts and stops the server. Nothing heavy is imported before the port is taken."""

from __future__ import annotations

import logging
import os
import sys

from bot.cluster import engines
from bot.observe.logs import configure_logging
from bot.server.port import PortError, listen
from bot.server.stop_signals import StopSignals
from bot.settings import Settings

logger = logging.getLogger(__name__)


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
