"""Socket Mode: no public address, and the same behaviour."""

import asyncio

import pytest

from .conftest import Serve
from .mock_api import APP_TOKEN, MockSlack
from .payloads import click, command, direct, home_opened
from .server import PATH, Talker, drained

pytestmark = pytest.mark.asyncio


async def test_events_commands_and_clicks_arrive_over_the_socket(
    serve: Serve, slack: MockSlack, talker: Talker
) -> None:
    talker.says = lambda text: [{"text": "Hi", "buttons": [{"title": "More", "payload": "/more"}]}]
    server = await serve(app_token=APP_TOKEN, signing_secret="")
    socket = await slack.until_connected()

    await socket.send_json({"type": "events_api", "envelope_id": "1", "payload": direct("hello")})
    await slack.until_acknowledged("1")
    (posted,) = await slack.until("chat.postMessage")

    await socket.send_json({"type": "interactive", "envelope_id": "2", "payload": click(posted, "More")})
    await slack.until_acknowledged("2")
    await slack.until("chat.update")
    await slack.until("chat.postMessage", 2)

    await socket.send_json({"type": "events_api", "envelope_id": "3", "payload": home_opened()})
    await slack.until("views.publish")

    asked = command("hello", slack.response_url())
    await socket.send_json({"type": "slash_commands", "envelope_id": "4", "payload": asked})
    await slack.until_acknowledged("4")
    await slack.until("response_url", 2)

    asked = command("help", slack.response_url())
    await socket.send_json(
        {"type": "slash_commands", "envelope_id": "5", "payload": asked, "accepts_response_payload": True}
    )
    assert "/career your question" in (await slack.until_acknowledged("5"))["text"]
    assert [text for _, text in talker.heard] == ["hello", "/more", "hello"]
    # Without the signing secret nobody can prove over HTTP to be Slack.
    assert (await server.request("POST", PATH, data=b"{}")).status_code == 404


async def test_an_envelope_that_comes_again_is_processed_once(serve: Serve, slack: MockSlack, talker: Talker) -> None:
    server = await serve(app_token=APP_TOKEN)
    socket = await slack.until_connected()
    payload = direct("hello")
    for number in range(3):
        envelope = {"type": "events_api", "envelope_id": str(number), "payload": payload, "retry_attempt": number}
        await socket.send_json(envelope)
        await slack.until_acknowledged(str(number))
    await server.drained()
    assert len(talker.heard) == 1


async def test_what_is_not_known_is_acknowledged(serve: Serve, slack: MockSlack) -> None:
    await serve(app_token=APP_TOKEN)
    socket = await slack.until_connected()
    for number, payload in enumerate([{"type": "something_new"}, {"type": "event_callback", "event": "text"}, {}]):
        await socket.send_json({"type": "events_api", "envelope_id": str(number), "payload": payload})
        await slack.until_acknowledged(str(number))


async def test_the_socket_is_made_anew_when_slack_asks_for_it(serve: Serve, slack: MockSlack, talker: Talker) -> None:
    await serve(app_token=APP_TOKEN)
    socket = await slack.until_connected()
    await socket.send_json({"type": "disconnect", "reason": "refresh_requested"})
    socket = await slack.until_connected(2)
    await socket.send_json({"type": "events_api", "envelope_id": "1", "payload": direct("hello")})
    await slack.until("chat.postMessage")


async def test_the_socket_closes_with_the_server(serve: Serve, slack: MockSlack) -> None:
    server = await serve(app_token=APP_TOKEN)
    socket = await slack.until_connected()
    await server.channel._service.stop()
    await asyncio.wait_for(_closed(socket), 60)


async def test_a_wrong_app_token_is_logged_and_the_rest_works(
    serve: Serve, slack: MockSlack, caplog: pytest.LogCaptureFixture
) -> None:
    server = await serve(app_token="xapp-old")
    await slack.until_refused("apps.connections.open")
    await drained(server.channel)
    assert "apps.connections.open failed with invalid_auth" in caplog.text
    assert "xapp-old" not in caplog.text
    assert (await server.event(direct("hello"))).status_code == 200
    await slack.until("chat.postMessage")


async def _closed(socket) -> None:
    while not socket.closed:
        await asyncio.sleep(0)
