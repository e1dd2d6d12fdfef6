"""The REST contract, line by line, against the live bot."""

import json
import socket
from http.client import HTTPConnection
from typing import Any
from urllib.parse import urlsplit

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

WEBHOOK = "/webhooks/rest/webhook"


def send(
    url: str, body: bytes | str, method: str = "POST", path: str = WEBHOOK, **headers: str
) -> tuple[int, dict[str, str], Any]:
    parts = urlsplit(url)
    connection = HTTPConnection(parts.hostname or "", parts.port, timeout=30)
    data = body.encode("utf-8", "surrogatepass") if isinstance(body, str) else body
    given_headers = {"Content-Type": "application/json", **{k.replace("_", "-"): v for k, v in headers.items()}}
    connection.request(method, path, data, given_headers)
    answer = connection.getresponse()
    content = answer.read()
    connection.close()
    try:
        parsed = json.loads(content) if content else None
    except ValueError:
        parsed = content
    return answer.status, dict(answer.getheaders()), parsed


def message(text: Any, sender: Any = "someone", **more: Any) -> str:
    return json.dumps({"sender": sender, "message": text, **more})


@pytest.mark.parametrize(
    "body",
    [
        "",
        "{",
        "[]",
        "null",
        '"text"',
        b"\xff\xfe",
        json.dumps({"message": "hi"}),
        json.dumps({"sender": "a"}),
        message(""),
        message("   "),
        message("\x00\x01"),
        message(7),
        message(None),
        message(["hi"]),
        message("hi", sender=""),
        message("hi", sender=3),
        message("hi", sender="x" * 1000),
        message("hi", metadata=[1]),
    ],
)
def test_a_body_that_is_no_message_is_400_with_a_sentence(url: str, body: bytes | str) -> None:
    status, _, answer = send(url, body)
    assert status == 400
    assert answer["error"]["code"]
    assert answer["error"]["message"].endswith(".")


def test_a_message_over_1000_characters_is_413(url: str) -> None:
    assert send(url, message("x" * 1001))[0] == 413
    assert send(url, message("x " * 500))[0] == 200


def test_a_body_that_is_too_large_is_413(url: str) -> None:
    assert send(url, message("hi", metadata={"x": "y" * 100_000}))[0] == 413


def test_other_content_types_are_415(url: str) -> None:
    status, _, answer = send(url, "sender=a&message=hi", Content_Type="application/x-www-form-urlencoded")
    assert status == 415
    assert answer["error"]["code"]


def test_an_answer_has_rasas_shape_with_the_envelope(url: str) -> None:
    status, headers, answer = send(url, message("what tools do ML engineers use?", sender="shape"))
    assert status == 200
    assert headers["X-Content-Type-Options"] == "nosniff"
    (bubble,) = answer
    assert set(bubble) == {"recipient_id", "text", "buttons", "custom"}
    assert bubble["recipient_id"] == "shape"
    assert set(bubble["custom"]) == {"kind", "topics", "roles", "facts", "sources"}
    assert all(set(button) == {"title", "payload"} for button in bubble["buttons"])


@pytest.mark.parametrize(
    "text", ["/session_start", "/restart", "/back", "/nlu_fallback", "/action_listen", "/internal_x", "/nosuchintent"]
)
def test_payloads_that_nobody_may_send_do_no_harm(url: str, text: str) -> None:
    status, _, answer = send(url, message(text))
    assert status == 200
    assert answer[0]["text"]


@pytest.mark.parametrize(
    "text",
    [
        '/ask_tools{"role": "<img src=x onerror=alert(1)>"}',
        '/ask_tools{"role": {"a": 1}}',
        '/ask_who{"thing": ["fpga", 3, null]}',
        '/pick_option{"choice": "third"}',
        '/ask_tools{"context": "x"}',
        "/ask_tools{broken",
    ],
)
def test_payloads_with_foreign_values_are_answered_without_them(url: str, text: str) -> None:
    status, _, answer = send(url, message(text))
    assert status == 200
    assert "<img" not in json.dumps(answer)


