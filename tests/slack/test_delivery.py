"""Limits and errors of Slack's Web API, overload, and stopping."""

import asyncio
import json
from typing import Any

import pytest

from bot.channels.slack.errors import WHAT_TO_DO
from bot.channels.slack.queue import Lanes
from bot.observe import metrics

from .conftest import Serve
from .mock_api import MockSlack
from .payloads import direct, event, mention
from .server import Server, Talker

pytestmark = pytest.mark.asyncio


async def test_a_rate_limit_is_obeyed_by_waiting(
    server: Server, slack: MockSlack, caplog: pytest.LogCaptureFixture
) -> None:
    slack.waits["chat.postMessage"] = [1, 1]
    await server.event(direct("hello"))
    (posted,) = await slack.until("chat.postMessage")
    first, second = slack.refused
    assert second.time - first.time >= 1.0
    assert posted.time - second.time >= 1.0
    assert "waiting 1 seconds as Slack asks" in caplog.text


async def test_one_conversation_that_has_to_wait_does_not_hold_up_others(server: Server, slack: MockSlack) -> None:
    slack.waits["chat.postMessage"] = [1]
    await server.event(direct("hello", user="U1"))
    await slack.until_refused("chat.postMessage")
    await server.event(direct("hello", user="U2"))
    first, second = await slack.until("chat.postMessage", 2)
    assert (first.body["channel"], second.body["channel"]) == ("DU2", "DU1")


@pytest.mark.parametrize(
    "error", ["token_revoked", "invalid_auth", "account_inactive", "not_in_channel", "channel_not_found", "is_archived"]
)
async def test_refusals_are_logged_with_what_to_do(
    server: Server, slack: MockSlack, error: str, caplog: pytest.LogCaptureFixture
) -> None:
    slack.errors["chat.postMessage"] = [error]
    await server.event(mention("my-secret-words"))
    await slack.until_refused("chat.postMessage")
    await server.drained()
    assert f"chat.postMessage failed in C1 with {error}: {WHAT_TO_DO[error]}." in caplog.text
    assert "my-secret-words" not in caplog.text
    assert "xoxb-" not in caplog.text.replace("starts with xoxb-", "")
    # And the next message is answered.
    await server.event(mention("again"))
    await slack.until("chat.postMessage")


async def test_an_error_that_is_not_known_is_logged_with_where_to_look(
    server: Server, slack: MockSlack, caplog: pytest.LogCaptureFixture
) -> None:
    slack.errors["chat.postMessage"] = ["brand_new"]
    await server.event(direct("hello"))
    await slack.until_refused("chat.postMessage")
    await server.drained()
    assert "brand_new: see https://docs.slack.dev" in caplog.text


@pytest.mark.parametrize(
    ("name", "said"), [("tokens_revoked", "the token was revoked"), ("app_uninstalled", "the app was removed")]
)
async def test_being_removed_is_logged(server: Server, caplog: pytest.LogCaptureFixture, name: str, said: str) -> None:
    response = await server.event(event({"type": name, "tokens": {"bot": ["UBOT"]}}))
    assert response.status_code == 200
    await server.drained()
    assert said in caplog.text


async def test_slack_that_cannot_be_reached_is_logged(
    serve: Serve, slack: MockSlack, talker: Talker, caplog: pytest.LogCaptureFixture
) -> None:
    server = await serve(api_url="http://127.0.0.1:1/api/")
    assert (await server.event(direct("hello"))).status_code == 200
    await server.drained()
    assert "Slack cannot be reached" in caplog.text


