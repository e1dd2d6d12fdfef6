"""The HTTP server: uvicorn, on a socket and with signals that belong to the process, around a Sanic app."""

from __future__ import annotations

import asyncio
import contextlib
import socket
from collections.abc import Iterator
from functools import partial
from typing import Any

import uvicorn
from sanic import Sanic
from sanic.server import AsyncioServer

from bot.server.asgi import AsgiApp
from bot.server.connections import KEEP_ALIVE_SECONDS, GuardedProtocol, Limits

_GRACE_SECONDS = 3


class HttpServer:
    """Serves one app on one socket; ``start``, ``listen`` and ``started`` are called in this order, then ``stop``."""

    def __init__(self, app: Sanic, listening: socket.socket, limits: Limits) -> None:
        protocol: Any = partial(GuardedProtocol, limits)
        self._listening = listening
        self._server = _Server(
            uvicorn.Config(
                AsgiApp(app, limits.answer_seconds),
                http=protocol,
                ws="none",
                loop="none",
                lifespan="off",
                interface="asgi3",
                log_config=None,
                access_log=False,
                server_header=False,
                # Whom to believe about a client's address is TRUSTED_PROXIES' matter.
                proxy_headers=False,
                timeout_keep_alive=KEEP_ALIVE_SECONDS,
                timeout_graceful_shutdown=_GRACE_SECONDS,
                reset_contextvars=True,
            )
        )
        # Tells the app's listeners; its events have more steps than those of ASGI.
        self._events: Any = AsyncioServer(app, asyncio.get_running_loop(), None, None)
        self._serving: asyncio.Task[None] | None = None

    async def start(self) -> None:
        """Get the app ready: what it does "before_server_start"."""
        await self._events.startup()
        await self._events.before_start()

    def listen(self) -> None:
        """Take connections from now on."""
        self._serving = asyncio.create_task(self._server.serve(sockets=[self._listening]))

    async def started(self) -> None:
        """What the app does "after_server_start"."""
        await self._events.after_start()

    async def wait(self, stopped: asyncio.Event) -> None:
        """Wait for the event. Raises what ends the server before."""
        assert self._serving
        waiting = asyncio.create_task(stopped.wait())
        await asyncio.wait({waiting, self._serving}, return_when=asyncio.FIRST_COMPLETED)
        waiting.cancel()
        if self._serving.done():
            self._serving.result()

    async def stop(self) -> None:
        """Take no more connections, let running requests end for a moment, then cancel what is left."""
        assert self._serving
        await self._events.before_stop()
        self._server.should_exit = True
        await self._serving
        await self._events.after_stop()


class _Server(uvicorn.Server):
    @contextlib.contextmanager
    def capture_signals(self) -> Iterator[None]:
        """Signals are the process's own (bot/server/stop_signals.py): it may have to end while it is loading."""
        yield
