"""What a client cannot choose: the slots of a conversation, and the id of a protected one."""

from pathlib import Path
from typing import Any

import pytest
import yaml

from tests.server.live import Server, error
from tests.server.test_conversations import CONVERSATIONS, FEEDBACK, FORBIDDEN, stored

DOMAIN = Path(__file__).parents[2] / "domain.yml"
CHOSEN = {"count": 41, "feedback": "chosen", "context": {"last": "chosen"}}


def test_no_slot_of_the_bot_is_filled_from_what_a_message_holds() -> None:
    slots = yaml.safe_load(DOMAIN.read_text(encoding="utf-8"))["slots"]
    assert {"context", "feedback"} <= slots.keys()
    for name, slot in slots.items():
        assert slot["mappings"] == [{"type": "custom"}], name
        assert "initial_value" not in slot, name


@pytest.mark.parametrize(
    ("message", "more"),
    [
        ("some words", {"slots": CHOSEN, "events": [{"event": "slot", "name": "count", "value": 41}]}),
        ("some words", {"tracker": {"slots": CHOSEN}, "intent": {"name": "internal_secret"}, "input_channel": "slack"}),
        ("some words", {"metadata": {"slots": CHOSEN, **CHOSEN}}),
        ('/echo{"count": 41, "feedback": "chosen", "context": "chosen"}', {}),
        ('/echo{"slots": 41, "seconds": "1"}', {"entities": [{"entity": "count", "value": 41}]}),
    ],
    ids=["fields", "tracker", "metadata", "entities", "entities and fields"],
)
def test_slots_cannot_be_set_from_outside(server: Server, tiny_bot: Path, message: str, more: dict[str, Any]) -> None:
    sender, headers = server.conversation()
    (answer,) = server.send(message, sender, headers=headers, **more).json()
    assert answer["text"] == f"1: {message}", "the action counts from nothing"
    events = stored(tiny_bot, sender)
    assert {each["name"]: each["value"] for each in events if each["event"] == "slot"} == {"count": 1}
    (heard,) = [each for each in events if each["event"] == "user"]
    assert heard["parse_data"]["intent"]["name"] == ("echo" if message.startswith("/") else "nlu_fallback")
    assert heard["metadata"].items() >= more.get("metadata", {}).items()
    assert {each["entity"] for each in heard["parse_data"]["entities"]} <= {"seconds"}
    assert heard["input_channel"] == "rest"


@pytest.mark.parametrize("chosen", ["web-1", "web-", "WEB-1", "Web-" + "a" * 24, "slack-T1-dm-U1", "SLACK-T1-U1"])
def test_nobody_chooses_the_id_of_a_protected_conversation(server: Server, tiny_bot: Path, chosen: str) -> None:
    other, headers = server.conversation()
    for given in ({}, headers, {"Authorization": f"Bearer {chosen}"}):
        assert error(server.send("hello", chosen, headers=given)) == FORBIDDEN
        assert error(server.client.get(f"{CONVERSATIONS}/{chosen}", headers=given)) == FORBIDDEN
        assert error(server.client.delete(f"{CONVERSATIONS}/{chosen}", headers=given)) == FORBIDDEN
        opinion = {"sender": chosen, "rating": "up"}
        assert error(server.client.post(FEEDBACK, json=opinion, headers=given)) == FORBIDDEN
    assert stored(tiny_bot, chosen) == []
    assert other != chosen


def test_an_id_and_a_token_that_a_client_asks_for_are_not_what_it_gets(server: Server) -> None:
    wish = {"sender": "web-wished", "token": "wished"}
    made = server.client.post(
        f"{CONVERSATIONS}?sender=web-wished&token=wished", json=wish, headers={"Authorization": "Bearer wished"}
    ).json()
    assert made["sender"] != wish["sender"] and made["token"] != wish["token"]


def test_issued_ids_and_tokens_have_nothing_in_common(server: Server) -> None:
    made = [server.client.post(CONVERSATIONS, json={}).json() for _ in range(50)]
    for field, where in (("sender", len("web-")), ("token", 0)):
        values = [each[field][where:] for each in made]
        assert len({value[:8] for value in values}) == len({value[-8:] for value in values}) == len(made)
    assert not [each for each in made if each["sender"] in each["token"] or each["token"] in each["sender"]]


def test_a_token_opens_its_own_conversation_and_no_other(server: Server, tiny_bot: Path) -> None:
    mine, my_headers = server.conversation()
    theirs, their_headers = server.conversation()
    for sender, headers in ((mine, my_headers), (theirs, their_headers)):
        assert server.send("hello", sender, headers=headers).status_code == 200
    before = stored(tiny_bot, theirs)
    for sender in (theirs, theirs.upper(), theirs[:-1], f"{theirs}x", f"{mine}{theirs}"):
        path = f"{CONVERSATIONS}/{sender}"
        assert error(server.send("hello", sender, headers=my_headers)) == FORBIDDEN
        assert error(server.client.get(path, headers=my_headers)) == FORBIDDEN
        assert error(server.client.delete(path, headers=my_headers)) == FORBIDDEN
        opinion = {"sender": sender, "rating": "down"}
        assert error(server.client.post(FEEDBACK, json=opinion, headers=my_headers)) == FORBIDDEN
    assert stored(tiny_bot, theirs) == before
    assert server.client.get(f"{CONVERSATIONS}/{theirs}", headers=their_headers).status_code == 200