async def test_an_answer_that_slack_may_have_posted_is_not_sent_again(
    serve: Serve, slack: MockSlack, caplog: pytest.LogCaptureFixture
) -> None:
    connections = 0

    async def hang_up(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        nonlocal connections
        if b"chat.postMessage" in await reader.readline():
            connections += 1
        writer.close()

    broken = await asyncio.start_server(hang_up, "127.0.0.1", 0)
    port = broken.sockets[0].getsockname()[1]
    server = await serve(api_url=f"http://127.0.0.1:{port}/api/")
    await server.event(direct("hello"))
    await server.drained()
    assert connections == 1
    assert "no_answer" in caplog.text
    broken.close()
    await broken.wait_closed()


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


async def test_a_conversation_with_too_much_in_line_is_told_so(
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


def in_line() -> tuple[float | None, float | None]:
    """How many wait or are worked on, and how many may, as /metrics says."""
    names = ("advisor_pending_messages", "advisor_pending_messages_limit")
    waiting, limit = (metrics.registry.get_sample_value(name, {"channel": "slack"}) for name in names)
    return waiting, limit


async def test_what_waits_is_counted_until_it_is_answered(server: Server, slack: MockSlack, talker: Talker) -> None:
    talker.held = asyncio.Event()
    assert in_line() == (0, 1_000)
    for number in range(5):
        await server.event(direct(str(number), user=f"U{number % 2}"))
    # Each person's first one is being answered; Bolt hands them over after it has acknowledged.
    while len(talker.heard) < 2 or in_line()[0] != 5:
        await asyncio.sleep(0.01)
    assert in_line() == (5, 1_000)
    talker.held.set()
    await server.drained()
    assert in_line() == (0, 1_000)


async def test_what_is_given_up_when_the_server_stops_is_not_counted_any_more() -> None:
    async def never() -> None:
        await asyncio.Event().wait()

    lanes = Lanes(settle=0)
    for lane in ("a", "a", "b"):
        lanes.submit(lane, 0, never)
    await asyncio.sleep(0.01)
    assert in_line() == (3, 1_000)
    await lanes.close(patience=0.01)
    assert in_line() == (0, 1_000)


async def test_there_is_an_end_to_how_much_waits() -> None:
    lanes = Lanes(limit=3, lane_limit=2, settle=0)
    done: list[str] = []

    async def job() -> None:
        done.append("job")

    taken = [lanes.submit(lane, 0, job) for lane in ("a", "a", "a", "b", "c")]
    assert taken == [True, True, False, True, False]
    assert in_line() == (3, 3)
    await lanes.close(patience=5)
    assert len(done) == 3
    assert in_line() == (0, 3)
    assert not lanes.submit("a", 0, job)


async def test_a_job_that_fails_does_not_stop_its_lane(caplog: pytest.LogCaptureFixture) -> None:
    lanes = Lanes(settle=0)
    done: list[str] = []

    async def fail() -> None:
        raise ValueError("my-secret-words")

    async def work() -> None:
        done.append("work")

    lanes.submit("a", 1, fail)
    lanes.submit("a", 2, work)
    await lanes.close(patience=5)
    assert done == ["work"]
    assert "ValueError at test_delivery.py" in caplog.text
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


async def test_parts_with_everything_in_them_are_within_slacks_limits(
    server: Server, slack: MockSlack, talker: Talker
) -> None:
    long = "word & <b> **bold** " * 400
    parts = [
        {"type": "text", "text": long},
        {"type": "list", "title": "A <title>", "items": ["**x** & y" * 50] * 100},
        {"type": "table", "columns": ["AI engineers", "ML engineers"], "rows": [["**a** " * 100, "b"]] * 60},
        {"type": "table", "columns": ["", "AI engineers", "ML engineers"], "rows": [["Tools", "a", "b"]] * 70},
        {"type": "source", "text": "Source: *article* <https://x.example>, section"},
        {"type": "chart", "text": "from the future"},
    ]
    buttons = [{"title": "t" * 100, "payload": "p" * 3_000}] * 7
    facts = [f"ml_engineer.tools.fact_number_{number}" for number in range(200)]
    custom = {"kind": "answer", "facts": facts, "topics": [], "roles": [], "sources": [], "parts": parts}
    talker.says = lambda text: [{"text": "unused", "buttons": buttons, "custom": custom}]
    await server.event(direct("everything"))
    await server.drained()
    assert len(slack.of("chat.postMessage")) > 1
    assert "unused" not in json.dumps([each.body for each in slack.of("chat.postMessage")])
