"""The widget's conversations: tokens, history, erasing, feedback."""

import json
import sqlite3
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import httpx
import pytest
from rasa.shared.core.events import BotUttered, UserUttered
from rasa.shared.core.trackers import DialogueStateTracker

from bot.channels.conversations import messages_of
from tests.server.live import Server

CONVERSATIONS = "/webhooks/rest/conversations"
FEEDBACK = "/webhooks/rest/feedback"
FORBIDDEN = (403, "forbidden")


def code(response: httpx.Response) -> tuple[int, str]:
    return response.status_code, response.json()["error"]["code"]


def stored(folder: Path, sender: str) -> list[dict[str, Any]]:
    """The events in the bot's database."""
    with sqlite3.connect(folder / "conversations.db") as database:
        rows = database.execute("select data from events where sender_id = ? order by id", [sender])
        return [json.loads(data) for (data,) in rows]


def test_issued_conversations_cannot_be_guessed(server: Server) -> None:
    response = server.client.post(CONVERSATIONS, json={})
    assert response.status_code == 201
    made = response.json()
    assert set(made) == {"sender", "token"}
    assert made["sender"].startswith("web-")
    assert len(made["sender"]) >= len("web-") + 22
    assert server.client.post(CONVERSATIONS, json={}).json()["sender"] != made["sender"]


@pytest.mark.parametrize("authorization", [None, "", "Bearer", "Bearer x", "Basic x", "Bearer \xff"])
def test_a_web_conversation_needs_its_token_everywhere(server: Server, authorization: str | None) -> None:
    sender, _ = server.conversation()
    headers = {} if authorization is None else {b"Authorization": authorization.encode("latin1")}
    path = f"{CONVERSATIONS}/{sender}"
    assert code(server.send("hello", sender, headers=headers)) == FORBIDDEN
    assert code(server.client.get(path, headers=headers)) == FORBIDDEN
    assert code(server.client.delete(path, headers=headers)) == FORBIDDEN
    feedback = {"sender": sender, "rating": "up"}
    assert code(server.client.post(FEEDBACK, json=feedback, headers=headers)) == FORBIDDEN


def test_the_token_of_another_conversation_does_not_count(server: Server) -> None:
    sender, _ = server.conversation()
    _, other = server.conversation()
    assert code(server.send("hello", sender, headers=other)) == FORBIDDEN
    assert code(server.send("hello", sender.upper())) == FORBIDDEN


@pytest.mark.parametrize("sender", ["slack-T1-U1", "slack"])
def test_conversations_of_slack_cannot_be_reached(server: Server, sender: str) -> None:
    assert code(server.send("hello", sender)) == FORBIDDEN


def test_conversations_with_a_name_of_their_own_are_not_open_to_readers(server: Server) -> None:
    server.send("hello", "named")
    assert code(server.client.get(f"{CONVERSATIONS}/named")) == FORBIDDEN
    assert code(server.client.delete(f"{CONVERSATIONS}/named")) == FORBIDDEN


def test_the_history_shows_both_sides_with_ids_and_times(server: Server) -> None:
    sender, headers = server.conversation()
    (reply,) = server.send("hello", sender, headers=headers, message_id="first").json()
    server.send("and then", sender, headers=headers)
    messages = server.client.get(f"{CONVERSATIONS}/{sender}", headers=headers).json()["messages"]
    assert [message["role"] for message in messages] == ["user", "bot", "user", "bot"]
    assert messages[0]["text"] == "hello"
    assert messages[0]["id"] == "first"
    assert messages[1]["id"] == reply["id"] == "first.1"
    for name in ("text", "buttons", "custom"):
        assert messages[1][name] == reply[name]
    assert "parts" not in messages[3]["custom"]
    assert all(message["time"].endswith("+00:00") for message in messages)


async def test_the_history_ends_with_the_newest_two_hundred_messages() -> None:
    events = [made for number in range(150) for made in (UserUttered(f"q{number}"), BotUttered(f"a{number}"))]
    tracker = DialogueStateTracker.from_events("long", events)

    async def retrieve(_: str) -> DialogueStateTracker:
        return tracker

    messages = await messages_of(SimpleNamespace(tracker_store=SimpleNamespace(retrieve_full_tracker=retrieve)), "long")
    assert len(messages) == 200
    assert [message["text"] for message in messages[:1] + messages[-1:]] == ["q50", "a149"]


def test_erasing_leaves_nothing(server: Server, tiny_bot: Path) -> None:
    sender, headers = server.conversation()
    path = f"{CONVERSATIONS}/{sender}"
    server.send("/echo", sender, headers=headers, message_id="m")
    assert stored(tiny_bot, sender)
    response = server.client.delete(path, headers=headers)
    assert (response.status_code, response.content) == (204, b"")
    assert stored(tiny_bot, sender) == []
    assert code(server.client.get(path, headers=headers)) == (404, "not_found")
    assert server.client.delete(path, headers=headers).status_code == 204
    assert server.send("/echo", sender, headers=headers, message_id="m").json()[0]["text"] == "1: /echo"


def test_feedback_is_kept_in_the_conversation(server: Server, tiny_bot: Path) -> None:
    sender, headers = server.conversation()
    server.send("hello", sender, headers=headers)
    opinion = {"message_id": "first.1", "facts": ["a.b.c"], "rating": "down", "reason": "too_long"}
    response = server.client.post(FEEDBACK, json={"sender": sender, **opinion}, headers=headers)
    assert (response.status_code, response.content) == (204, b"")
    assert stored(tiny_bot, sender)[-1]["value"] == {**opinion, "by": "button"}
    empty: dict[str, Any] = {"sender": sender, "message_id": None, "facts": [], "rating": "up", "reason": None}
    assert server.client.post(FEEDBACK, json=empty, headers=headers).status_code == 204
    assert server.send("hello", sender, headers=headers).status_code == 200


@pytest.mark.parametrize(
    "wrong",
    [
        {"rating": None},
        {"rating": "sideways"},
        {"rating": ["up"]},
        {"reason": "because"},
        {"reason": {}},
        {"facts": "a"},
        {"facts": [1]},
        {"facts": ["a"] * 51},
        {"facts": ["\ud800"]},
        {"message_id": 5},
        {"sender": ""},
    ],
)
def test_feedback_is_checked(server: Server, wrong: dict[str, Any]) -> None:
    body = json.dumps({"sender": "named", "rating": "up", "facts": [], **wrong})
    headers = {"Content-Type": "application/json"}
    assert server.client.post(FEEDBACK, content=body, headers=headers).status_code == 400


def test_feedback_on_an_unknown_conversation_is_not_found(server: Server) -> None:
    response = server.client.post(FEEDBACK, json={"sender": "never seen", "rating": "up"})
    assert code(response) == (404, "not_found")
