"""One run of the server: the event loop from the first connection to the last."""

from __future__ import annotations

import asyncio
import logging
import socket
from collections.abc import Sequence
from pathlib import Path

import uvloop

from bot.observe.logs import quiet_loop
from bot.observe.tracing import start_tracing, stop_tracing
from bot.server.app import build_app
from bot.server.assistant import Assistant
from bot.server.connections import Limits
from bot.server.http_server import HttpServer
from bot.server.port import address_of
from bot.server.stop_signals import StopSignals
from bot.settings import Settings

# Added to what a message and those before it may take, which are refused in time by themselves.
_MARGIN_SECONDS = 20
logger = logging.getLogger(__name__)


def run(settings: Settings, models: Sequence[Path], listening: socket.socket, signals: StopSignals) -> None:
    """Serve on the socket until a signal arrives."""
    loop = uvloop.new_event_loop()
    loop.set_exception_handler(quiet_loop)
    asyncio.set_event_loop(loop)
    loop.run_until_complete(_serve(settings, models, listening, signals))


async def _serve(settings: Settings, models: Sequence[Path], listening: socket.socket, signals: StopSignals) -> None:
    start_tracing()
    assistant = Assistant(settings, models)
    app = build_app(settings, assistant)
    answer_seconds = 2 * settings.message_timeout_seconds + _MARGIN_SECONDS
    server = HttpServer(
        app, listening, Limits(settings.max_connections, settings.request_timeout_seconds, answer_seconds)
    )
    await server.start()
    if not settings.drain_seconds:
        server.listen()
    if await assistant.load():
        app.ctx.agent = assistant.agent
    if settings.drain_seconds:
        # One of several servers: while it cannot answer it must not take requests from those who can.
        server.listen()
    await server.started()
    # Until here there was nothing to save, and a signal ended the process.
    loop, stopped = asyncio.get_running_loop(), asyncio.Event()
    signals.call(lambda: loop.call_soon_threadsafe(stopped.set))

    warming = asyncio.create_task(_get_ready(assistant, listening)) if assistant.agent else None
    await server.wait(stopped)
    if assistant.ready and settings.drain_seconds:
        logger.info("Stopping in %g seconds, until which requests are answered.", settings.drain_seconds)
        await app.ctx.drain.wait()
    app.ctx.drain.draining = True
    if warming:
        warming.cancel()
    await server.stop()
    await assistant.close()
    await asyncio.to_thread(stop_tracing)
    logger.info("Stopped.")


async def _get_ready(assistant: Assistant, listening: socket.socket) -> None:
    await assistant.warm_up()
    logger.info("Ready: %s (Ctrl-C stops)", address_of(listening))
