"""A Sanic app as uvicorn calls it (ASGI): it sees a request only once that came whole, and has a time to answer it."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from typing import Any

from sanic import Sanic
from sanic.request import Request

from bot.channels.errors import Refusal, unavailable, unexpected
from bot.server.connections import REFUSED

_WITHOUT_BODY = (204, 304)
_Message = dict[str, Any]
_Receive = Callable[[], Awaitable[_Message]]
_Send = Callable[[_Message], Awaitable[None]]


class RawRequest(Request):
    """A request whose path is the one that came.

    Sanic takes the unquoted one from the server, in which ``%2F`` cannot be told from ``/``, and in which names could
    be hidden from a proxy in front that looks at paths.
    """

    def __init__(self, url_bytes: bytes, headers: Any, version: str, method: str, transport: Any, app: Sanic) -> None:
        scope = transport.scope
        query = scope["query_string"]
        super().__init__(scope["raw_path"] + (b"?" + query if query else b""), headers, version, method, transport, app)


class AsgiApp:
    """Calls a Sanic app for each request."""

    def __init__(self, app: Sanic, seconds: float) -> None:
        """``seconds`` is how long answering may take."""
        app.asgi = True
        app.request_class = RawRequest
        app.add_signal(_refuse, "http.routing.before")
        self._app = app
        self._seconds = seconds

    async def __call__(self, scope: _Message, receive: _Receive, send: _Send) -> None:
        """Answer one request."""
        body = await _whole(scope, receive)
        if body is None:
            return

        async def whole() -> _Message:
            return {"type": "http.request", "body": body, "more_body": False}

        answer, late = _Answer(send), _Late()
        timer = asyncio.get_running_loop().call_later(self._seconds, late.end)
        try:
            await self._app(scope, whole, answer)
        except asyncio.CancelledError:
            if not late.ended:
                raise
            await answer.refuse(unavailable("timeout"))
        except Exception as error:
            # What handlers raise is answered by the app; this is what goes wrong around them.
            await answer.refuse(unexpected(error))
        finally:
            timer.cancel()


class _Late:
    """Ends the task that makes it, if it is called; ``asyncio.wait_for`` would make a second task for each request."""

    def __init__(self) -> None:
        self.ended = False
        self._task = asyncio.current_task()

    def end(self) -> None:
        if self._task:
            self.ended = True
            self._task.cancel()


class _Answer:
    """Sends an answer, with its length where that is known when it begins."""

    def __init__(self, send: _Send) -> None:
        self.started = False
        self._send = send
        self._start: _Message | None = None

    async def __call__(self, message: _Message) -> None:
        if message["type"] == "http.response.start":
            self._start = {**message, "headers": list(message["headers"])}
            return
        self.started = True
        if self._start:
            start, self._start = self._start, None
            if not message.get("more_body") and start["status"] not in _WITHOUT_BODY:
                start["headers"].append((b"content-length", str(len(message["body"])).encode()))
            await self._send(start)
        await self._send(message)

    async def refuse(self, refusal: Refusal) -> None:
        """Answer with a refusal, unless the answer has begun."""
        if self.started:
            return
        response = refusal.response()
        await self({"type": "http.response.start", "status": response.status, "headers": response.processed_headers})
        await self({"type": "http.response.body", "body": response.body or b"", "more_body": False})


async def _whole(scope: _Message, receive: _Receive) -> bytes | None:
    """The body of a request; as much as there is of one that was refused; None if the client has gone before."""
    body = bytearray()
    while True:
        message = await receive()
        if message["type"] != "http.request":
            return None
        body += message["body"]
        if not message["more_body"] or REFUSED in scope["state"]:
            return bytes(body)


async def _refuse(request: Request) -> None:
    transport: Any = request.transport
    refusal = transport.scope["state"].get(REFUSED)
    if refusal:
        raise refusal
