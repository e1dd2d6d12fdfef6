"""``python -m bot actions``: an action server for nobody but our own servers.

The one of rasa_sdk listens on all addresses, takes calls from anybody and any web page, and answers a failure with the
call that failed, which holds the conversation. This one is on loopback unless told otherwise, asks for a token, and
keeps failures to its log, under the request ids of the caller.
"""

from __future__ import annotations

import asyncio
import hmac
import logging
import socket
import sys
from typing import Any

import uvloop

from bot.channels.addresses import is_loopback
from bot.observe.logs import configure_logging, quiet_loop
from bot.observe.tracing import start_tracing, stop_tracing
from bot.server.port import PortError, address_of, listen
from bot.server.stop_signals import StopSignals
from bot.settings import Settings, SettingsError

_CONNECTIONS = 1_000
_REQUEST_SECONDS = 10.0
_ANSWER_SECONDS = 60.0
_LARGEST_CALL = 16 * 1024 * 1024
logger = logging.getLogger(__name__)


def serve_actions(settings: Settings) -> int:
    """Serve until a signal arrives; returns the exit code, 1 if the port cannot be used.

    Raises SettingsError if the address can be reached from elsewhere and there is no token.
    """
    if not (settings.action_server_token or is_loopback(settings.action_server_host)):
        raise SettingsError(
            f"ACTION_SERVER_TOKEN is missing: ACTION_SERVER_HOST={settings.action_server_host} "
            "can be reached from other machines."
        )
    configure_logging(settings.log_text, settings.log_format)
    try:
        listening = listen(settings.action_server_host, settings.action_server_port, at_once=True)
    except PortError as problem:
        print(str(problem).replace("PORT", "ACTION_SERVER_PORT").replace("HOST", "ACTION_SERVER_HOST"), file=sys.stderr)
        return 1
    signals = StopSignals()
    app = build_app(settings.action_server_token)
    loop = uvloop.new_event_loop()
    loop.set_exception_handler(quiet_loop)
    asyncio.set_event_loop(loop)
    loop.run_until_complete(_serve(app, listening, signals))
    return 0


async def _serve(app: Any, listening: socket.socket, signals: StopSignals) -> None:
    from bot.server.connections import Limits
    from bot.server.http_server import HttpServer

    start_tracing()
    server = HttpServer(app, listening, Limits(_CONNECTIONS, _REQUEST_SECONDS, _ANSWER_SECONDS, _LARGEST_CALL))
    await server.start()
    server.listen()
    await server.started()
    loop, stopped = asyncio.get_running_loop(), asyncio.Event()
    signals.call(lambda: loop.call_soon_threadsafe(stopped.set))
    logger.info("Action server: %swebhook (Ctrl-C stops)", address_of(listening))
    await server.wait(stopped)
    await server.stop()
    await asyncio.to_thread(stop_tracing)


def build_app(token: str, package: str = "actions") -> Any:
    """rasa_sdk's app with a lock on its door: all but /health takes calls with the token only; "" for no token."""
    from rasa_sdk.endpoint import create_app
    from sanic.exceptions import SanicException
    from sanic.request import Request
    from sanic.response import HTTPResponse, json

    from bot.channels.errors import Refusal
    from bot.observe.request_ids import add_request_ids

    app = create_app(package, cors_origins=None)
    expected = f"Bearer {token}".encode()

    def check(request: Request) -> HTTPResponse | None:
        given = request.headers.get("authorization", "").encode(errors="surrogateescape")
        if not token or request.path == "/health" or hmac.compare_digest(given, expected):
            return None
        logger.warning("A call without the token was refused. Is ACTION_SERVER_TOKEN the same on both sides?")
        return json({"error": "This action server needs its token."}, status=401)

    def failed(_: Request, error: Exception) -> HTTPResponse:
        if isinstance(error, Refusal):
            return error.response()
        if isinstance(error, SanicException) and error.status_code < 500:
            return json({"error": "This request could not be understood."}, status=error.status_code)
        logger.error("An action failed.", exc_info=error)
        return json({"error": "The action failed."}, status=500)

    add_request_ids(app)
    app.register_middleware(check, "request")
    app.error_handler.add(Exception, failed)
    return app
