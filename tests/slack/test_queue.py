"""The queue: order, overload, and stopping."""

import asyncio
from typing import Any

import pytest

from bot.channels.deduplication import MemoryClaims
from bot.channels.slack.queue import ConversationQueue
from bot.observe import metrics

from .conftest import Serve
from .mock_api import MockSlack
from .payloads import direct, mention
from .server import Server, Talker

pytestmark = pytest.mark.asyncio


async def test_two_hundred_events_in_parallel_are_answered_once_and_in_order(
    server: Server, slack: MockSlack, talker: Talker
) -> None:
    # 40 people in 10 channels, up to four messages each; the four people of a channel share a thread.
    thread = "1700000500.000001"
    events: list[dict[str, Any]] = []
    for number in range(4):
        for user in range(40):
            ts = f"1700001000.{number * 40 + user:06}"
            payload = mention(f"{user}/{number}", user=f"U{user}", channel=f"C{user % 10}", thread_ts=thread, ts=ts)
            events.append(payload)
    # 30 % of what arrives are repeats, right after the first or among later messages.
    arriving = [*events[:140], *events[0:120:2]]
    assert len(arriving) == 200
    responses = await asyncio.gather(*(server.event(payload) for payload in arriving))
    assert {response.status_code for response in responses} == {200}
    await slack.until("chat.postMessage", 140)
    await server.drained()
    posted = slack.of("chat.postMessage")
    assert len(posted) == len(talker.heard) == 140
    assert {text for _, text in talker.heard} == {payload["event"]["text"].split()[1] for payload in events[:140]}
    by_conversation: dict[str, list[str]] = {}
    for conversation, text in talker.heard:
        by_conversation.setdefault(conversation, []).append(text)
    assert len(by_conversation) == 40
    for conversation, texts in by_conversation.items():
        user = texts[0].partition("/")[0]
        assert conversation == f"slack-T1-C{int(user) % 10}-{thread}-U{user}"
        assert texts == sorted(texts)
        said = [each.body["text"] for each in posted if each.body["text"].startswith(f"You said {user}/")]
        assert said == [f"You said {text}" for text in texts]


async def test_messages_that_overtake_each_other_are_put_in_order(server: Server, talker: Talker) -> None:
    payloads = [direct(str(number), ts=f"1700002000.{number:06}") for number in range(6)]
    await asyncio.gather(*(server.event(payload) for payload in reversed(payloads)))
    await server.drained()
    assert [text for _, text in talker.heard] == ["0", "1", "2", "3", "4", "5"]


async def test_a_conversation_with_too_much_waiting_is_told_so(
    server: Server, slack: MockSlack, talker: Talker, caplog: pytest.LogCaptureFixture
) -> None:
    talker.held = asyncio.Event()
    for number in range(30):
        assert (await server.event(direct(str(number)))).status_code == 200
    posted = await slack.until("chat.postMessage")
    assert posted[0].body["text"].startswith("Sorry, I am very busy")
    assert "too many messages wait" in caplog.text
    talker.held.set()
    await server.drained()
    # Whatever was taken in is answered, and the rest is turned away.
    apologies = [each for each in slack.of("chat.postMessage") if "busy" in each.body["text"]]
    assert len(talker.heard) + len(apologies) == 30


def waiting() -> tuple[float | None, float | None]:
    """How many wait or are worked on, and how many may, as /metrics says."""
    names = ("advisor_pending_messages", "advisor_pending_messages_limit")
    pending, limit = (metrics.registry.get_sample_value(name, {"channel": "slack"}) for name in names)
    return pending, limit


async def test_what_waits_is_counted_until_it_is_answered(server: Server, slack: MockSlack, talker: Talker) -> None:
    talker.held = asyncio.Event()
    assert waiting() == (0, 1_000)
    for number in range(5):
        await server.event(direct(str(number), user=f"U{number % 2}"))
    # Each person's first one is being answered; Bolt hands them over after it has acknowledged.
    while len(talker.heard) < 2 or waiting()[0] != 5:
        await asyncio.sleep(0.01)
    assert waiting() == (5, 1_000)
    talker.held.set()
    await server.drained()
    assert waiting() == (0, 1_000)


async def test_what_is_given_up_when_the_server_stops_is_not_counted_any_more() -> None:
    async def never() -> None:
        await asyncio.Event().wait()

    queue = ConversationQueue(MemoryClaims(), settle=0)
    for conversation in ("a", "a", "b"):
        queue.submit(conversation, 0, never)
    await asyncio.sleep(0.01)
    assert waiting() == (3, 1_000)
    await queue.close(patience=0.01)
    assert waiting() == (0, 1_000)


async def test_there_is_an_end_to_how_much_waits() -> None:
    queue = ConversationQueue(MemoryClaims(), limit=3, conversation_limit=2, settle=0)
    done: list[str] = []

    async def job() -> None:
        done.append("job")

    taken = [queue.submit(conversation, 0, job) for conversation in ("a", "a", "a", "b", "c")]
    assert taken == [True, True, False, True, False]
    assert waiting() == (3, 3)
    await queue.close(patience=60)
    assert len(done) == 3
    assert waiting() == (0, 3)
    assert not queue.submit("a", 0, job)


async def test_a_job_that_fails_does_not_stop_its_conversation(caplog: pytest.LogCaptureFixture) -> None:
    queue = ConversationQueue(MemoryClaims(), settle=0)
    done: list[str] = []

    async def fail() -> None:
        raise ValueError("my-secret-words")

    async def work() -> None:
        done.append("work")

    queue.submit("a", 1, fail)
    queue.submit("a", 2, work)
    await queue.close(patience=60)
    assert done == ["work"]
    assert "ValueError at test_queue.py" in caplog.text
    assert "my-secret-words" not in caplog.text


async def test_stopping_finishes_what_is_being_answered(serve: Serve, slack: MockSlack, talker: Talker) -> None:
    server = await serve()
    await server.event(direct("last words"))
    await server.channel._service.stop()
    assert len(slack.of("chat.postMessage")) == 1


async def test_stopping_does_not_wait_for_what_hangs(
    serve: Serve, slack: MockSlack, talker: Talker, caplog: pytest.LogCaptureFixture
) -> None:
    talker.held = asyncio.Event()
    server = await serve()
    await server.event(direct("hello"))
    loop = asyncio.get_running_loop()
    started = loop.time()
    await server.channel._service.stop()
    assert loop.time() - started < 3
    assert "1 messages were not answered" in caplog.text
