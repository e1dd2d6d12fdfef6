"""Custom actions on action servers: calls go round, and past one that does not answer.

To Rasa several servers, like one, look like an endpoint.
"""

from __future__ import annotations

import asyncio
import logging
import time
from typing import Any

import aiohttp
from rasa.utils.endpoints import ClientResponseError, EndpointConfig

from bot.observe.request_ids import HEADER, current
from bot.observe.tracing import pass_on, span

_CONNECT_SECONDS = 1.0
_SECONDS_PASSED_OVER = 2.0
_GATEWAY_ERRORS = (502, 503, 504)
logger = logging.getLogger(__name__)


class ActionsOverHttp(EndpointConfig):  # type: ignore[misc, unused-ignore]
    """An action server, with connections that are kept and a timeout that a person can wait for."""

    def __init__(self, url: str, timeout: float, token: str = "") -> None:
        """``timeout`` in seconds; ``token`` is sent with every call, as ``python -m bot actions`` asks for it."""
        headers = {"Authorization": f"Bearer {token}"} if token else None
        super().__init__(url=url, headers=headers, enable_selective_domain=True)
        self._timeout = aiohttp.ClientTimeout(total=timeout, sock_connect=min(timeout, _CONNECT_SECONDS))
        self._connector: aiohttp.TCPConnector | None = None

    def session(self) -> aiohttp.ClientSession:
        """A session for one request; the connections are those of the session before."""
        if self._connector is None or self._connector.closed:
            self._connector = aiohttp.TCPConnector(limit=100)
        return aiohttp.ClientSession(connector=self._connector, connector_owner=False, timeout=self._timeout)

    async def request(self, *arguments: Any, **options: Any) -> Any:
        """Send a request as Rasa does, but with the timeout of this endpoint. Raises aiohttp.ClientError."""
        options["timeout"] = self._timeout
        headers = options["headers"] = dict(options.get("headers") or {})
        request_id = current()
        if request_id:
            headers[HEADER] = request_id
        try:
            with span("action", {"action": str((options.get("json") or {}).get("next_action"))}):
                pass_on(headers)
                return await super().request(*arguments, **options)
        except (aiohttp.ClientConnectionError, asyncio.TimeoutError):
            logger.error("The action server at %s does not answer.", self.url)
            raise

    async def problem(self) -> str | None:
        """Why actions cannot be run, or None: what the action server's own health check says."""
        url = self.url.removesuffix("/webhook").rstrip("/") + "/health"
        try:
            async with self.session() as session, session.get(url, timeout=aiohttp.ClientTimeout(total=2)) as answer:
                return None if answer.status == 200 else f"the action server answers {answer.status}"
        except (aiohttp.ClientError, asyncio.TimeoutError):
            return "the action server does not answer"

    async def close(self) -> None:
        """Close the kept connections."""
        if self._connector:
            await self._connector.close()


class ActionServers(EndpointConfig):  # type: ignore[misc, unused-ignore]
    """Looks like one endpoint to Rasa.

    A call that fails on the way goes to the next server: actions change nothing themselves, what they return is
    stored once by whoever called.
    """

    def __init__(self, urls: tuple[str, ...], timeout: float, token: str = "") -> None:
        """``timeout`` is the seconds that a server may take, ``token`` what it asks for."""
        super().__init__(url=", ".join(urls), enable_selective_domain=True)
        self._servers = [ActionsOverHttp(url, timeout, token) for url in urls]
        self._down_until = [0.0] * len(urls)
        self._next = 0

    async def request(self, *arguments: Any, **options: Any) -> Any:
        """Call a server. Raises what the last one raised, asyncio.TimeoutError if a server takes too long."""
        turn = self._turn()
        for place in turn:
            try:
                return await self._servers[place].request(*arguments, **options)
            except (aiohttp.ClientError, asyncio.TimeoutError, ClientResponseError) as error:
                if isinstance(error, ClientResponseError) and error.status not in _GATEWAY_ERRORS:
                    raise
                self._down_until[place] = time.monotonic() + _SECONDS_PASSED_OVER
                # One that connected and is too slow has used up the time of the call.
                too_slow = not isinstance(error, (aiohttp.ClientError, ClientResponseError))
                if too_slow or place == turn[-1]:
                    raise
        raise AssertionError("unreachable")

    async def problem(self) -> str | None:
        """Why actions cannot be run, or None if at least one server is healthy."""
        problems = await asyncio.gather(*(server.problem() for server in self._servers))
        return None if None in problems else problems[0]

    async def close(self) -> None:
        """Close the kept connections."""
        for server in self._servers:
            await server.close()

    def _turn(self) -> list[int]:
        """All servers in the order to try them: the next one first, those that failed just now last."""
        count, now = len(self._servers), time.monotonic()
        self._next = (self._next + 1) % count
        order = [(self._next + step) % count for step in range(count)]
        return sorted(order, key=lambda place: self._down_until[place] > now)
