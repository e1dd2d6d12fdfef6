"""Takes the port."""

from __future__ import annotations

import errno
import socket
from typing import Any

_BACKLOG = 128


class PortError(Exception):
    """The port cannot be listened on; the message is one line for people."""


def listen(host: str, port: int, at_once: bool = True) -> socket.socket:
    """A socket that listens already, so that no other program can take the port. Raises PortError.

    With ``at_once`` False it has the port, and refuses connections until somebody lets it listen: a proxy then asks
    another server instead of waiting for this one.
    """
    try:
        family, *_, address = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE)[0]
        if at_once:
            return socket.create_server(address[:2], family=family, backlog=_BACKLOG)
        return _bound(family, address[:2])
    except OSError as error:
        raise PortError(_explained(host, port, error)) from error


def _bound(family: int, address: Any) -> socket.socket:
    bound = socket.socket(family, socket.SOCK_STREAM)
    try:
        # What create_server sets too.
        bound.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        if family == socket.AF_INET6:
            bound.setsockopt(socket.IPPROTO_IPV6, socket.IPV6_V6ONLY, 1)
        bound.bind(address)
    except OSError:
        bound.close()
        raise
    return bound


def address_of(listening: socket.socket) -> str:
    """Where people find the server, for the "Ready" line."""
    host, port = listening.getsockname()[:2]
    if host in ("0.0.0.0", "::"):
        host = "localhost"
    return f"http://[{host}]:{port}/" if ":" in host else f"http://{host}:{port}/"


def _explained(host: str, port: int, error: OSError) -> str:
    if error.errno == errno.EADDRINUSE:
        return f"Port {port} is already in use. Stop the program that uses it, or set PORT to another one."
    if error.errno == errno.EACCES:
        return f"Port {port} is not allowed for this user. Set PORT to one from 1024 to 65535."
    return f"Cannot listen on {host}, port {port}: {error.strerror or error}. Check HOST and PORT."
