"""Calls to several action servers."""

import asyncio
from typing import Any

import pytest
from aiohttp import ClientError, web
from rasa.utils.endpoints import ClientResponseError

from bot.cluster.remote_actions import ActionServers


class ActionServer:
    def __init__(self) -> None:
        self.calls = 0
        self.status = 200
        self.delay = 0.0
        self._runner: Any = None
        self.url = ""

    async def start(self) -> "ActionServer":
        app = web.Application()
        app.router.add_post("/webhook", self._call)
        app.router.add_get("/health", self._call)
        self._runner = web.AppRunner(app)
        await self._runner.setup()
        site = web.TCPSite(self._runner, "127.0.0.1", 0)
        await site.start()
        port = site._server.sockets[0].getsockname()[1]
        self.url = f"http://127.0.0.1:{port}/webhook"
        return self

    async def stop(self) -> None:
        await self._runner.cleanup()

    async def _call(self, request: web.Request) -> web.Response:
        self.calls += request.method == "POST"
        await asyncio.sleep(self.delay)
        return web.json_response({"events": [], "responses": []}, status=self.status)


async def pair() -> tuple[ActionServer, ActionServer, ActionServers]:
    one, two = await ActionServer().start(), await ActionServer().start()
    return one, two, ActionServers((one.url, two.url), 1.0)


async def test_calls_go_round() -> None:
    one, two, servers = await pair()
    for _ in range(10):
        assert await servers.request(json={}) == {"events": [], "responses": []}
    assert (one.calls, two.calls) == (5, 5)
    assert await servers.problem() is None
    await servers.close()
    await one.stop()
    await two.stop()


async def test_a_server_that_is_gone_or_failing_is_passed_over() -> None:
    one, two, servers = await pair()
    two.status = 503
    for _ in range(10):
        await servers.request(json={})
    assert one.calls == 10
    assert two.calls <= 2
    await two.stop()
    for _ in range(10):
        await servers.request(json={})
    assert one.calls == 20
    assert await servers.problem() is None
    await one.stop()
    with pytest.raises(ClientError):
        await servers.request(json={})
    assert await servers.problem() == "the action server does not answer"
    await servers.close()


async def test_what_an_action_says_is_final() -> None:
    one, two, servers = await pair()
    one.status = two.status = 400
    with pytest.raises(ClientResponseError):
        await servers.request(json={})
    assert one.calls + two.calls == 1
    await servers.close()
    await one.stop()
    await two.stop()


async def test_a_slow_server_costs_the_time_of_one_call() -> None:
    one, two, _ = await pair()
    one.delay = two.delay = 5.0
    servers = ActionServers((one.url, two.url), 1.0)
    with pytest.raises(asyncio.TimeoutError):
        await servers.request(json={})
    # The other one is not asked as well.
    assert one.calls + two.calls == 1
    await servers.close()
    await asyncio.gather(one.stop(), two.stop())
