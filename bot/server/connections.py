"""Connections that nobody can hold: limits on what a client sends, and on how long it takes to send and to read.

Uvicorn reads HTTP (with httptools, the parser of Node.js) and refuses what is malformed. It has no time limit for a
request that arrives slowly or an answer that is read slowly, and no limit on a head or body: these are added here, in
the one place that its documentation gives for it, the protocol class.
"""

from __future__ import annotations

import asyncio
import re
from dataclasses import dataclass
from typing import Any, cast
from uuid import uuid4

from uvicorn.protocols.http.httptools_impl import STATUS_LINE, HttpToolsProtocol

from bot.channels.errors import MAX_BODY, Refusal, bad_request, body_too_large, head_too_large, too_slow, unavailable
from bot.channels.rest.origins import add_security_headers
from bot.observe import metrics
from bot.observe.request_ids import HEADER

MAX_HEAD = 64 * 1024
KEEP_ALIVE_SECONDS = 30
REFUSED = "refused"
"""Where ``scope["state"]`` holds the Refusal of a request whose body did not come whole."""

# How long a client may take to read a refusal, and to stop sending.
_LAST_WORDS_SECONDS = 2.0
# A client that finds no room is told so once it asks for something, or after this time not at all.
_NO_ROOM_SECONDS = 1.0
# Small, so that it is known quite exactly how large a head is, and not too small to be quick.
_PIECE = 2 * 1024
_LOOKS = 8
# RFC 3986, host and port; httptools has looked at the characters of a header already.
_HOST = re.compile(rb"([\w.~%!$&'()*+,;=-]*|\[[0-9A-Fa-f:.]+\])(:\d*)?", re.ASCII)
_VERSIONS = ("1.0", "1.1")


@dataclass(frozen=True)
class Limits:
    """``connections`` are served at once; a request has to arrive within ``request_seconds``, its head and body
    together; its answer has to be taken within ``answer_seconds``, and some of it every ``request_seconds``; a body
    of more than ``body_bytes`` ends the connection, and up to there the client reads a proper answer."""

    connections: int
    request_seconds: float
    answer_seconds: float
    body_bytes: int = 16 * MAX_BODY


