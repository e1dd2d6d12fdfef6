"""HTTP as it comes over the wire: what is malformed is refused once, in JSON, and nothing of it is acted on."""

import json
import re
import socket
from contextlib import suppress
from itertools import count

import pytest

from tests.server.live import WEBHOOK, Server, texts

KB = 1024
SENDERS = count()


def exchange(server: Server, *sent: bytes) -> bytes:
    """Send all of it, or as much as is taken, and return everything that comes until the server closes."""
    received = b""
    with socket.create_connection(server.address, timeout=20) as connection, suppress(ConnectionError):
        with suppress(ConnectionError):
            for piece in sent:
                connection.sendall(piece)
        while piece := connection.recv(65_536):
            received += piece
    return received


def responses(received: bytes) -> list[tuple[int, dict[str, str], bytes]]:
    """The responses in what was received: status, headers with names in lower case, body."""
    found = []
    while received:
        head, _, rest = received.partition(b"\r\n\r\n")
        first, *lines = head.decode().split("\r\n")
        headers = {name.lower(): value for name, _, value in (line.partition(": ") for line in lines)}
        length = int(headers.get("content-length", 0))
        found.append((int(first.split()[1]), headers, rest[:length]))
        received = rest[length:]
    return found


def head(*headers: str, method: str = "POST", target: str = WEBHOOK, host: str = "x", version: str = "1.1") -> bytes:
    lines = [f"{method} {target} HTTP/{version}", *([f"Host: {host}"] if host else []), *headers]
    return ("\r\n".join(lines) + "\r\n\r\n").encode("latin1")


def message(text: str, *headers: str, sender: str | None = None, host: str = "x") -> bytes:
    body = json.dumps({"sender": sender or f"wire-{next(SENDERS)}", "message": text}).encode()
    length = f"Content-Length: {len(body)}"
    return head("Content-Type: application/json", length, *headers, host=host) + body


JSON = "Content-Type: application/json"
CHUNKED = "Transfer-Encoding: chunked"
MALFORMED_HEADS = {
    "no such method": b"BREW / HTTP/1.1\r\nHost: x\r\n\r\n",
    "no request": b"nonsense\r\n\r\n",
    "another protocol": b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n",
    "another version": head(method="GET", target="/health", version="2.0"),
    "no version": b"GET /health\r\n\r\n",
    "no carriage returns": b"GET /health HTTP/1.1\nHost: x\n\n",
    "a target with raw bytes": head(method="GET", target="/\xe9\xff"),
    "a target with a space": head(method="GET", target="/health /x"),
    "a target that is no address": head(method="GET", target="http://[/"),
    "an open bracket and a path": head(method="GET", target="http://[::1/health"),
    "a port that is no number": head(method="GET", target="http://x:y/"),
    "no host": head(method="GET", target="/health", host=""),
    "two hosts": head("Host: y", method="GET", target="/health"),
    "the same host twice": head("Host: x", method="GET", target="/health"),
    "a host with a path": head(method="GET", target="/health", host="x/y"),
    "a host with two ports": head(method="GET", target="/health", host="x:1:2"),
    "two hosts in one": head(method="GET", target="/health", host="x, y"),
    "NUL in a header": head("X-A: a\x00b", method="GET", target="/health"),
    "NUL in a name": head("X\x00A: b", method="GET", target="/health"),
    "a line without a colon": head("nothing", method="GET", target="/health"),
    "a line without a name": head(": nothing", method="GET", target="/health"),
    "a folded line": head("X-A: a", " b", method="GET", target="/health"),
    "a space in a name": head("X A: b", method="GET", target="/health"),
}
LENGTHS = ["-5", "abc", "+42", "0x2a", "4_2", "4 2", "1e1", "", "42, 42", "9" * 30]
SIZES = ["+3f", "0x3f", "0_3f", "-3f", "zz", "", " 3f", "3f 3f", "F" * 17]


@pytest.mark.parametrize("sent", MALFORMED_HEADS.values(), ids=MALFORMED_HEADS)
def test_a_malformed_head_is_refused_in_json_and_the_connection_ends(server: Server, sent: bytes) -> None:
    [(status, headers, body)] = responses(exchange(server, sent))
    assert status == 400
    assert json.loads(body)["error"]["code"] == "bad_request"
    assert json.loads(body)["error"]["message"].endswith(".")
    assert headers["connection"] == "close"
    assert headers["x-content-type-options"] == "nosniff"
    assert re.fullmatch("[0-9a-f]{32}", headers["x-request-id"])


