"""Several action servers that do the same: calls go round, and past one that does not answer."""

from __future__ import annotations

import asyncio
import time
from typing import Any

import aiohttp
from rasa.utils.endpoints import ClientResponseError, EndpointConfig

from bot.server.action_endpoint import ActionsOverHttp

_SECONDS_PASSED_OVER = 2.0
_GATEWAY_ERRORS = (502, 503, 504)


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
