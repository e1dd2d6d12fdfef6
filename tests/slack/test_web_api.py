"""Limits, errors and failures of Slack's Web API."""

import json
import logging

import pytest
from slack_sdk.http_retry.builtin_interval_calculators import BackoffRetryIntervalCalculator

from bot.channels.slack.web_api import WHAT_TO_DO

from .conftest import Serve
from .mock_api import MockSlack
from .payloads import command, direct, event, mention
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


@pytest.fixture
def soon(monkeypatch: pytest.MonkeyPatch) -> None:
    """No pauses between tries."""
    monkeypatch.setattr(BackoffRetryIntervalCalculator, "calculate_sleep_duration", lambda *_: 0.0)


FAILURES = [500, 503, 502, "page", "broken", "text", "dropped", "posted"]


@pytest.mark.usefixtures("soon")
@pytest.mark.parametrize("failure", FAILURES)
async def test_one_failure_costs_nobody_an_answer_and_posts_none_twice(
    server: Server, slack: MockSlack, talker: Talker, failure: int | str, caplog: pytest.LogCaptureFixture
) -> None:
    slack.failures["chat.postMessage"] = [failure]
    await server.event(direct("hello"))
    await server.drained()
    assert [each.body["text"] for each in slack.of("chat.postMessage")] == ["You said hello"]
    assert len(slack.refused) == len(talker.heard) == 1
    assert "trying again" in caplog.text
    assert not [record for record in caplog.records if record.levelno >= logging.ERROR]


@pytest.mark.usefixtures("soon")
@pytest.mark.parametrize("error", ["internal_error", "fatal_error", "service_unavailable", "request_timeout"])
async def test_what_slack_calls_its_own_failure_is_tried_again(server: Server, slack: MockSlack, error: str) -> None:
    slack.errors["chat.postMessage"] = [error, error]
    await server.event(direct("hello"))
    await server.drained()
    assert len(slack.of("chat.postMessage")) == 1


@pytest.mark.usefixtures("soon")
@pytest.mark.parametrize(
    ("failure", "name"),
    [
        (500, "server_error"),
        ("page", "not_json"),
        ("broken", "not_json"),
        ("text", "not_json"),
        ("dropped", "no_answer"),
    ],
)
async def test_failures_without_an_end_are_given_up_and_explained(
    server: Server, slack: MockSlack, failure: int | str, name: str, caplog: pytest.LogCaptureFixture
) -> None:
    slack.failures["chat.postMessage"] = [failure] * 50
    await server.event(mention("my-secret-words"))
    await server.drained()
    assert slack.of("chat.postMessage") == []
    assert 2 <= len(slack.refused) < 10
    assert f"chat.postMessage failed in C1 with {name}: {WHAT_TO_DO[name]}." in caplog.text
    assert "my-secret-words" not in caplog.text


@pytest.mark.usefixtures("soon")
@pytest.mark.parametrize("failure", [500, 502, "dropped"])
async def test_the_answer_to_a_command_survives_a_failure_too(
    server: Server, slack: MockSlack, failure: int | str
) -> None:
    slack.failures["response_url"] = [failure]
    await server.form(command("hello", slack.response_url()))
    await server.drained()
    assert len(slack.of("response_url")) == 1


@pytest.mark.usefixtures("soon")
async def test_what_slack_refuses_is_not_tried_again(server: Server, slack: MockSlack) -> None:
    slack.errors["chat.postMessage"] = ["channel_not_found"] * 2
    await server.event(mention("hello"))
    await server.drained()
    assert len(slack.refused) == 1


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
