"""``rasa shell`` with the actions in the same process: the same bot, on one free loopback port, and quiet."""

from __future__ import annotations

import os
import socket
import sys
import uuid

from bot.model_files import newest_whole
from bot.observe.logs import configure_logging
from bot.rasa_changes.changes import apply
from bot.settings import Settings


def shell(settings: Settings) -> int:
    """Talk to the newest model in the terminal until ``/stop`` or the end of the input; returns the exit code.

    Raises SettingsError if there is no model.
    """
    configure_logging(settings.log_text)
    # Rasa waits this long for an answer before the console gives up; its default of 10 s is short on a busy machine.
    os.environ.setdefault("RASA_SHELL_STREAM_READING_TIMEOUT_IN_SECONDS", "60")
    model = newest_whole(settings.model_files())
    print(f"Loading {model.name} ...", file=sys.stderr, flush=True)
    # Imports Rasa, which takes seconds.
    import rasa.core.run
    from rasa.core.utils import AvailableEndpoints

    from bot.server.actions_in_process import ActionsInProcess

    apply("shell")
    rasa.core.run.serve_application(
        str(model),
        channel="cmdline",
        interface="127.0.0.1",
        port=_free_port(),
        enable_api=False,
        conversation_id=uuid.uuid4().hex,
        endpoints=AvailableEndpoints(action=ActionsInProcess(settings.message_timeout_seconds)),
    )
    return 0


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])
