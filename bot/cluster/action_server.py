"""``python -m bot actions``: an action server for nobody but our own servers.

The one of rasa_sdk listens on all addresses, takes calls from anybody and any web page, and answers a failure with the
call that failed, which holds the conversation. This one is on loopback unless told otherwise, asks for a token, and
keeps failures to its log, under the request ids of the caller.
"""

from __future__ import annotations

import hmac
import ipaddress
import logging
import sys
from typing import Any

from bot.observe.logs import configure_logging
from bot.observe.tracing import start_tracing, stop_tracing
from bot.server.port import PortError, address_of, listen
from bot.settings import Settings, SettingsError

logger = logging.getLogger(__name__)


def serve_actions(settings: Settings) -> int:
    """Serve until a signal arrives; returns the exit code, 1 if the port cannot be used.

    Raises SettingsError if the address can be reached from elsewhere and there is no token.
    """
    if not (settings.action_server_token or _is_loopback(settings.action_server_host)):
        raise SettingsError(
            f"ACTION_SERVER_TOKEN is missing: ACTION_SERVER_HOST={settings.action_server_host} "
            "can be reached from other machines."
        )
    configure_logging(settings.log_text, settings.log_format)
    try:
        socket = listen(settings.action_server_host, settings.action_server_port, at_once=True)
    except PortError as problem:
        print(str(problem).replace("PORT", "ACTION_SERVER_PORT").replace("HOST", "ACTION_SERVER_HOST"), file=sys.stderr)
        return 1
    app = build_app(settings.action_server_token)
    start_tracing()
    logger.info("Action server: %swebhook (Ctrl-C stops)", address_of(socket))
    app.run(sock=socket, workers=1, access_log=False, motd=False, protocol=_protocol())
    stop_tracing()
    return 0


def build_app(token: str, package: str = "actions") -> Any:
    """rasa_sdk's app with a lock on its door: all but /health takes calls with the token only; "" for no token."""
    from rasa_sdk.endpoint import create_app
    from sanic.exceptions import SanicException
    from sanic.request import Request
    from sanic.response import HTTPResponse, json

    from bot.observe.request_ids import add_request_ids

    app = create_app(package, cors_origins=None)
    app.config.update(REQUEST_TIMEOUT=10, RESPONSE_TIMEOUT=60, KEEP_ALIVE_TIMEOUT=75, MAX_CONNECTIONS=1_000)
    expected = f"Bearer {token}".encode()

    def check(request: Request) -> HTTPResponse | None:
        given = request.headers.get("authorization", "").encode(errors="surrogateescape")
        if not token or request.path == "/health" or hmac.compare_digest(given, expected):
            return None
        logger.warning("A call without the token was refused. Is ACTION_SERVER_TOKEN the same on both sides?")
        return json({"error": "This action server needs its token."}, status=401)

    def failed(_: Request, error: Exception) -> HTTPResponse:
        if isinstance(error, SanicException) and error.status_code < 500:
            return json({"error": "This request could not be understood."}, status=error.status_code)
        logger.error("An action failed.", exc_info=error)
        return json({"error": "The action failed."}, status=500)

    add_request_ids(app)
    app.register_middleware(check, "request")
    app.error_handler.add(Exception, failed)
    return app


def _protocol() -> Any:
    from bot.server.connections import GuardedProtocol

    return GuardedProtocol


def _is_loopback(host: str) -> bool:
    try:
        return host == "localhost" or ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False
