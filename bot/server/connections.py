"""Connections that nobody can hold: each has a time to send its request and a time to read the answer.

Sanic's own timeouts start anew with every byte, so that a client which sends one byte now and then is waited for for
ever, and they do not reach a client that does not read. These do not start anew.
"""

from __future__ import annotations

from time import monotonic
from typing import Any

from sanic.exceptions import RequestTimeout, ServiceUnavailable
from sanic.http import Http, Stage
from sanic.server.protocols.http_protocol import HttpProtocol

from bot.channels.errors import unavailable

# How long a client that is too slow may take to read that it is.
_LAST_WORDS_SECONDS = 2.0
# One that is refused is told so once it asks for something, or after this time not at all.
_REFUSED_SECONDS = 1.0


class GuardedProtocol(HttpProtocol):
    """One connection; ``app.config.MAX_CONNECTIONS`` of them are served, others read 503 at once.

    A request has to arrive within ``REQUEST_TIMEOUT`` seconds, its head and body together; its answer has to be taken
    ``RESPONSE_TIMEOUT`` seconds later, and some of it every ``REQUEST_TIMEOUT`` seconds.
    """

    __slots__ = ("_began", "_refused", "_unsent", "_unsent_since")

    def connection_made(self, transport: Any) -> None:
        """Serve a new connection, or refuse it."""
        self._began: float | None = None
        self._unsent, self._unsent_since = 0, 0.0
        if len(self.connections) < self.app.config.MAX_CONNECTIONS:
            super().connection_made(transport)  # type: ignore[no-untyped-call]
            return
        self._refused = transport
        self.loop.call_later(_REFUSED_SECONDS, transport.abort)

    def data_received(self, data: bytes) -> None:
        """Some bytes of a request."""
        if self.transport is None:
            if not self._refused.is_closing():
                self._refused.write(_busy())
                self._refused.close()
            return
        if self._began is None:
            self._began = monotonic()
        super().data_received(data)

    def next_request(self) -> None:
        """The request before this one is done with; what came behind it belongs to the next."""
        self._began = monotonic() if self.recv_buffer else None

    def check_timeouts(self) -> None:
        """Runs itself from time to time, and ends a connection that takes too long."""
        http = self._http
        if self._stuck():
            self.abort()  # type: ignore[no-untyped-call]
            return
        # Sanic's Http is false while it reads a head.
        if self._task and http is not None and self._began is not None and http.stage is not Stage.IDLE:
            taken = monotonic() - self._began
            if (http.stage is Stage.REQUEST or http.request_body) and taken > self.request_timeout:
                return self._end(RequestTimeout("Request Timeout"))
            if taken > self.request_timeout + self.response_timeout:
                return self._end(ServiceUnavailable("Response Timeout"))
        super().check_timeouts()  # type: ignore[no-untyped-call]

    def _stuck(self) -> bool:
        """Whether there is something to send of which the client has taken nothing for too long."""
        unsent = self.transport.get_write_buffer_size() if self.transport else 0
        if not unsent or unsent != self._unsent:
            self._unsent, self._unsent_since = unsent, monotonic()
        return bool(unsent) and monotonic() - self._unsent_since > self.request_timeout

    def _end(self, reason: Exception) -> None:
        if self._http is not None and self._task:
            self._http.exception = reason
            self._task.cancel()
        # A client that does not read would keep even that answer waiting.
        self.loop.call_later(_LAST_WORDS_SECONDS, self.abort)

    def _setup_connection(self) -> None:
        self._http = _Requests(self)  # type: ignore[no-untyped-call]
        self._time = monotonic()
        self.check_timeouts()


class _Requests(Http):
    """Sanic's reading of requests, which tells the connection when one is done with."""

    def init_for_request(self) -> None:
        super().init_for_request()  # type: ignore[no-untyped-call]
        self.protocol.next_request()


def _busy() -> bytes:
    response = unavailable("busy").response()
    body = response.body or b""
    headers = {**response.headers, "Content-Type": response.content_type, "Content-Length": str(len(body))}
    lines = ["HTTP/1.1 503 Service Unavailable", *(f"{k}: {v}" for k, v in headers.items()), "Connection: close"]
    return "\r\n".join(lines).encode() + b"\r\n\r\n" + body
