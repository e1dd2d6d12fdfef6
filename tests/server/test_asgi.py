"""The bridge between uvicorn and Sanic, called as uvicorn calls it."""

import asyncio
import json
from collections.abc import Callable, Coroutine
from typing import Any

import pytest
from sanic import Sanic
from sanic.request import Request
from sanic.response import HTTPResponse, text
from sanic.server import AsyncioServer

from bot.channels.errors import error_response
from bot.server.asgi import AsgiApp
from tests.support.sanic_apps import starting

Handler = Callable[[Request], Coroutine[Any, Any, HTTPResponse]]


async def call(handler: Handler, *messages: dict[str, Any], seconds: float = 20, **scope: Any) -> list[dict[str, Any]]:
    """What is sent for one request whose parts are received one after another; after them nothing more comes."""
    app = Sanic("bridge", configure_logging=False, register=False)
    app.error_handler.add(Exception, error_response)
    app.add_route(handler, "/", methods=["POST"])
    bridge = AsgiApp(app, seconds)
    with starting():
        await AsyncioServer(app, asyncio.get_running_loop(), None, None).startup()  # type: ignore[no-untyped-call]
    sent: list[dict[str, Any]] = []
    coming = list(messages)

    async def receive() -> dict[str, Any]:
        if not coming:
            await asyncio.Event().wait()
        return coming.pop(0)

    async def send(message: dict[str, Any]) -> None:
        sent.append(message)

    whole = {"type": "http", "http_version": "1.1", "method": "POST", "path": "/", "raw_path": b"/", "headers": []}
    await bridge({**whole, "query_string": b"", "state": {}, **scope}, receive, send)
    return sent


def part(body: bytes, more: bool = False) -> dict[str, Any]:
    return {"type": "http.request", "body": body, "more_body": more}


def code(sent: list[dict[str, Any]]) -> tuple[int, str]:
    start, body = sent
    assert dict(start["headers"])[b"content-length"] == str(len(body["body"])).encode()
    return start["status"], json.loads(body["body"])["error"]["code"]


async def echo(request: Request) -> HTTPResponse:
    return text(request.body.decode())


async def test_a_handler_sees_the_whole_body() -> None:
    start, body = await call(echo, part(b"on", True), part(b"", True), part(b"ce"))
    assert (start["status"], body["body"]) == (200, b"once")


async def test_a_request_whose_client_goes_is_not_handled() -> None:
    assert await call(echo, part(b"on", True), {"type": "http.disconnect"}) == []


async def test_an_answer_that_takes_too_long_is_given_up() -> None:
    ended = []

    async def hangs(_: Request) -> HTTPResponse:
        try:
            await asyncio.Event().wait()
        finally:
            ended.append(True)
        raise AssertionError

    assert code(await call(hangs, part(b""), seconds=0.05)) == (503, "timeout")
    assert ended


async def test_being_stopped_is_not_being_late() -> None:
    async def stops(_: Request) -> HTTPResponse:
        raise asyncio.CancelledError

    with pytest.raises(asyncio.CancelledError):
        await call(stops, part(b""))


async def test_what_goes_wrong_around_a_handler_is_logged_and_told_without_details(
    caplog: pytest.LogCaptureFixture,
) -> None:
    # No address of a request: uvicorn would not let it through.
    assert code(await call(echo, part(b""), raw_path=b"http://[/")) == (500, "internal_error")
    assert "failed unexpectedly" in caplog.text
