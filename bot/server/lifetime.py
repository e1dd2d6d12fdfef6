"""One run of the server: the event loop from the first connection to the last."""

from __future__ import annotations

import asyncio
import logging
import socket
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import uvloop

from bot.observe.logs import quiet_loop
from bot.observe.tracing import start_tracing, stop_tracing
from bot.server.app import build_app
from bot.server.assistant import Assistant
from bot.server.connections import GuardedProtocol
from bot.server.port import address_of
from bot.server.run import StopSignals
from bot.settings import Settings

_GRACE = 3.0
_STEP = 0.05
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
    server: Any = await app.create_server(
        sock=listening,
        protocol=GuardedProtocol,
        return_asyncio_server=True,
        asyncio_server_kwargs={"start_serving": False},
    )
    await server.startup()
    await server.before_start()
    if not settings.drain_seconds:
        await server.start_serving()
    if await assistant.load():
        app.ctx.agent = assistant.agent
    if settings.drain_seconds:
        # One of several servers: while it cannot answer it must not take requests from those who can.
        await server.start_serving()
    await server.after_start()
    # Until here there was nothing to save, and a signal ended the process.
    loop, stopped = asyncio.get_running_loop(), asyncio.Event()
    signals.call(lambda: loop.call_soon_threadsafe(stopped.set))

    warming = asyncio.create_task(_get_ready(assistant, listening)) if assistant.agent else None
    await stopped.wait()
    if assistant.ready and settings.drain_seconds:
        logger.info("Stopping in %g seconds, until which requests are answered.", settings.drain_seconds)
        await app.ctx.drain.wait()
    app.ctx.drain.draining = True
    if warming:
        warming.cancel()
    await _close(server)
    await assistant.close()
    await asyncio.to_thread(stop_tracing)
    logger.info("Stopped.")


async def _get_ready(assistant: Assistant, listening: socket.socket) -> None:
    await assistant.warm_up()
    logger.info("Ready: %s (Ctrl-C stops)", address_of(listening))


async def _close(server: Any) -> None:
    """Take no more connections, let running requests end for a moment, then cut what is left."""
    await server.before_stop()
    server.server.close()
    loop = asyncio.get_running_loop()
    until = loop.time() + _GRACE
    while server.connections and loop.time() < until:
        for connection in list(server.connections):
            connection.close_if_idle()
        await asyncio.sleep(_STEP)
    for connection in list(server.connections):
        connection.abort()
    await server.after_stop()