class GuardedProtocol(HttpToolsProtocol):
    """One connection, which is refused what it asks with JSON, and closed, once it breaks HTTP or a limit."""

    def __init__(self, limits: Limits, **uvicorn: Any) -> None:
        super().__init__(**uvicorn)
        self._limits = limits
        self._no_room = False
        self._refused: Refusal | None = None
        # Since when the request that did not come whole yet has been arriving, and how much of it came.
        self._began: float | None = None
        self._in_head = False
        self._head = 0
        self._body = 0
        # What was left to send at the last look, since when some was, and since when it has not become less.
        self._unsent = 0
        self._unsent_since = 0.0
        self._taken_at = 0.0
        self._next_look: asyncio.TimerHandle | None = None

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Serve a new connection, or refuse it."""
        given = cast(asyncio.Transport, transport)
        if len(self.connections) >= self._limits.connections:
            self._no_room = True
            self.transport = given
            self.loop.call_later(_NO_ROOM_SECONDS, given.abort)
            return
        super().connection_made(given)
        self.timeout_keep_alive_task = self.loop.call_later(self.timeout_keep_alive, self.timeout_keep_alive_handler)
        self._look()

    def connection_lost(self, exc: Exception | None) -> None:
        """The connection has ended."""
        if self._next_look:
            self._next_look.cancel()
        super().connection_lost(exc)

    def data_received(self, data: bytes) -> None:
        """Some bytes of a request. What comes behind a request that was refused is not looked at."""
        if self._no_room and not self._refused:
            self._refused = unavailable("busy")
            self._tell(self._refused)
        for start in range(0, len(data), _PIECE):
            if self._refused or self.transport.is_closing():
                return
            self._receive(data[start : start + _PIECE])

    def _receive(self, data: bytes) -> None:
        if self._began is None:
            self._began = self.loop.time()
        self._head += len(data)
        super().data_received(data)
        if self._in_head and self._head > MAX_HEAD:
            self._refuse(head_too_large())

    def on_message_begin(self) -> None:
        """The first byte of a request."""
        super().on_message_begin()
        self._began = self._began or self.loop.time()
        self._in_head = True
        self._head = self._body = 0

    def on_headers_complete(self) -> None:
        """The head of a request is there. Raises ValueError, which makes it malformed."""
        self._in_head = False
        version = self.parser.get_http_version()
        hosts = [value for name, value in self.headers if name == b"host"]
        if version not in _VERSIONS or len(hosts) > 1 or not all(map(_HOST.fullmatch, hosts)):
            raise ValueError("the head breaks RFC 9112")
        if not hosts and version != "1.0":
            raise ValueError("the head names no host")
        super().on_headers_complete()
        if self.parser.should_upgrade():
            # To no protocol that is spoken here; what comes next would not be HTTP.
            self.cycle.keep_alive = False
        lengths = [int(value) for name, value in self.headers if name == b"content-length"]
        if any(length > self._limits.body_bytes for length in lengths):
            self._refuse(body_too_large())

    def on_body(self, body: bytes) -> None:
        """Some bytes of a body."""
        self._body += len(body)
        if self._body > self._limits.body_bytes:
            self._refuse(body_too_large())
        if not self._refused:
            super().on_body(body)

    def on_message_complete(self) -> None:
        """A request has come whole."""
        self._began = None
        if not self._refused:
            super().on_message_complete()

    def send_400_response(self, msg: str) -> None:
        """What uvicorn calls for malformed requests."""
        self._refuse(bad_request("This request could not be understood."))

    def on_response_complete(self) -> None:
        """An answer is written; what came behind its request is next."""
        super().on_response_complete()
        if self._began is not None:
            self._began = self.loop.time()
        if self._refused and self.cycle.response_complete and not self.transport.is_closing():
            self._tell(self._refused)

    def _refuse(self, refusal: Refusal) -> None:
        """Answer the request that is arriving with a refusal, after those before it, and end the connection."""
        if self._refused or self.transport.is_closing():
            return
        self._refused = refusal
        cycle = self.cycle
        if cycle is not None and cycle.more_body:
            # The app answers, under the request's id and in the log.
            cycle.scope["state"][REFUSED] = refusal
            cycle.keep_alive = False
            cycle.message_event.set()
            if cycle.response_complete:
                self.transport.close()
        elif cycle is None or cycle.response_complete:
            self._tell(refusal)

    def _tell(self, refusal: Refusal) -> None:
        """Write a refusal of something that never became a request."""
        response = refusal.response()
        add_security_headers(None, response)
        response.headers[HEADER] = uuid4().hex
        body = response.body or b""
        more = {"Content-Type": response.content_type, "Content-Length": str(len(body)), "Connection": "close"}
        lines = [f"{name}: {value}\r\n".encode() for name, value in {**response.headers, **more}.items()]
        lines += [name + b": " + value + b"\r\n" for name, value in self.server_state.default_headers]
        self.transport.write(STATUS_LINE[refusal.status] + b"".join(lines) + b"\r\n" + body)
        metrics.requests.labels(metrics.OTHER, metrics.OTHER, str(refusal.status)).inc()
        # Closed now, the connection would be reset by what the client is still sending, before it reads this.
        self.transport.write_eof()
        self.loop.call_later(_LAST_WORDS_SECONDS, self.transport.abort)

    def _look(self) -> None:
        """Runs itself from time to time, and ends a connection that takes too long."""
        now = self.loop.time()
        if self._does_not_read(now):
            self.transport.abort()
            return
        cycle = self.cycle
        # Behind a request that is being answered nothing is read, which is not the client's fault.
        in_turn = not self.pipeline and (cycle is None or cycle.response_complete or cycle.more_body)
        if in_turn and self._began is not None and now - self._began > self._limits.request_seconds:
            self._refuse(too_slow())
        self._next_look = self.loop.call_later(self._limits.request_seconds / _LOOKS, self._look)

    def _does_not_read(self, now: float) -> bool:
        """Whether there is something to send that the client does not take, or takes too slowly."""
        unsent = self.transport.get_write_buffer_size()
        if not unsent or not self._unsent:
            self._unsent_since = self._taken_at = now
        elif unsent != self._unsent:
            self._taken_at = now
        self._unsent = unsent
        return (
            now - self._taken_at > self._limits.request_seconds
            or now - self._unsent_since > self._limits.answer_seconds
        )