def refused_alone(server: Server, begin: bytes, end: bytes = b"") -> None:
    """A request follows that must not be seen as one: the whole gets one refusal, and nobody said anything."""
    sender = f"smuggled-{next(SENDERS)}"
    received = exchange(server, begin + message("inside", sender=sender) + end)
    [(status, headers, body)] = responses(received)
    assert status == 400
    assert json.loads(body)["error"]["code"] == "bad_request"
    assert headers["connection"] == "close"
    assert "x-request-id" in headers
    assert texts(server.send("first", sender)) == ["1: first"]


@pytest.mark.parametrize("name", ["Content-Length ", "Content-Length\t", "Transfer-Encoding ", " Content-Length"])
def test_a_name_with_a_space_beside_it_hides_no_length(server: Server, name: str) -> None:
    refused_alone(server, head(JSON, f"{name}: {'chunked' if 'Transfer' in name else 200}"))


@pytest.mark.parametrize("length", LENGTHS)
def test_a_length_that_is_none_is_refused(server: Server, length: str) -> None:
    refused_alone(server, head(JSON, f"Content-Length: {length}"))


@pytest.mark.parametrize(
    "lengths",
    [
        ("Content-Length: 1", "Content-Length: 2"),
        ("Content-Length: 0", CHUNKED),
        (CHUNKED, "Content-Length: 0"),
        ("Transfer-Encoding: chunked, gzip",),
        ("Transfer-Encoding: gzip",),
        ("Transfer-Encoding: xchunked",),
    ],
)
def test_a_length_that_is_told_in_two_ways_or_in_none_is_refused(server: Server, lengths: tuple[str, ...]) -> None:
    refused_alone(server, head(JSON, *lengths))


@pytest.mark.parametrize("size", SIZES)
def test_a_size_of_a_chunk_that_is_none_is_refused(server: Server, size: str) -> None:
    chunk = b"{" + b" " * 61 + b"}"
    refused_alone(server, head(JSON, CHUNKED) + size.encode() + b"\r\n" + chunk + b"\r\n0\r\n\r\n")


@pytest.mark.parametrize("end", ["XX", "X\r\n", "\rX", "\n", ""])
def test_a_chunk_without_its_line_end_is_refused(server: Server, end: str) -> None:
    refused_alone(server, head(JSON, CHUNKED) + b"2\r\n{}" + end.encode() + b"0\r\n\r\n")


def test_a_request_in_the_place_of_trailers_is_refused(server: Server) -> None:
    refused_alone(server, head(JSON, CHUNKED) + b"2\r\n{}\r\n0\r\n")


def test_trailers_are_read_and_not_taken_for_a_request(server: Server) -> None:
    body = b'{"sender": "trailers", "message": "hello"}'
    chunked = head(JSON, CHUNKED) + b"%x\r\n%b\r\n0\r\nX-Trailer: 1\r\nHost: y\r\n\r\n" % (len(body), body)
    answers = responses(exchange(server, chunked + message("hello", "Connection: close")))
    assert [status for status, _, _ in answers] == [200, 200]


def test_a_message_that_never_came_whole_is_not_read(server: Server) -> None:
    body = b'{"sender": "cut short", "message": "hello"}'
    with socket.create_connection(server.address) as connection:
        connection.sendall(head(JSON, f"Content-Length: {len(body) + 1}") + body)
        connection.shutdown(socket.SHUT_WR)
        assert connection.recv(100) == b""
    refused = exchange(server, head(JSON, CHUNKED) + b"%x\r\n%b\r\nzz\r\n" % (len(body), body))
    assert responses(refused)[0][0] == 400
    assert texts(server.send("first", "cut short")) == ["1: first"]


def test_requests_that_come_together_are_answered_in_their_order(server: Server) -> None:
    sent = [message(f"number {number}", sender="pipelined") for number in range(5)]
    answers = responses(exchange(server, b"".join(sent) + head("Connection: close", method="GET", target="/health")))
    said = [json.loads(body)[0]["text"] for _, _, body in answers[:-1]]
    assert said == [f"{number + 1}: number {number}" for number in range(5)]
    assert json.loads(answers[-1][2])["status"] == "ok"


