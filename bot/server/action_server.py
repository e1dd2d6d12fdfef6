"""rasa_sdk's action server with this project's logs: the caller's request ids, and never what people wrote."""

from __future__ import annotations

import logging
import sys

from bot.server.logs import configure_logging
from bot.server.port import PortError, address_of, listen
from bot.settings import Settings
from bot.tracing import start_tracing, stop_tracing

logger = logging.getLogger(__name__)


def serve_actions(settings: Settings, host: str, port: int) -> int:
    """Serve the package ``actions`` at /webhook until a signal arrives; returns 1 if it cannot listen, else 0."""
    configure_logging(settings.log_text, settings.log_format)
    try:
        socket = listen(host, port, at_once=True)
    except PortError as problem:
        print(problem, file=sys.stderr)
        return 1
    # Imports rasa_sdk and the knowledge base.
    from rasa_sdk.endpoint import create_app

    from bot.server.actions import PACKAGE
    from bot.server.protocol import refuse_bad_length
    from bot.server.request_ids import add_request_ids

    # No other site's page may call it, which "*", its default, would allow.
    app = create_app(PACKAGE, cors_origins="")
    app.add_signal(refuse_bad_length, "http.lifecycle.request")
    start_tracing()
    add_request_ids(app)
    logger.info("Action server: %swebhook (Ctrl-C stops)", address_of(socket))
    app.run(sock=socket, workers=1, access_log=False, motd=False)
    stop_tracing()
    return 0
