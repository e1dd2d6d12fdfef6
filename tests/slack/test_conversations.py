"""What belongs to a conversation in Slack, and is forgotten with it."""

import pytest

from bot.channels.personal_data import personal_data_of
from bot.channels.slack.conversations import in_direct_message, in_thread

from .conftest import Serve
from .mock_api import MockSlack
from .payloads import in_channel, mention, moment
from .server import Talker

pytestmark = pytest.mark.asyncio


@pytest.mark.parametrize("shared", [False, True])
async def test_a_person_who_is_forgotten_is_not_followed_any_more(
    serve: Serve, slack: MockSlack, talker: Talker, redis, shared: bool
) -> None:
    server = await serve(redis_url=redis.url) if shared else await serve()
    thread = moment()
    await server.event(mention("hello", ts=thread))
    await slack.until("chat.postMessage")
    places = personal_data_of(server.app.ctx)
    places.register("the tracker store", lambda _: _nothing())
    await places.forget(in_direct_message("T1", "U1"))
    await server.event(in_channel("one", thread_ts=thread))
    await server.drained()
    await places.forget(in_thread("T1", "C1", thread, "U1"))
    await server.event(in_channel("two", thread_ts=thread))
    await server.drained()
    assert [text for _, text in talker.heard] == ["hello", "one"]


async def _nothing() -> None:
    pass
