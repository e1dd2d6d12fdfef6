"""``rasa shell`` with the actions in the same process: the same bot, on one free loopback port, and quiet."""

from __future__ import annotations

import asyncio
import os
import socket
import sys
import uuid
from collections.abc import Awaitable, Callable
from typing import Any

from bot.channels.text import normalised
from bot.model_files import newest_whole
from bot.observe.logs import configure_logging
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
    import rasa.core.channels.console as console
    import rasa.core.run
    from rasa.core.utils import AvailableEndpoints

    from bot.rasa_changes.adaptations import adapt_rasa
    from bot.server.action_endpoint import ActionsInProcess

    adapt_rasa()
    if not sys.stdin.isatty():
        # Rasa's prompt needs a terminal: it repaints itself into a pipe and fails at the end of the input.
        console._get_user_input = _PipedInput(console._print_bot_output)
    console._get_user_input = _normalising(console._get_user_input)
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


class _PipedInput:
    """Stands in for the prompt of Rasa's console: prints the last answer, then returns the next line."""

    def __init__(self, show: Callable[[Any], object]) -> None:
        self._show = show

    async def __call__(self, previous: Any) -> str | None:
        """The next line of the input, or None at its end, which makes the console stop."""
        if previous is not None:
            self._show(previous)
        line: str = await asyncio.to_thread(sys.stdin.readline)
        if not line:
            return None
        print(f"Your input -> {line.strip()}", flush=True)
        return line.strip()


def _normalising(read: Callable[[Any], Awaitable[str | None]]) -> Callable[[Any], Awaitable[str | None]]:
    """Reads what people type in the letters in which other channels hand it on."""

    async def normalising(previous: Any) -> str | None:
        text = await read(previous)
        return None if text is None else normalised(text).strip()

    return normalising


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])
