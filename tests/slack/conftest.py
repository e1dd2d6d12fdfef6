from collections.abc import AsyncIterator, Awaitable, Callable
from typing import Any

import pytest
import pytest_asyncio

from bot.channels.slack.channel import SlackChannel
from bot.channels.slack.settings import SlackSettings
from tests.channels.conftest import redis  # noqa: F401 - a fixture

from .mock_api import BOT_TOKEN, MockSlack
from .server import SECRET, Server, Talker

Serve = Callable[..., Awaitable[Server]]


@pytest_asyncio.fixture
async def slack() -> AsyncIterator[MockSlack]:
    """Slack itself; whatever it was sent was within its limits."""
    slack = MockSlack()
    await slack.start()
    yield slack
    await slack.stop()
    assert slack.violations == []


@pytest.fixture
def talker() -> Talker:
    return Talker()


@pytest_asyncio.fixture
async def serve(slack: MockSlack, talker: Talker) -> AsyncIterator[Serve]:
    """Starts servers with other settings than the usual ones."""
    servers: list[Server] = []

    async def start(agent: Any = None, **settings: Any) -> Server:
        chosen = {"bot_token": BOT_TOKEN, "signing_secret": SECRET, "api_url": f"{slack.url}/api/", **settings}
        server = Server(SlackChannel(SlackSettings(**chosen)), talker, agent)
        await server.start()
        servers.append(server)
        return server

    yield start
    for server in servers:
        await server.stop()


@pytest_asyncio.fixture
async def server(serve: Serve) -> Server:
    return await serve()
