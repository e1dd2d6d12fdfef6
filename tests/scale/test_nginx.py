"""The nginx configuration that ships, in front of servers that tell what reached them."""

import json
from collections.abc import AsyncIterator, Callable
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import httpx
import pytest
from aiohttp import web

from benchmarks import services
from benchmarks.cluster import CONFIGURATION


class Server:
    """Answers with the headers that it got, or with ``status``; None closes the connection without an answer."""

    def __init__(self) -> None:
        self.status: int | None = 200
        self.requests = 0
        self.port = 0
        self._runner: Any = None

    async def start(self) -> "Server":
        app = web.Application(client_max_size=2**20)
        app.router.add_route("*", "/{path:.*}", self._answer)
        self._runner = web.AppRunner(app)
        await self._runner.setup()
        site = web.TCPSite(self._runner, "127.0.0.1", 0)
        await site.start()
        self.port = site._server.sockets[0].getsockname()[1]
        return self

    async def stop(self) -> None:
        await self._runner.cleanup()

    async def _answer(self, request: web.Request) -> web.StreamResponse:
        self.requests += 1
        if self.status is None:
            await request.read()
            assert request.transport
            request.transport.abort()
            return web.Response()
        return web.json_response({name.lower(): value for name, value in request.headers.items()}, status=self.status)


@pytest.fixture
async def proxied(need: Callable[..., None]) -> AsyncIterator[tuple[httpx.AsyncClient, list[Server]]]:
    need("nginx")
    servers = [await Server().start() for _ in range(2)]
    with TemporaryDirectory() as folder:
        daemon, url = services.nginx(Path(folder), CONFIGURATION, [server.port for server in servers])
        daemon.start().wait_until_ready(60)
        async with httpx.AsyncClient(base_url=url, timeout=60) as client:
            yield client, servers
        daemon.stop()
    for server in servers:
        await server.stop()


Proxied = tuple[httpx.AsyncClient, list[Server]]


async def test_clients_cannot_choose_their_address(proxied: Proxied) -> None:
    client, _ = proxied
    spoofed = {"X-Forwarded-For": "203.0.113.9", "X-Real-IP": "203.0.113.9", "Host": "advice.example:8443"}
    got = (await client.get("/", headers=spoofed)).json()
    assert got["x-forwarded-for"] == "127.0.0.1"
    assert got["host"] == "advice.example:8443"


async def test_every_request_has_a_key_of_its_own_or_the_clients(proxied: Proxied) -> None:
    client, _ = proxied
    keys = {(await client.post("/", json={})).json()["idempotency-key"] for _ in range(5)}
    assert len(keys) == 5
    own = await client.post("/", json={}, headers={"Idempotency-Key": "mine"})
    assert own.json()["idempotency-key"] == "mine"


@pytest.mark.parametrize("failure", [503, None], ids=["unavailable", "dropped"])
async def test_the_other_server_answers_what_one_cannot(proxied: Proxied, failure: int | None) -> None:
    client, servers = proxied
    servers[0].status = failure
    answers = [await client.post("/webhooks/rest/webhook", json={}) for _ in range(8)]
    assert {answer.status_code for answer in answers} == {200}
    assert servers[1].requests == 8
    assert servers[0].requests > 0


async def test_clients_read_a_clean_503_when_nobody_answers(proxied: Proxied) -> None:
    client, servers = proxied
    servers[0].status = servers[1].status = None
    answer = await client.post("/webhooks/rest/webhook", json={})
    assert answer.status_code == 503
    assert answer.headers["retry-after"] == "5"
    assert json.loads(answer.text)["error"]["code"] == "unavailable"
    for server in servers:
        server.status = 429
    assert (await client.post("/", json={})).status_code == 429


async def test_large_bodies_and_inside_pages_end_at_the_proxy(proxied: Proxied) -> None:
    client, servers = proxied
    refused = await client.post("/", content=b"x" * 300_000)
    assert (refused.status_code, refused.json()["error"]["code"]) == (413, "body_too_large")
    assert (await client.get("/metrics")).status_code == 404
    assert [server.requests for server in servers] == [0, 0]
