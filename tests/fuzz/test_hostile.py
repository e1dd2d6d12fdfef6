"""Hostile requests over every route, in short; ``make fuzz`` is the long form."""

from collections import Counter

import pytest

from benchmarks.fuzz.__main__ import fuzz
from benchmarks.fuzz.raw import ATTACKS
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
