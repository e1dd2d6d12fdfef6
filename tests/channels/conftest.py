from collections.abc import AsyncIterator

import pytest_asyncio

from tests.channels.redis_server import RedisServer


@pytest_asyncio.fixture
async def redis() -> AsyncIterator[RedisServer]:
    redis = RedisServer()
    await redis.start()
    yield redis
    await redis.stop()