def test_a_foreign_origin_is_refused(url: str) -> None:
    status, _, answer = send(url, message("hi"), Origin="https://elsewhere.example")
    assert status == 403
    assert answer["error"]["code"] == "origin_not_allowed"


def test_rasas_management_interface_is_off(url: str) -> None:
    for path in ("/model/parse", "/conversations/someone/tracker", "/status", "/domain"):
        assert send(url, "", method="GET", path=path)[0] == 404


def test_an_issued_conversation_belongs_to_its_token(url: str) -> None:
    status, _, issued = send(url, "", path="/webhooks/rest/conversations")
    assert status == 201
    path = f"/webhooks/rest/conversations/{issued['sender']}"
    authorised = f"Bearer {issued['token']}"
    assert send(url, message("hi", sender=issued["sender"]))[0] == 403
    assert send(url, message("hi", sender=issued["sender"]), Authorization="Bearer wrong")[0] == 403
    assert send(url, message("hello", sender=issued["sender"]), Authorization=authorised)[0] == 200
    _, _, history = send(url, "", method="GET", path=path, Authorization=authorised)
    assert [m["role"] for m in history["messages"]] == ["user", "bot"]
    assert send(url, "", method="GET", path=path)[0] == 403
    assert send(url, "", method="DELETE", path=path, Authorization=authorised)[0] == 204
    assert send(url, "", method="GET", path=path, Authorization=authorised)[0] == 404


def test_a_message_sent_twice_is_answered_once(url: str) -> None:
    body = message("what skills do ML engineers need?", sender="twice", message_id="m1")
    first, again = send(url, body), send(url, body)
    assert first[2] == again[2]


def test_feedback_is_taken_and_checked(url: str) -> None:
    path = "/webhooks/rest/feedback"
    send(url, message("what tools do ML engineers use?", sender="fb"))
    good = {"sender": "fb", "facts": ["ml_engineer.tools.spark"], "rating": "down", "reason": "wrong"}
    assert send(url, json.dumps(good), path=path)[0] == 204
    assert send(url, json.dumps({**good, "rating": "sideways"}), path=path)[0] == 400


TEXTS = st.one_of(
    st.text(max_size=1200),
    st.text(alphabet=st.characters(max_codepoint=31), max_size=50),
    st.integers(0, 5000).map(lambda n: "a" * n),
    st.sampled_from(["/greet", "/ask_tools", "/session_start", "/", "//", "/ask_who{}"]).flatmap(
        lambda intent: st.text(max_size=40).map(lambda rest: intent + rest)
    ),
)
JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(max_size=20),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=10), inner, max_size=3),
    max_leaves=8,
)
BODIES = st.one_of(
    TEXTS.map(lambda text: json.dumps({"sender": "fuzz", "message": text})),
    JSON.map(json.dumps),
    JSON.map(lambda value: json.dumps({"sender": value, "message": value, "metadata": value})),
    st.binary(max_size=200),
)


def test_500_hostile_requests_leave_the_bot_healthy(url: str) -> None:
    @settings(max_examples=500, deadline=None, suppress_health_check=list(HealthCheck), database=None)
    @given(BODIES)
    def attack(body: bytes | str) -> None:
        status, _, answer = send(url, body)
        assert status < 500, body
        if status == 200:
            assert answer, body

    attack()
    assert send(url, "", method="GET", path="/health")[0] == 200


def test_a_negative_content_length_is_refused_and_stops_nobody(url: str) -> None:
    parts = urlsplit(url)
    with socket.create_connection((parts.hostname or "", parts.port or 80), timeout=60) as connection:
        connection.sendall(b"POST /webhooks/rest/webhook HTTP/1.1\r\nHost: x\r\nContent-Length: -5\r\n\r\n")
        assert b" 400 " in connection.recv(200)
    assert send(url, "", method="GET", path="/health")[0] == 200
