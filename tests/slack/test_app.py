"""Requests of Slack over HTTP: signatures, the five-minute window, acknowledging, and what is not known."""

import asyncio
import json
import logging
import time
from typing import Any
from urllib.parse import urlencode

import pytest

from .conftest import Serve
from .mock_api import MockSlack
from .payloads import command, direct, event, mention, moment
from .server import PATH, Server, Talker, signature

pytestmark = pytest.mark.asyncio
JSON = {"content-type": "application/json"}
FORM = {"content-type": "application/x-www-form-urlencoded"}


async def test_url_verification_is_answered(server: Server) -> None:
    challenge = "3eZbrw1aBm2rZgRNFdxV2595E9CY3gmdALWMmHkvFXO7tYXAYM8P"
    response = await server.event({"token": "legacy", "challenge": challenge, "type": "url_verification"})
    assert response.status_code == 200
    assert response.json() == {"challenge": challenge}


async def test_url_verification_needs_a_signature_too(server: Server) -> None:
    body = json.dumps({"challenge": "c", "type": "url_verification"}).encode()
    assert (await server.post(body, {**JSON, **signature(body, secret="wrong")})).status_code == 401


def unsigned(_: bytes) -> dict[str, str]:
    return {}


def forged(body: bytes) -> dict[str, str]:
    return signature(body, secret="another secret")


def expired(body: bytes) -> dict[str, str]:
    return signature(body, at=time.time() - 301)


def from_the_future(body: bytes) -> dict[str, str]:
    return signature(body, at=time.time() + 310)


def of_another_body(body: bytes) -> dict[str, str]:
    return signature(body + b" ")


def redated(body: bytes) -> dict[str, str]:
    return {**signature(body, at=time.time() - 301), "x-slack-request-timestamp": str(int(time.time()))}


def without_time(body: bytes) -> dict[str, str]:
    return {"x-slack-signature": signature(body)["x-slack-signature"]}


def not_a_time(body: bytes) -> dict[str, str]:
    return {**signature(body), "x-slack-request-timestamp": "soon"}


def not_hexadecimal(body: bytes) -> dict[str, str]:
    return {**signature(body), "x-slack-signature": "v0=\xe9" + "g" * 63}


def upper_case(body: bytes) -> dict[str, str]:
    return {**signature(body), "x-slack-signature": signature(body)["x-slack-signature"].upper()}


@pytest.mark.parametrize(
    "headers",
    [
        unsigned,
        forged,
        expired,
        from_the_future,
        of_another_body,
        redated,
        without_time,
        not_a_time,
        not_hexadecimal,
        upper_case,
    ],
)
async def test_what_slack_did_not_sign_is_refused(
    server: Server, talker: Talker, headers: Any, caplog: pytest.LogCaptureFixture
) -> None:
    body = json.dumps(direct("my-secret-words")).encode()
    response = await server.post(body, {**JSON, **headers(body)})
    assert response.status_code == 401
    assert response.json()["error"]["code"] == "invalid_signature"
    await server.drained()
    assert talker.heard == []
    assert "my-secret-words" not in caplog.text


async def test_an_expired_body_with_an_old_but_valid_signature_stays_expired(server: Server, talker: Talker) -> None:
    body = json.dumps(direct("hello")).encode()
    assert (await server.post(body, {**JSON, **signature(body, at=time.time() - 290)})).status_code == 200
    assert (await server.post(body, {**JSON, **signature(body, at=time.time() - 302)})).status_code == 401
    await server.drained()
    assert len(talker.heard) == 1


async def test_a_truncated_body_is_refused(server: Server, talker: Talker) -> None:
    body = json.dumps(direct("hello")).encode()
    headers = {**JSON, **signature(body)}
    assert (await server.post(body[:-20], headers)).status_code == 401
    await server.drained()
    assert talker.heard == []


@pytest.mark.parametrize(
    ("body", "kind"),
    [
        (json.dumps(direct("hello")).encode()[:-20], JSON),
        (b"[]", JSON),
        (b'"event"', JSON),
        (b"null", JSON),
        (b"", JSON),
        (b"", FORM),
        (b"{" * 100_000, JSON),
        (b"payload=%7Bbroken", FORM),
        (b"payload=%5B%5D", FORM),
    ],
)
async def test_signed_bodies_that_cannot_be_read_are_refused(
    server: Server, talker: Talker, body: bytes, kind: dict[str, str]
) -> None:
    response = await server.post(body, {**kind, **signature(body)})
    assert response.status_code == 400
    await server.drained()
    assert talker.heard == []


