"""The REST channel over HTTP: its answers, its errors, and the order of messages."""

import json
import socket
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest

from tests.server.live import WEBHOOK, Server, error, texts

JSON = {"Content-Type": "application/json"}
GREETING = ["Hello! **Ask** me."]
UNAVAILABLE = (503, "unavailable")


def raw_request(connection: socket.socket, body: bytes, **headers: str) -> None:
    lines = [f"POST {WEBHOOK} HTTP/1.1", "Host: x", "Content-Type: application/json", f"Content-Length: {len(body)}"]
    lines += [f"{name}: {value}" for name, value in headers.items()]
    connection.sendall("\r\n".join([*lines, "", ""]).encode() + body)


def test_a_response_of_the_domain_is_one_message_with_text_buttons_and_kind(server: Server) -> None:
    nothing: dict[str, Any] = {"topics": [], "roles": [], "facts": [], "sources": []}
    assert server.send("hello", "shape").json() == [
        {
            "recipient_id": "shape",
            "text": GREETING[0],
            "buttons": [{"title": "Echo", "payload": "/echo"}],
            "custom": {"kind": "smalltalk", **nothing},
        }
    ]


def test_an_answer_of_an_action_comes_without_its_parts(server: Server) -> None:
    (message,) = server.send("some words", "shape of an action").json()
    assert set(message) == {"recipient_id", "text", "custom"}
    assert message["text"] == "1: some words"
    assert message["custom"]["facts"] == ["a.b.c"]
    assert "parts" not in message["custom"]


@pytest.mark.parametrize(
    ("body", "status", "code"),
    [
        (b"", 400, "malformed_json"),
        (b"{", 400, "malformed_json"),
        (b'{"sender": "a", "message": "\xff"}', 400, "malformed_json"),
        (b'{"sender": "a", "message": NaN}', 400, "malformed_json"),
        (b"[" * 20_000, 400, "malformed_json"),
        (b"9" * 20_000, 400, "malformed_json"),
        (b"[]", 400, "bad_request"),
        (b"null", 400, "bad_request"),
        (b'{"message": "hello"}', 400, "missing_sender"),
        (b'{"sender": "  ", "message": "hello"}', 400, "missing_sender"),
        (b'{"sender": 7, "message": "hello"}', 400, "missing_sender"),
        (b'{"sender": "a\\u0000", "message": "hello"}', 400, "bad_sender"),
        (b'{"sender": "a\\ud800", "message": "hello"}', 400, "bad_sender"),
        (b'{"sender": "%s", "message": "hello"}' % (b"a" * 129), 400, "bad_sender"),
        (b'{"sender": "a"}', 400, "missing_message"),
        (b'{"sender": "a", "message": ["hello"]}', 400, "missing_message"),
        (b'{"sender": "a", "message": " \\n "}', 400, "missing_message"),
        (b'{"sender": "a", "message": "\\u0000\\u0007\\ud800"}', 400, "missing_message"),
        (b'{"sender": "a", "message": "\\u200b"}', 400, "missing_message"),
        (b'{"sender": "a", "message": "hello", "metadata": []}', 400, "bad_request"),
        (b'{"sender": "a", "message": "hello", "metadata": {"a": "%s"}}' % (b"b" * 4096), 400, "bad_request"),
        (b'{"sender": "a", "message": "hello", "metadata": {"a": "\\udc00"}}', 400, "bad_request"),
        (b'{"sender": "a", "message": "hello", "message_id": 5}', 400, "bad_request"),
        (b'{"sender": "a", "message": "hello", "message_id": "%s"}' % (b"b" * 65), 400, "bad_request"),
        (b'{"sender": "a", "message": "%s"}' % (b"b" * 1001), 413, "message_too_long"),
        (b'{"sender": "a", "message": "hello", "x": "%s"}' % (b"b" * 65_536), 413, "body_too_large"),
        (b'{"sender": "a", "message": "hello", "x": "%s"}' % (b"b" * 500_000), 413, "body_too_large"),
    ],
    ids=lambda value: repr(value)[:40],
)
def test_what_is_no_message_is_refused(server: Server, body: bytes, status: int, code: str) -> None:
    assert error(server.client.post(WEBHOOK, content=body, headers=JSON)) == (status, code)


@pytest.mark.parametrize("kind", ["", "text/plain", "application/x-www-form-urlencoded", "application/json; charset=x"])
def test_json_only_is_taken(server: Server, kind: str) -> None:
    body = b'{"sender": "a", "message": "hello"}'
    response = server.client.post(WEBHOOK, content=body, headers={"Content-Type": kind})
    assert error(response) == (415, "unsupported_media_type")


def test_a_thousand_characters_in_utf8_are_taken(server: Server) -> None:
    body = json.dumps({"sender": "long", "message": "ü" * 1000, "metadata": {"page": "x"}}, ensure_ascii=False)
    headers = {"Content-Type": 'application/json; charset="UTF-8"'}
    assert texts(server.client.post(WEBHOOK, content=body.encode(), headers=headers)) == ["1: " + "ü" * 1000]


