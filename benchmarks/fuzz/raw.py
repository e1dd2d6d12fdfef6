"""Requests that no HTTP client sends: truncated, contradictory, oversized, badly chunked, or no HTTP at all."""

from __future__ import annotations

import json
import random
import socket
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from urllib.parse import urlsplit

from benchmarks.fuzz import trusted
from benchmarks.fuzz.texts import texts
from benchmarks.fuzz.watch import Watch

_THREADS = 4
_PATIENCE = 5.0
_GLANCE = 0.02
_PATHS = (
    "/", "/health", "/openapi.json", "/sources", "/widget.js", "/widget/config", "/widget/..%2f..%2fsettings.py",
    "/widget/%2e%2e/%2e%2e/etc/passwd", "/widget/\\..\\x", "/webhooks/rest/webhook", "/webhooks/rest/conversations",
    "/webhooks/rest/conversations/%00", "/webhooks/rest/conversations/%ff%fe", "/webhooks/rest/feedback", "/insights",
    "/insights/x.csv", "/insights.json?days=%27", "/webhooks/slack/webhook", "/model/parse", "/conversations/x/tracker",
    "//", "/%", "/?%zz=%", "/" + "a" * 3000, "*", "http://elsewhere/health", "/\u00e9", "/webhooks/../health", "",
)  # fmt: skip
_METHODS = ("GET", "HEAD", "POST", "PUT", "DELETE", "OPTIONS", "PATCH", "TRACE", "CONNECT", "get", "X" * 50, "G\x00T")
_LENGTHS = ("-1", "-9223372036854775808", "+5", "0x10", "5, 5", "1e3", " 7", "", "99999999999999999999", "10", "0")
_CHUNKS = ("-5", "FFFFFFFFFFFFFFFF", "zz", "", "5;" + "x" * 200, "0", "1", "0x1", "+1", "1_0", "A" * 70)
_HEADERS = (
    "Authorization: Bearer \xff\xfe", "Authorization: Basic !!!", "Authorization: Basic Og==",
    "Origin: https://elsewhere.example", "Origin: null", "Origin: http://[::1", "Host: a:b:c", "Host: [", "Host:",
    "X-Forwarded-For: 1.2.3.4, nonsense", "Forwarded: for=;;;=", "Forwarded: for=\"[::1\"",
    "Content-Type: application/json; charset=utf-7", "Content-Type: multipart/form-data; boundary=",
    "Content-Encoding: gzip", "Expect: 200-ok", "Expect: 100-continue", "Connection: upgrade", "Upgrade: websocket",
    "If-None-Match: \"\xff", "Accept-Encoding: gzip;q=zz", "Cookie: a=\"b; =;;", "Idempotency-Key: " + "k" * 100,
    "Idempotency-Key: \x01", "no colon here", " folded: x", ": empty", "X-Slack-Request-Timestamp: NaN",
    "X-Slack-Signature: v0=\xff", "Range: bytes=0-99999999999", "Content-Length: 3", "Transfer-Encoding: chunked",
)  # fmt: skip
Attack = Callable[[random.Random], bytes]