def test_a_malformed_request_behind_a_good_one_is_refused_in_its_turn(server: Server) -> None:
    answers = responses(exchange(server, message("hello") + MALFORMED_HEADS["no request"] + message("hello")))
    assert [status for status, _, _ in answers] == [200, 400]


@pytest.mark.parametrize("size", [68 * KB, 100 * KB, 600 * KB])
@pytest.mark.parametrize("headers", [["X-Long: {}"], ["X-{}: 1"], ["Cookie: a={}"]])
def test_a_head_that_is_too_large_is_431(server: Server, size: int, headers: list[str]) -> None:
    sent = head(*(each.format("y" * size) for each in headers), method="GET", target="/health")
    [(status, _, body)] = responses(exchange(server, sent))
    assert (status, json.loads(body)["error"]["code"]) == (431, "head_too_large")


def test_many_small_headers_and_a_long_target_are_a_large_head_too(server: Server) -> None:
    many = head(*(f"X-{number}: {number}" for number in range(8_000)), method="GET", target="/health")
    long = head(method="GET", target="/" + "a" * 70 * KB)
    for sent in (many, long):
        assert responses(exchange(server, sent))[0][0] == 431


def test_a_head_below_the_limit_is_read(server: Server) -> None:
    sent = head("X-Long: " + "y" * 60 * KB, "Connection: close", method="GET", target="/health")
    assert responses(exchange(server, sent))[0][0] == 200


def test_a_body_that_is_too_large_is_413_however_its_length_is_told(server: Server) -> None:
    told = head(JSON, f"Content-Length: {10**9}")
    chunk = b"10000\r\n" + b" " * 65_536 + b"\r\n"
    for sent in ((told,), (head(JSON, CHUNKED), *[chunk] * 20)):
        [(status, _, body)] = responses(exchange(server, *sent))
        assert (status, json.loads(body)["error"]["code"]) == (413, "body_too_large")
    larger = message("hello" + "x" * 70 * KB, "Connection: close")
    assert responses(exchange(server, larger))[0][0] == 413


def test_a_client_that_asks_before_it_sends_a_body_is_told_to_go_on(server: Server) -> None:
    begin, body = message("hello", "Expect: 100-continue", "Connection: close").split(b"\r\n\r\n")
    with socket.create_connection(server.address, timeout=20) as connection:
        connection.sendall(begin + b"\r\n\r\n")
        assert connection.recv(100).startswith(b"HTTP/1.1 100 ")
        connection.sendall(body)
        assert connection.recv(100).startswith(b"HTTP/1.1 200 ")


@pytest.mark.parametrize("protocol", ["websocket", "h2c"])
def test_no_other_protocol_is_changed_to(server: Server, protocol: str) -> None:
    upgrade = head("Connection: Upgrade", f"Upgrade: {protocol}", method="GET", target="/health")
    [(status, headers, _)] = responses(exchange(server, upgrade + message("hello")))
    assert (status, headers["connection"]) == (200, "close")


@pytest.mark.parametrize("target", ["/%6detrics", "/webhooks%2Frest%2Fwebhook", "/widget%2Fconfig", "/health%00"])
def test_an_address_is_compared_as_it_is_written(server: Server, target: str) -> None:
    # Else a proxy that keeps an address to itself could be passed by writing it in another way.
    sent = head("Connection: close", method="GET", target=target)
    assert responses(exchange(server, sent))[0][0] == 404


def test_an_old_client_needs_no_host_and_gets_one_answer(server: Server) -> None:
    sent = head(method="GET", target="/health", version="1.0", host="")
    [(status, headers, body)] = responses(exchange(server, sent))
    assert (status, headers["connection"]) == (200, "close")
    assert json.loads(body)["status"] == "ok"


def test_a_response_tells_its_length_also_without_its_body(server: Server) -> None:
    whole = server.client.get("/openapi.json")
    assert int(whole.headers["content-length"]) > 1000
    page = server.client.head("/health")
    assert int(page.headers["content-length"]) == len(server.client.get("/health").content)
    assert page.content == b""
    unchanged = server.client.get("/openapi.json", headers={"If-None-Match": whole.headers["etag"]})
    assert (unchanged.status_code, unchanged.content) == (304, b"")
