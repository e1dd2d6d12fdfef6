"""A small stand-in for Slack: the Web API, response addresses and Socket Mode, on a free loopback port."""

import asyncio
import itertools
import json
from collections import Counter, defaultdict
from dataclasses import dataclass, field
from typing import Any

from aiohttp import WSMsgType, web

from .limits import problems

BOT_TOKEN = "xoxb-test-token"
APP_TOKEN = "xapp-test-token"
BOT_USER = "UBOT"
_PATIENCE = 60.0


@dataclass
class Call:
    method: str
    body: dict[str, Any]
    time: float = 0.0
    ts: str = ""


@dataclass
class MockSlack:
    """Records what it is asked. ``errors``, ``waits`` and ``failures`` hold what the next calls of a method get.

    A failure is a status, "page" for a page of HTML, "broken" for JSON that breaks off, "text" for plain text,
    "dropped" for a connection that ends without an answer, or "posted" for one that ends after the message was posted.
    """

    calls: list[Call] = field(default_factory=list)
    errors: dict[str, list[str]] = field(default_factory=lambda: defaultdict(list))
    waits: dict[str, list[int]] = field(default_factory=lambda: defaultdict(list))
    failures: dict[str, list[int | str]] = field(default_factory=lambda: defaultdict(list))
    refused: list[Call] = field(default_factory=list)
    violations: list[str] = field(default_factory=list)
    sockets: list[web.WebSocketResponse] = field(default_factory=list)
    acknowledged: dict[str, Any] = field(default_factory=dict)
    held: asyncio.Event | None = None
    url: str = ""

    def __post_init__(self) -> None:
        self._numbers = itertools.count(1)
        self._changed = asyncio.Condition()
        self._posted: dict[str | int, Call] = {}
        self._uses: Counter[str] = Counter()
        self._runner: web.AppRunner | None = None

    async def start(self) -> None:
        app = web.Application()
        app.router.add_post("/api/{method}", self._api)
        app.router.add_post("/respond/{token}", self._respond)
        app.router.add_get("/socket", self._socket)
        self._runner = web.AppRunner(app, shutdown_timeout=0.01)
        await self._runner.setup()
        site = web.TCPSite(self._runner, "127.0.0.1", 0)
        await site.start()
        host, port = self._runner.addresses[0][:2]
        self.url = f"http://{host}:{port}"

    async def stop(self) -> None:
        if self.held:
            self.held.set()
        for socket in self.sockets:
            await socket.close()
        assert self._runner
        await self._runner.cleanup()

    def response_url(self) -> str:
        return f"{self.url}/respond/{next(self._numbers)}"

    def of(self, method: str) -> list[Call]:
        """The calls of one method that were granted."""
        return [call for call in self.calls if call.method == method]

    async def until(self, method: str, count: int = 1) -> list[Call]:
        """Wait until a method was called so many times."""
        await self._wait(lambda: len(self.of(method)) >= count)
        return self.of(method)

    async def until_refused(self, method: str) -> None:
        await self._wait(lambda: any(call.method == method for call in self.refused))

    async def until_connected(self, count: int = 1) -> web.WebSocketResponse:
        await self._wait(lambda: len(self.sockets) >= count)
        return self.sockets[count - 1]

    async def until_acknowledged(self, envelope: str) -> Any:
        await self._wait(lambda: envelope in self.acknowledged)
        return self.acknowledged[envelope]

    async def _wait(self, condition: Any) -> None:
        async with self._changed:
            await asyncio.wait_for(self._changed.wait_for(condition), _PATIENCE)

    async def _record(self, calls: list[Call], call: Call) -> None:
        call.time = asyncio.get_running_loop().time()
        async with self._changed:
            calls.append(call)
            self._changed.notify_all()

    async def _api(self, request: web.Request) -> web.Response:
        method = request.match_info["method"]
        call = Call(method, {**request.query, **await _body(request)})
        if self.held:
            await self.held.wait()
        if self.waits[method]:
            seconds = self.waits[method].pop(0)
            await self._record(self.refused, call)
            return web.json_response(
                {"ok": False, "error": "ratelimited"}, status=429, headers={"Retry-After": str(seconds)}
            )
        expected = APP_TOKEN if method == "apps.connections.open" else BOT_TOKEN
        error = "invalid_auth" if request.headers.get("Authorization") != f"Bearer {expected}" else ""
        error = error or (self.errors[method].pop(0) if self.errors[method] else "")
        if error:
            await self._record(self.refused, call)
            return web.json_response({"ok": False, "error": error})
        failure = self.failures[method].pop(0) if self.failures[method] else None
        if failure and failure != "posted":
            return await self._fail(request, call, failure)
        self._check(call)
        # Slack's own way of telling a message that is sent again from another one.
        before = self._posted.setdefault(call.body.get("client_msg_id") or next(self._numbers), call)
        if before is call:
            call.ts = f"1800000000.{next(self._numbers):06}"
            await self._record(self.calls, call)
        call.ts = before.ts
        if failure:
            return await self._fail(request, call, "dropped")
        return web.json_response({"ok": True, **self._result(call)})

    async def _fail(self, request: web.Request, call: Call, failure: int | str) -> web.Response:
        await self._record(self.refused, call)
        match failure:
            case "page":
                return web.Response(text="<html>Sign in</html>", content_type="text/html")
            case "broken":
                return web.Response(text='{"ok": tr', content_type="application/json")
            case "text":
                return web.Response(text="This network is not yours.")
            case "dropped":
                request.transport.abort()
                return web.Response()
        return web.Response(text="<html>Sorry</html>", content_type="text/html", status=int(failure))

    def _result(self, call: Call) -> dict[str, Any]:
        match call.method:
            case "auth.test":
                return {"user_id": BOT_USER, "bot_id": "BBOT", "team_id": "T1", "team": "Bootcamp", "user": "advisor"}
            case "conversations.open":
                return {"channel": {"id": f"D{call.body['users']}"}}
            case "apps.connections.open":
                return {"url": f"{self.url.replace('http', 'ws')}/socket"}
        return {"ts": call.ts, "channel": call.body.get("channel")}

    def _check(self, call: Call) -> None:
        if call.method.startswith("chat."):
            self._check_message(call.body)
        elif call.method == "views.publish":
            self.violations += problems(call.body["view"]["blocks"], "home")

    def _check_message(self, body: dict[str, Any]) -> None:
        self.violations += problems(body["blocks"])
        if not body.get("text") or "<" in body["text"]:
            self.violations.append("no text, or one that is not escaped")

    async def _respond(self, request: web.Request) -> web.Response:
        token = request.match_info["token"]
        self._uses[token] += 1
        if self._uses[token] > 5:
            return web.Response(status=404, text="used_url")
        call = Call("response_url", await request.json())
        if self.failures[call.method]:
            self._uses[token] -= 1
            return await self._fail(request, call, self.failures[call.method].pop(0))
        self._check_message(call.body)
        await self._record(self.calls, call)
        return web.Response(text="ok")

    async def _socket(self, request: web.Request) -> web.WebSocketResponse:
        socket = web.WebSocketResponse()
        await socket.prepare(request)
        await socket.send_json({"type": "hello", "num_connections": 1})
        async with self._changed:
            self.sockets.append(socket)
            self._changed.notify_all()
        async for message in socket:
            if message.type == WSMsgType.TEXT:
                answer = json.loads(message.data)
                async with self._changed:
                    self.acknowledged[answer["envelope_id"]] = answer.get("payload")
                    self._changed.notify_all()
        return socket


async def _body(request: web.Request) -> dict[str, Any]:
    if request.content_type == "application/json":
        body = await request.json()
        return body if isinstance(body, dict) else {}
    form = dict(await request.post())
    return {name: json.loads(value) if name in ("blocks", "view") else value for name, value in form.items()}