def test_control_characters_are_taken_out(server: Server) -> None:
    assert texts(server.send("a\x00b\x1b[31m\ud800 c\r\nd", "controls")) == ["1: ab[31m c\nd"]


def test_stream_is_ignored(server: Server) -> None:
    response = server.client.post(WEBHOOK + "?stream=true", json={"sender": "stream", "message": "hello"})
    assert texts(response) == GREETING


@pytest.mark.parametrize("message", ["/crash", "/silent", "/reject"])
def test_a_message_without_an_answer_is_never_an_empty_200(server: Server, message: str) -> None:
    response = server.send(message, "no answer")
    assert error(response) == UNAVAILABLE
    assert response.headers["Retry-After"]


@pytest.mark.parametrize("message", ["/crash", "/silent", "/reject"])
def test_a_failed_message_may_be_sent_again_with_its_id(server: Server, message: str) -> None:
    sender = f"again {message}"
    server.send("hello", sender, message_id="first")
    assert error(server.send(message, sender, message_id="failed")) == UNAVAILABLE
    assert error(server.send(message, sender, message_id="failed")) == UNAVAILABLE
    assert texts(server.send("hello", sender, message_id="failed")) == GREETING
    assert texts(server.send("something else", sender, message_id="failed")) == GREETING, "answered now"
    assert texts(server.send("hello", sender, message_id="first")) == GREETING


@pytest.mark.parametrize("message", ["/wait", "/block"])
def test_an_action_that_takes_too_long_is_given_up_and_holds_up_nobody(server: Server, message: str) -> None:
    sender = f"too long {message}"
    with ThreadPoolExecutor() as pool:
        waiting = pool.submit(server.send, message, sender)
        assert texts(server.send("hello", "somebody else")) == GREETING
        assert not waiting.done()
        assert error(waiting.result())[0] == 503
    assert texts(server.send("hello", sender)) == GREETING


def test_unknown_paths_and_methods_are_json_errors(server: Server) -> None:
    assert error(server.client.get("/webhooks/rest/nothing")) == (404, "not_found")
    assert error(server.client.get(WEBHOOK)) == (405, "method_not_allowed")


@pytest.mark.parametrize("path", ["/model", "/conversations/a/tracker", "/domain", "/version", "/status"])
def test_rasas_management_interface_is_off(server: Server, path: str) -> None:
    assert error(server.client.get(path)) == (404, "not_found")


def test_messages_of_one_conversation_are_answered_in_order_one_at_a_time(server: Server) -> None:
    sender, headers = server.conversation()
    messages = ['/wait{"seconds": 0.5}', "after that"]
    with socket.create_connection(server.address) as first, socket.create_connection(server.address) as second:
        for connection, message in zip((first, second), messages, strict=True):
            body = json.dumps({"sender": sender, "message": message}).encode()
            raw_request(connection, body, Connection="close", **headers)
        for connection in (first, second):
            while connection.recv(4096):
                pass
    history = server.client.get(f"/webhooks/rest/conversations/{sender}", headers=headers).json()["messages"]
    assert [message["text"] for message in history] == [messages[0], "waited", messages[1], "1: after that"]


def test_messages_that_arrive_together_all_count(server: Server) -> None:
    with ThreadPoolExecutor(10) as pool:
        answers = list(pool.map(lambda _: texts(server.send("/echo", "together"))[0], range(10)))
    assert sorted(int(answer.split(":")[0]) for answer in answers) == list(range(1, 11))


def test_the_same_message_id_gets_the_first_answer_once(server: Server) -> None:
    with ThreadPoolExecutor(5) as pool:
        together = list(pool.map(lambda _: texts(server.send("/echo", "twice", message_id="m1")), range(5)))
    assert together == [["1: /echo"]] * 5
    assert texts(server.send("other words", "twice", message_id="m1")) == ["1: /echo"]
    assert texts(server.send("/echo", "twice", message_id="m2")) == ["2: /echo"]
    assert texts(server.send("/echo", "another conversation", message_id="m1")) == ["1: /echo"]


def test_actions_see_the_last_turns_only_and_no_domain(server: Server) -> None:
    for _ in range(6):
        (message,) = server.send("/echo", "many turns").json()
    assert message["custom"]["seen"] == {"turns": 3, "domain": False}


def test_what_people_write_is_not_in_the_log(server: Server) -> None:
    for message in ["/crash", "zebra", "/zebra", '/crash{"seconds": "zebra"}', "/zebra{", "/greet{zebra}"]:
        server.send(message, "named-sender", metadata={"zebra": "zebra"})
    log = "".join(server.log)
    assert "ValueError" in log
    assert "zebra" not in log
    assert "Warning" not in log
