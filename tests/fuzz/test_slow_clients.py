"""Too many messages or connections, and clients that are too slow: told so, or cut off, and nobody else waits."""

import json
import socket
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from urllib.parse import urlsplit

import httpx
import pytest

from evaluation.server import live_bot

PENDING = 4
CONNECTIONS = 60
SECONDS = 1.5
PER_MINUTE = 20
PATIENCE = 60.0
"""Seconds after which a connection counts as one that nobody cuts, on however busy a machine."""
CLIENT = httpx.Client(timeout=PATIENCE, headers={"Connection": "close"})
WEBHOOK = "/webhooks/rest/webhook"


@pytest.fixture(scope="module")
def small() -> Iterator[str]:
    """A live bot with little room and little patience."""
    settings = {
        "MAX_PENDING_MESSAGES": PENDING,
        "MAX_CONNECTIONS": CONNECTIONS,
        "REQUEST_TIMEOUT_SECONDS": SECONDS,
        "RATE_LIMIT_PER_MINUTE": PER_MINUTE,
        "MESSAGE_TIMEOUT_SECONDS": 5,
    }
    with live_bot({name: str(value) for name, value in settings.items()}) as url:
        yield url


def say(url: str, sender: str) -> tuple[int, httpx.Response]:
    body = {"sender": sender, "message": "what tools do ML engineers use?"}
    answer = CLIENT.post(url + WEBHOOK, json=body)
    return answer.status_code, answer


def connect(url: str) -> socket.socket:
    parts = urlsplit(url)
    return socket.create_connection((parts.hostname or "", parts.port or 80), timeout=PATIENCE)


def received(connection: socket.socket) -> bytes:
    """Everything until the server closes."""
    content = b""
    try:
        while piece := connection.recv(65_536):
            content += piece
    except ConnectionResetError:
        pass
    return content


def test_more_messages_than_fit_are_refused_and_it_recovers(small: str) -> None:
    with ThreadPoolExecutor(30) as pool:
        results = list(pool.map(lambda n: say(small, f"crowd-{n}"), range(60)))
    assert {status for status, _ in results} == {200, 503}
    refused = [answer for status, answer in results if status == 503]
    assert all(answer.headers["retry-after"] and answer.json()["error"]["code"] == "busy" for answer in refused)
    assert say(small, "afterwards")[0] == 200


def test_one_conversation_over_its_limit_is_429_with_the_time_to_wait_and_others_are_not(small: str) -> None:
    results = [say(small, "talker") for _ in range(PER_MINUTE + 3)]
    status, answer = results[-1]
    assert results[0][0] == 200
    assert status == 429
    assert 0 < int(answer.headers["retry-after"]) <= 60
    assert say(small, "somebody else")[0] == 200


@pytest.mark.parametrize(
    "begun",
    [
        b"POST /webhooks/rest/webhook HTTP/1.1\r\nHost: x\r\nX-A: ",
        b"POST /webhooks/rest/webhook HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\n"
        b"Content-Length: 1000\r\n\r\n{",
        b"POST /webhooks/rest/webhook HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\n"
        b"Transfer-Encoding: chunked\r\n\r\n400\r\n{",
    ],
    ids=["head", "body", "chunk"],
)
def test_a_client_that_sends_a_byte_now_and_then_is_cut_off(small: str, begun: bytes) -> None:
    began = time.monotonic()
    with connect(small) as connection:
        connection.sendall(begun)
        connection.settimeout(0.2)
        content = b""
        while time.monotonic() - began < PATIENCE:
            try:
                connection.sendall(b"a")
                piece = connection.recv(4096)
            except TimeoutError:
                continue
            except OSError:
                break
            if not piece:
                break
            content += piece
    # As long as the bytes go on, nothing but the limit ends this.
    assert b" 408 " in content.split(b"\r\n")[0]
    assert b'"error"' in content


def test_a_client_that_does_not_read_is_cut_off(small: str) -> None:
    page = b"GET /openapi.json HTTP/1.1\r\nHost: x\r\n\r\n"
    with socket.socket() as connection:
        connection.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
        connection.settimeout(2)
        parts = urlsplit(small)
        connection.connect((parts.hostname or "", parts.port or 80))
        # Until nothing fits any more on either side, and then a byte now and then.
        try:
            while True:
                connection.sendall(page * 200)
        except (TimeoutError, ConnectionError):
            pass
        began = time.monotonic()
        cut = False
        while not cut and time.monotonic() - began < PATIENCE:
            time.sleep(0.5)
            try:
                connection.send(b"a")
            except TimeoutError:
                continue
            except OSError:
                cut = True
    assert cut
    assert say(small, "reader")[0] == 200


def test_other_people_are_answered_while_clients_are_stuck_and_the_stuck_ones_make_room(small: str) -> None:
    with ExitStack() as stack:
        stuck = [stack.enter_context(connect(small)) for _ in range(CONNECTIONS - 10)]
        for connection in stuck:
            connection.sendall(b"POST /webhooks/rest/webhook HTTP/1.1\r\nContent-Length: 9\r\n\r\n")
        assert say(small, "patient")[0] == 200
        # More than there is room for: told so at once, in the form of every refusal.
        # (On a busy machine some of the stuck may have been cut off by now, so there are enough without them.)
        more = [stack.enter_context(connect(small)) for _ in range(CONNECTIONS + 20)]
        for connection in more:
            connection.sendall(b"GET /health HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n")
        answers = [received(connection) for connection in more]
        refused = [answer for answer in answers if b" 503 " in answer.split(b"\r\n")[0]]
        assert refused
        assert json.loads(refused[0].partition(b"\r\n\r\n")[2])["error"]["code"] == "busy"
        assert all(b" 408 " in received(connection) for connection in stuck)
        assert httpx.get(f"{small}/health").status_code == 200


def test_a_busy_connection_is_not_a_slow_one(small: str) -> None:
    with httpx.Client(base_url=small) as client:
        began = time.monotonic()
        while time.monotonic() - began < 3 * SECONDS:
            assert client.get("/health").status_code == 200