def attack(url: str, watch: Watch, count: int, number: int) -> None:
    """Send ``count`` requests; ``number`` is the seed."""
    parts = urlsplit(url)
    address = (parts.hostname or "127.0.0.1", parts.port or 80)

    def worker(which: int) -> None:
        chance = random.Random(number * 1_000 + which)
        for _ in range(count // _THREADS + (which < count % _THREADS)):
            kind = chance.choice(tuple(ATTACKS))
            send(address, watch, kind, ATTACKS[kind](chance))

    with ThreadPoolExecutor(_THREADS) as pool:
        list(pool.map(worker, range(_THREADS)))


def send(address: tuple[str, int], watch: Watch, kind: str, sent: bytes) -> None:
    """Send one request of a kind and look at what comes back."""
    patience = _GLANCE if kind in UNFINISHED else _PATIENCE
    received = b""
    try:
        with socket.create_connection(address, timeout=10) as connection:
            connection.settimeout(patience)
            connection.sendall(sent)
            while not _complete(received) and (piece := connection.recv(65_536)):
                received += piece
    except OSError:
        pass  # closed by the server, or it waits for the rest
    watch.saw(f"raw {kind}", _status(received), received, repr(sent), private=kind not in trusted.OWNER)


def _complete(received: bytes) -> bool:
    """Whether the first response is there. What comes after it is looked at as far as it came along."""
    head, end, body = received.partition(b"\r\n\r\n")
    if not end:
        return False
    for line in head.lower().split(b"\r\n"):
        if line.startswith(b"content-length:"):
            return len(body) >= int(line.partition(b":")[2])
    return True


def _status(received: bytes) -> int | None:
    words = received.split(b"\r\n", 1)[0].split(b" ")
    return int(words[1]) if len(words) > 1 and words[1].isdigit() else None


def _message(chance: random.Random) -> bytes:
    return json.dumps({"sender": f"raw{chance.randrange(50)}", "message": next(texts(chance))}).encode()


def _head(chance: random.Random, *headers: str, method: str = "POST", path: str = "/webhooks/rest/webhook") -> bytes:
    lines = [f"{method} {path} HTTP/1.1", "Host: x", "Content-Type: application/json", *headers]
    return ("\r\n".join(lines) + "\r\n\r\n").encode("latin-1", "replace")


def _whole(chance: random.Random, close: bool = True) -> bytes:
    body = _message(chance)
    return _head(chance, f"Content-Length: {len(body)}", *(["Connection: close"] if close else [])) + body


def _routes(chance: random.Random) -> bytes:
    some = chance.sample(_HEADERS, chance.randrange(4))
    return _head(chance, *some, "Connection: close", method=chance.choice(_METHODS), path=chance.choice(_PATHS))


def _length(chance: random.Random) -> bytes:
    return _head(chance, f"Content-Length: {chance.choice(_LENGTHS)}", "Connection: close") + _message(chance)


def _two_lengths(chance: random.Random) -> bytes:
    body = _message(chance)
    others = ["Content-Length: 5", "Transfer-Encoding: chunked", "Transfer-Encoding: gzip, chunked"]
    return _head(chance, f"Content-Length: {len(body)}", chance.choice(others)) + body


def _chunks(chance: random.Random) -> bytes:
    size = chance.choice(_CHUNKS).encode()
    good = b"5\r\nhello\r\n" * chance.randrange(3)
    return _head(chance, "Transfer-Encoding: chunked") + good + size + b"\r\n" + _message(chance) + b"\r\n0\r\n\r\n"


def _truncated(chance: random.Random) -> bytes:
    whole = _whole(chance)
    return whole[: chance.randrange(1, len(whole))]


def _mutated(chance: random.Random) -> bytes:
    whole = bytearray(_whole(chance))
    for _ in range(chance.randrange(1, 6)):
        whole[chance.randrange(len(whole))] = chance.randrange(256)
    return bytes(whole)


def _oversized(chance: random.Random) -> bytes:
    long = "y" * chance.choice([8_000, 17_000, 100_000])
    wide = [f"X-{n}: {n}" for n in range(chance.choice([50, 500, 3_000]))]
    return _head(chance, *chance.choice([[f"X-Long: {long}"], wide, [f"Cookie: {long}"]]), "Connection: close")


def _pipelined(chance: random.Random) -> bytes:
    return b"".join(_whole(chance, close=False) for _ in range(chance.randrange(2, 8))) + _whole(chance)


def _smuggled(chance: random.Random) -> bytes:
    inner = _head(chance, method="DELETE", path="/webhooks/rest/conversations/someone")
    return _head(chance, f"Content-Length: {chance.randrange(len(inner))}", "Connection: close") + inner


def _foreign(chance: random.Random) -> bytes:
    other = [
        b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n",
        b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03" + chance.randbytes(60) + b"\r\n\r\n",
        b"GET /\r\n\r\n",
        b"GET / HTTP/0.9\r\n\r\n",
        b"\r\n\r\n\r\n\r\n",
        b"GET / HTTP/1.1\nHost: x\n\r\n\r\n",
        chance.randbytes(chance.randrange(1, 400)) + b"\r\n\r\n",
    ]
    return chance.choice(other)


def _deep(chance: random.Random) -> bytes:
    depth = chance.choice([10, 1_000, 20_000])
    body = chance.choice(
        [b"[" * depth, b'{"a":' * depth, b'{"sender":"a","message":"hi","metadata":' + b'{"a":' * depth]
    )
    return _head(chance, f"Content-Length: {len(body)}", "Connection: close") + body


ATTACKS: dict[str, Attack] = {
    "messages": _whole,
    "routes and headers": _routes,
    "bad lengths": _length,
    "two lengths": _two_lengths,
    "bad chunks": _chunks,
    "truncated": _truncated,
    "changed bytes": _mutated,
    "oversized heads": _oversized,
    "pipelined": _pipelined,
    "a request in a body": _smuggled,
    "other protocols": _foreign,
    "deep nesting": _deep,
    **trusted.ATTACKS,
}
UNFINISHED = frozenset({"bad lengths", "two lengths", "bad chunks", "truncated", "changed bytes"})
"""After these the server may rightly wait for more, for which the client does not."""
