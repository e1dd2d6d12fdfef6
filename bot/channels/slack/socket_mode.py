"""Socket Mode: Slack's requests over a connection that starts here, so that no public address is needed."""

from __future__ import annotations

import asyncio
import logging
import time
from typing import Any

from slack_bolt.adapter.socket_mode.async_internals import send_async_response
from slack_bolt.adapter.socket_mode.internals import build_headers
from slack_bolt.async_app import AsyncApp, AsyncBoltRequest
from slack_sdk.errors import SlackApiError
from slack_sdk.socket_mode.aiohttp import SocketModeClient
from slack_sdk.socket_mode.async_client import AsyncBaseSocketModeClient
from slack_sdk.socket_mode.request import SocketModeRequest
from slack_sdk.web.async_client import AsyncWebClient

from bot.channels.slack.app import dispatch
from bot.channels.slack.web_api import quiet, report

_PATIENCE_SECONDS = 15.0
logger = logging.getLogger(__name__)


class SocketMode:
    """The connection, from ``start`` to ``stop``; when it is lost, Slack's client makes a new one."""

    def __init__(self, app: AsyncApp, app_token: str, client: AsyncWebClient, ping_interval: float = 10.0) -> None:
        """Must be made where the event loop runs."""
        self._app = app
        self._client = _Client(app_token=app_token, logger=quiet, web_client=client, ping_interval=ping_interval)
        self._client.socket_mode_request_listeners.append(self._handle)
        self._client.message_listeners.append(self._greeted)
        self._connected = asyncio.Event()
        self._tasks: list[asyncio.Task[Any]] = []

    def start(self) -> None:
        """Connect in the background, again and again until it works."""
        connecting = self._client.connect()  # type: ignore[no-untyped-call]
        self._tasks = [asyncio.create_task(connecting), asyncio.create_task(self._complain())]

    async def stop(self) -> None:
        """Close the connection."""
        self._client.closed = True
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        await self._client.close()  # type: ignore[no-untyped-call]

    async def _greeted(self, _: AsyncBaseSocketModeClient, message: dict[str, Any], __: str | None = None) -> None:
        if message.get("type") == "hello":
            logger.info("Slack: Socket Mode is connected.")
            self._connected.set()

    async def _complain(self) -> None:
        try:
            await asyncio.wait_for(self._connected.wait(), _PATIENCE_SECONDS)
        except asyncio.TimeoutError:
            logger.error("Slack: Socket Mode has no connection yet. Check that outgoing WebSockets (wss) are allowed.")

    async def _handle(self, client: AsyncBaseSocketModeClient, request: SocketModeRequest) -> None:
        started = time.time()
        bolt_request = AsyncBoltRequest(mode="socket_mode", body=request.payload, headers=build_headers(request))
        await send_async_response(client, request, await dispatch(self._app, bolt_request), started)


class _Client(SocketModeClient):
    """Slack's client, which says in our log why it gets no connection."""

    _failing = False

    async def issue_new_wss_url(self) -> str:
        try:
            url: str = await super().issue_new_wss_url()
        except Exception as error:
            # It is tried again every few seconds; once is enough to say so.
            if not self._failing:
                data = getattr(getattr(error, "response", None), "data", {})
                name = data.get("error", "unknown") if isinstance(error, SlackApiError) else "no_answer"
                report(str(name), "apps.connections.open")
            self._failing = True
            raise
        self._failing = False
        return url