async def test_a_body_that_is_not_utf_8_is_refused(server: Server) -> None:
    body = b'{"type": "\xff\xfe"}'
    assert (await server.post(body, {**JSON, **signature(body)})).status_code == 401


async def test_an_oversized_body_is_refused(server: Server, talker: Talker) -> None:
    body = json.dumps(direct("x" * 600_000)).encode()
    assert (await server.post(body, {**JSON, **signature(body)})).status_code == 413
    await server.drained()
    assert talker.heard == []


async def test_a_request_that_is_sent_again_as_it_was_is_processed_once(
    server: Server, slack: MockSlack, talker: Talker
) -> None:
    for body, kind in (
        (json.dumps(direct("hello")).encode(), JSON),
        (urlencode(command("hello", slack.response_url())).encode(), FORM),
    ):
        headers = {**kind, **signature(body)}
        assert [(await server.post(body, headers)).status_code for _ in range(3)] == [200, 200, 200]
    await server.drained()
    assert len(talker.heard) == 2


@pytest.mark.parametrize(
    "reason", ["http_timeout", "http_error", "connection_failed", "ssl_error", "too_many_redirects"]
)
async def test_retries_for_any_reason_are_processed_once(server: Server, talker: Talker, reason: str) -> None:
    payload = direct("hello")
    await server.event(payload)
    for number in ("1", "2", "3"):
        headers = {"x-slack-retry-num": number, "x-slack-retry-reason": reason}
        assert (await server.event(payload, **headers)).status_code == 200
    await server.drained()
    assert len(talker.heard) == 1


async def test_a_retry_is_processed_if_the_first_try_never_arrived(server: Server, talker: Talker) -> None:
    headers = {"x-slack-retry-num": "1", "x-slack-retry-reason": "http_timeout"}
    await server.event(direct("hello"), **headers)
    await server.drained()
    assert len(talker.heard) == 1


async def test_several_workers_answer_an_event_once(serve: Serve, slack: MockSlack, talker: Talker, redis: Any) -> None:
    workers = [await serve(redis_url=redis.url) for _ in range(3)]
    payloads = [mention(f"question {number}", user=f"U{number}") for number in range(20)]
    await asyncio.gather(*(worker.event(payload) for payload in payloads for worker in workers))
    for worker in workers:
        await worker.drained()
    assert sorted(text for _, text in talker.heard) == sorted(f"question {number}" for number in range(20))
    assert len(slack.of("chat.postMessage")) == 20
    assert all(key.startswith("career-advisor:slack:") for key in redis.lifetimes)
    assert all(seconds >= 26 * 3_600 for seconds in redis.lifetimes.values())


async def test_without_redis_each_worker_goes_on_by_itself(
    serve: Serve, slack: MockSlack, talker: Talker, redis: Any, caplog: pytest.LogCaptureFixture
) -> None:
    server = await serve(redis_url=redis.url)
    await redis.stop()
    payload = direct("hello")
    await server.event(payload)
    await server.event(payload)
    await slack.until("chat.postMessage")
    await server.drained()
    assert len(talker.heard) == 1
    assert caplog.text.count("check REDIS_URL") == 1


async def test_slack_is_answered_at_once_while_the_bot_and_slacks_api_are_stuck(
    server: Server, slack: MockSlack, talker: Talker
) -> None:
    talker.held = asyncio.Event()
    slack.held = asyncio.Event()
    loop = asyncio.get_running_loop()
    times = []
    for number in range(30):
        started = loop.time()
        requests = [
            server.event(direct("hello", user=f"U{number}")),
            server.event(event({"type": "app_home_opened", "user": f"U{number}", "tab": "home"})),
            server.form(command("hello", slack.response_url(), user=f"U{number}")),
        ]
        for request in requests:
            assert (await request).status_code == 200
            times.append(loop.time() - started)
            started = loop.time()
    assert max(times) < 1.0
    assert slack.of("chat.postMessage") == []
    talker.held.set()
    slack.held.set()
    await slack.until("chat.postMessage", 30)


