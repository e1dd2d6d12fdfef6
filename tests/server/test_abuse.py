"""What abuse of the REST channel comes to: payloads, malformed HTTP, and 500 generated requests."""

import json
import socket

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.server.live import WEBHOOK, Server, error, texts

JSON = {"Content-Type": "application/json"}


@pytest.mark.parametrize(
    "message",
    [
        "/session_start",
        "/restart",
        "/back",
        "/nlu_fallback",
        "/out_of_scope",
        "/internal_secret",
        "//internal_secret",
        "/ internal_secret",
        "/\u00a0/internal_secret",
        "\x00/internal_secret",
        "/internal_secret@1.0",
        '/internal_secret{"seconds": "1"}',
        "/greet/internal_secret",
        "/",
        "///",
        "/{}",
        '/echo{"seconds": {"a": 1}}',
        '/echo{"seconds": "\\ud800"}',
        '/echo{"a":' + "[" * 900 + "}",
    ],
)
def test_payloads_that_a_visitor_may_not_send_are_plain_text(server: Server, message: str) -> None:
    (text,) = texts(server.send(message, f"payload {message.encode('unicode_escape').decode()}"[:100]))
    assert text.startswith("1: ")
    assert text == "1: /" or not text.startswith("1: /")


def test_the_payload_of_a_button_triggers_its_intent(server: Server) -> None:
    assert texts(server.send("/greet", "payloads")) == ["Hello! **Ask** me."]
    assert texts(server.send('/wait{"seconds": 0.01}', "payloads")) == ["waited"]


@pytest.mark.parametrize(
    "head",
    [
        b"POST /webhooks/rest/webhook HTTP/1.1\r\nContent-Length: -5\r\n\r\nabcdefgh",
        b"POST /webhooks/rest/webhook HTTP/1.1\r\nContent-Length: abc\r\n\r\n",
        b"POST /webhooks/rest/webhook HTTP/1.1\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\nab",
        b"POST /webhooks/rest/webhook HTTP/1.1\r\nContent-Length: 1\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
        b"POST /webhooks/rest/webhook HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n\r\n",
        b"nonsense\r\n\r\n",
    ],
)
def test_malformed_http_is_refused_and_stops_nobody(server: Server, head: bytes) -> None:
    with socket.create_connection(server.address, timeout=60) as connection:
        connection.sendall(head)
        assert connection.recv(100).startswith(b"HTTP/1.1 400 ")
    assert server.client.get("/health").status_code == 200


NAMES = ["greet", "echo", "internal_secret", "session_start", "restart", "back", "nlu_fallback", "out_of_scope", "no"]
ANY_TEXT = st.text(st.characters(exclude_categories=()), max_size=1100)
LONG = st.integers(990, 5000).map("x".__mul__)
CONTROLS = st.text("\x00\x07\x1b\u200b\u2028\ud800\r\n\t /@{}aé😀", max_size=40)
MORE = st.sampled_from(["", "@0.1", "@1.2.3", "{}", "{", '{"seconds": "x"}', '{"seconds": [[1]]}', '{"a": null}', " x"])
PAYLOADS = st.builds("{}{}{}".format, st.sampled_from(["/", "//", "/ ", " /"]), st.sampled_from(NAMES), MORE | CONTROLS)
MESSAGES = ANY_TEXT | LONG | CONTROLS | PAYLOADS
ANYTHING = st.recursive(
    st.none() | st.booleans() | st.floats() | st.integers() | CONTROLS,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(CONTROLS, inner, max_size=3),
    max_leaves=8,
)
FIELDS = {name: ANYTHING | MESSAGES for name in ("sender", "message", "metadata", "message_id", "stream")}
BODIES = (
    st.fixed_dictionaries({"sender": st.just("fuzz"), "message": MESSAGES})
    | st.fixed_dictionaries({}, optional=FIELDS)
    | ANYTHING
).map(lambda value: json.dumps(value).encode())


@settings(max_examples=150, deadline=None, suppress_health_check=list(HealthCheck), database=None)
@given(body=BODIES | st.binary(max_size=200))
def test_any_request_is_answered_or_refused(server: Server, body: bytes) -> None:
    response = server.client.post(WEBHOOK, content=body, headers=JSON)
    assert response.status_code in (200, 400, 403, 413), (body, response.text)
    if response.status_code == 200:
        assert texts(response)
        assert "SECRET" not in response.text
    else:
        error(response)


def test_after_all_that_the_server_is_healthy(server: Server) -> None:
    assert server.client.get("/health").json()["status"] == "ok"
    assert "unexpectedly" not in "".join(server.log)
