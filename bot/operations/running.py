"""Having a server of this machine erase what it keeps in memory."""

from __future__ import annotations

import http.client
from urllib.parse import quote

from bot.channels.rest.tokens import Tokens, conversation_secret
from bot.operations.problems import OperationError
from bot.settings import Settings

_PATIENCE_SECONDS = 15.0
_EVERYWHERE = {"0.0.0.0": "127.0.0.1", "::": "::1"}


def forget_in_server(settings: Settings, sender: str) -> bool:
    """Erase a conversation over HTTP with its own token; False if no server listens on HOST and PORT.

    Raises OperationError if a server does, and does not erase it.
    """
    host = _EVERYWHERE.get(settings.host, settings.host)
    token = Tokens(conversation_secret(settings)).token(sender)
    connection = http.client.HTTPConnection(host, settings.port, timeout=_PATIENCE_SECONDS)
    try:
        path = f"/webhooks/rest/conversations/{quote(sender, safe='')}"
        connection.request("DELETE", path, headers={"Authorization": f"Bearer {token}"})
        status = connection.getresponse().status
    except ConnectionRefusedError:
        return False
    except (OSError, http.client.HTTPException) as error:
        raise OperationError(
            f"The server at {host}:{settings.port} does not answer ({type(error).__name__})."
        ) from error
    finally:
        connection.close()
    if status != 204:
        raise OperationError(
            f"The server at {host}:{settings.port} did not erase {sender!r} (status {status}): "
            "start this command with its settings, or stop it first."
        )
    return True