async def test_a_token_that_does_not_work_does_not_keep_requests_from_being_acknowledged(
    serve: Serve, slack: MockSlack, caplog: pytest.LogCaptureFixture
) -> None:
    server = await serve(bot_token="xoxb-old")
    assert (await server.event(direct("hello"))).status_code == 200
    assert (await server.form(command("hello", slack.response_url()))).status_code == 200
    await slack.until_refused("chat.postMessage")
    assert "invalid_auth: the token is wrong" in caplog.text
    assert "xoxb-old" not in caplog.text


@pytest.mark.parametrize(
    "payload",
    [
        event({"type": "reaction_added", "user": "U1", "reaction": "thumbsup", "event_ts": moment()}),
        event({"type": "member_joined_channel", "user": "U1", "channel": "C1"}),
        event({"type": "function_executed", "function": {"callback_id": "f"}, "function_execution_id": "Fx1"}),
        event({"type": "my-secret-words " * 10}),
        event({"type": None}),
        event({}),
        event({"type": "app_home_opened", "tab": "home"}),
        {"type": "event_callback", "event": "text"},
        {"type": "event_callback", "event": []},
        {"type": "event_callback"},
        {"type": "app_rate_limited", "minute_rate_limited": 1518467820},
        {"type": "something_new"},
        {"hello": "world"},
    ],
)
async def test_unknown_events_are_acknowledged_and_logged(
    server: Server, slack: MockSlack, talker: Talker, payload: dict[str, Any], caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.INFO)
    assert (await server.event(payload)).status_code == 200
    await server.drained()
    assert "Slack: " in caplog.text
    assert "my-secret-words" not in caplog.text
    assert talker.heard == []
    assert slack.of("chat.postMessage") == []


@pytest.mark.parametrize(
    "payload",
    [
        {"type": "block_actions", "actions": [{"type": "button", "action_id": "other", "value": "x"}]},
        {"type": "block_actions", "actions": [{"type": "button", "action_id": "choose-0", "value": "/x"}]},
        {"type": "block_actions", "actions": [{"type": "button", "action_id": "rate-up", "value": "no json"}]},
        {"type": "block_actions", "actions": []},
        {"type": "block_actions", "actions": "none"},
        {"type": "block_actions"},
        {"type": "interactive_message", "callback_id": "old", "actions": [{"name": "a", "type": "button"}]},
        {"type": "shortcut", "callback_id": "new"},
        {"type": "message_action", "callback_id": "new", "message": {"text": "my-secret-words"}},
        {"type": "view_submission", "view": {"callback_id": "v", "state": {"values": {}}}},
        {"type": "view_closed", "view": {"callback_id": "v"}},
        {"type": "block_suggestion", "action_id": "a", "block_id": "b", "value": "my-secret-words"},
        {"type": "dialog_submission", "callback_id": "d", "state": "s", "submission": {}},
        {"type": "workflow_step_edit", "callback_id": "w"},
        {"type": "something_new"},
        {},
    ],
)
async def test_unknown_interactions_are_acknowledged_and_logged(
    server: Server, slack: MockSlack, talker: Talker, payload: dict[str, Any], caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.INFO)
    whole = {"team": {"id": "T1"}, "user": {"id": "U1"}, "channel": {"id": "C1"}, "trigger_id": "1.1", **payload}
    assert (await server.interaction(whole)).status_code == 200
    await server.drained()
    assert "Slack: " in caplog.text
    assert "my-secret-words" not in caplog.text
    assert talker.heard == []
    assert slack.of("chat.postMessage") == []


async def test_an_unknown_command_is_acknowledged_with_help(
    server: Server, slack: MockSlack, talker: Talker, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.INFO)
    response = await server.form(command("hello", slack.response_url(), name="/other"))
    assert response.status_code == 200
    assert "/career help" in response.json()["text"]
    assert "the command /other is not known" in caplog.text
    assert talker.heard == []


async def test_other_methods_and_paths_are_not_there(server: Server) -> None:
    assert (await server.request("GET", PATH)).status_code == 405
    assert (await server.request("GET", "/webhooks/slack/")).json() == {"status": "ok"}
