"""Leaving without anybody noticing: told to stop, the server first says so to whoever sends it requests."""

from __future__ import annotations

import asyncio

from sanic import Sanic
from sanic.request import Request
from sanic.response import BaseHTTPResponse


class Drain:
    """While the server drains, /health is 503, requests are answered as ever, and their connections are not kept.

    A load balancer that looks at /health, or a proxy that finds its connections closed, has moved on to other servers
    by the time this one stops listening.
    """

    def __init__(self, app: Sanic, seconds: float) -> None:
        self.draining = False
        self._seconds = seconds
        app.register_middleware(self._end_connection, "response")

    async def wait(self) -> None:
        """Drain for the time that the settings give."""
        self.draining = True
        await asyncio.sleep(self._seconds)

    def _end_connection(self, _: Request, response: BaseHTTPResponse) -> None:
        if self.draining:
            response.headers["Connection"] = "close"
