"""Hostile requests over every route, in short; ``make fuzz`` is the long form."""

import random
from collections import Counter
from urllib.parse import urlsplit

import pytest

from benchmarks.fuzz import trusted
from benchmarks.fuzz.__main__ import fuzz
from benchmarks.fuzz.raw import ATTACKS, send
from benchmarks.fuzz.watch import Canary, Watch

REQUESTS = 1_600


def test_hostile_requests_get_nothing_and_break_nothing(url: str) -> None:
    watch = fuzz(url, REQUESTS, number=20, share=0.2)
    assert watch.findings == []
    assert watch.requests >= REQUESTS
    assert {f"raw {kind}" for kind in ATTACKS} <= watch.kinds.keys()
    # Most of them came far enough to be looked at, and some were answered.
    assert watch.statuses["none"] < REQUESTS / 4
    assert watch.statuses["200"] > REQUESTS / 20


@pytest.mark.parametrize(
    ("status", "content", "problem"),
    [
        (500, b"{}", "status 500"),
        (503, b"{}", "status 503"),
        (200, b'[{"text": "you said canary123"}]', "another conversation"),
        (400, b'Traceback (most recent call last):\n  File "bot/x.py"', "insides"),
    ],
)
def test_what_must_not_happen_is_noticed(status: int, content: bytes, problem: str) -> None:
    watch = Watch([Canary("web-1", "token", "canary123", b"")])
    watch.saw("kind", 200, b"[]", "GET /")
    assert watch.findings == []
    watch.saw("kind", status, content, "GET /")
    assert problem in watch.findings[0]
    assert watch.requests == 2
    assert watch.statuses == Counter({"200": 1 + (status == 200), **({str(status): 1} if status != 200 else {})})


# A body that is no UTF-8 has no valid signature.
@pytest.mark.parametrize("kind", sorted(trusted.ATTACKS.keys() - {"slack odd bodies"}))
def test_what_is_signed_or_has_the_password_gets_past_the_door(url: str, kind: str) -> None:
    parts = urlsplit(url)
    watch = Watch([])
    chance = random.Random(7)
    for _ in range(15):
        send((parts.hostname or "", parts.port or 80), watch, kind, trusted.ATTACKS[kind](chance))
    assert watch.findings == []
    assert "401" not in watch.statuses
    assert watch.statuses["200"] >= 3


def test_markup_that_a_person_wrote_is_noticed_in_a_page() -> None:
    watch = Watch([Canary("web-1", "token", "canary123", b"")])
    page = b"HTTP/1.1 200 OK\r\ncontent-type: text/html\r\n\r\n<p>%b</p>"
    watch.saw("owner", 200, page % b"canary123 &lt;script&gt;alert(1)", "GET /insights", private=False)
    assert watch.findings == []
    watch.saw("owner", 200, page % b"<script>alert(1)</script>", "GET /insights", private=False)
    assert "markup" in watch.findings[0]
