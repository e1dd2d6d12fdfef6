"""Rate limits, the bounded queue, and whose address counts."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor

import httpx
import pytest

from bot.channels.limits import RateLimit
from tests.server.live import Server, StartServer


@pytest.fixture(scope="module")
def narrow(running: StartServer) -> Iterator[Server]:
    """A server with room for little, behind one proxy."""
    limits = {"RATE_LIMIT_PER_MINUTE": 3, "RATE_LIMIT_PER_ADDRESS": 8, "MAX_PENDING_MESSAGES": 1, "TRUSTED_PROXIES": 1}
    with running(**limits) as process:
        yield process.ready()


def code(response: httpx.Response) -> tuple[int, str]:
    return response.status_code, response.json()["error"]["code"]


def test_a_conversation_over_its_limit_is_told_when_to_come_back(narrow: Server) -> None:
    headers = {"X-Forwarded-For": "192.0.2.1"}
    assert [narrow.send("hello", "quick", headers=headers).status_code for _ in range(3)] == [200] * 3
    refused = narrow.send("hello", "quick", headers=headers)
    assert code(refused) == (429, "too_many_requests")
    assert 1 <= int(refused.headers["Retry-After"]) <= 20
    assert narrow.send("hello", "patient", headers=headers).status_code == 200


def test_an_address_over_its_limit_is_refused_under_every_name(narrow: Server) -> None:
    headers = {"X-Forwarded-For": "192.0.2.2"}
    # Some more than eight get through where sending them takes long.
    answers = []
    while 429 not in answers and len(answers) < 40:
        answers.append(narrow.send("hello", f"name {len(answers)}", headers=headers).status_code)
    assert answers == [200] * max(8, len(answers) - 1) + [429]
    # What a client writes into the header itself stands before what the proxy adds.
    forged = {"X-Forwarded-For": "198.51.100.1, 192.0.2.2"}
    assert narrow.send("hello", "another name", headers=forged).status_code == 429
    assert narrow.client.get("/health").status_code == 200


def test_more_messages_than_the_queue_holds_are_refused(narrow: Server) -> None:
    headers = {"X-Forwarded-For": "192.0.2.3"}
    with ThreadPoolExecutor() as pool:
        wait = '/wait{"seconds": 1}'
        sent = [pool.submit(narrow.send, wait, f"busy {number}", headers=headers) for number in range(6)]
        answers = sorted((each.result() for each in sent), key=lambda answer: answer.status_code)
    assert answers[0].status_code == 200
    assert code(answers[-1]) == (503, "busy")
    assert narrow.send("hello", "busy no more", headers=headers).status_code == 200


def test_a_limit_lets_through_as_many_as_it_says_and_then_at_its_rate() -> None:
    now = 0.0
    limit = RateLimit(60, clock=lambda: now)
    assert [limit.take("a") for _ in range(60)] == [0.0] * 60
    assert limit.take("a") == pytest.approx(1)
    assert limit.take("b") == 0
    now = 1.0
    assert limit.take("a") == 0
    assert limit.take("a") > 0
    now = 100.0
    assert [limit.take("a") for _ in range(60)] == [0.0] * 60


def test_a_limit_of_zero_is_off() -> None:
    limit = RateLimit(0)
    assert not any(limit.take("a") for _ in range(1000))
