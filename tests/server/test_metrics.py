"""/metrics: who may read it, and what it counts."""

from collections.abc import Iterator

import httpx
import pytest
from prometheus_client.parser import text_string_to_metric_families

from tests.server.live import WEBHOOK, Server, StartServer

TOKEN = "a-token-of-the-owner"


def counts(response: httpx.Response, name: str) -> dict[tuple[str, ...], float]:
    """The samples of that name by the values of their labels, in the order of the labels' names."""
    assert response.status_code == 200, response.text
    samples = [each for family in text_string_to_metric_families(response.text) for each in family.samples]
    return {
        tuple(value for _, value in sorted(each.labels.items())): each.value for each in samples if each.name == name
    }


@pytest.fixture(scope="module")
def guarded(running: StartServer) -> Iterator[Server]:
    """A server of its own, so that the counts are of these tests."""
    with running(METRICS_TOKEN=TOKEN, RATE_LIMIT_PER_MINUTE=0) as process:
        yield process.ready()


def scrape(server: Server) -> httpx.Response:
    return server.client.get("/metrics", headers={"Authorization": f"Bearer {TOKEN}"})


def test_messages_are_counted_by_what_they_came_to(guarded: Server) -> None:
    assert counts(scrape(guarded), "advisor_intents_total") == {}, "the server's own first message does not count"
    guarded.send("hello")
    guarded.send("/echo", message_id="once")
    guarded.send("/echo", message_id="once")
    guarded.send("/crash")
    guarded.send("/no_such_intent")
    page = scrape(guarded)
    seen = counts(page, "advisor_intents_total")
    assert (seen["greet",], seen["echo",], seen["crash",]) == (1, 1, 1)
    assert set(seen) == {("greet",), ("echo",), ("crash",), ("nlu_fallback",)}
    assert counts(page, "advisor_fallbacks_total") == {(): 1}
    assert counts(page, "advisor_answers_total") == {("smalltalk",): 1, ("answer",): 2}
    assert sum(counts(page, "advisor_errors_total").values()) >= 1
    assert counts(page, "advisor_pending_messages") == {("rest",): 0}
    assert counts(page, "advisor_pending_messages_limit") == {("rest",): 200}


def test_requests_are_counted_by_route_and_never_by_what_clients_make_up(guarded: Server) -> None:
    for number in range(3):
        guarded.client.get(f"/made-up/{number}")
        guarded.client.get(f"/webhooks/rest/conversations/web-{number}")
    guarded.client.request("BREW", "/health")
    guarded.send("")
    page = scrape(guarded)
    seen = counts(page, "advisor_http_requests_total")
    assert seen["GET", "other", "404"] == 3
    assert seen["GET", "/webhooks/rest/conversations/<sender:str>", "403"] == 3
    assert seen["POST", WEBHOOK, "400"] == 1
    assert all(method in {"GET", "POST", "other"} for method, _, _ in seen)
    assert "made-up" not in page.text and "web-1" not in page.text
    taken = counts(page, "advisor_http_request_seconds_count")
    assert taken[WEBHOOK,] == sum(count for (_, route, _), count in seen.items() if route == WEBHOOK)


@pytest.mark.parametrize("given", [None, "", "Bearer", "Bearer wrong", f"Basic {TOKEN}", f"bearer {TOKEN}x", TOKEN])
def test_a_token_is_asked_for_where_there_is_one(guarded: Server, given: str | None) -> None:
    headers = {} if given is None else {"Authorization": given}
    response = guarded.client.get("/metrics", headers=headers)
    assert response.status_code == 401
    assert response.headers["WWW-Authenticate"].startswith("Bearer")
    assert "advisor_" not in response.text


def test_a_proxy_may_pass_the_token_on(guarded: Server) -> None:
    headers = {"Authorization": f"Bearer {TOKEN}", "X-Forwarded-For": "192.0.2.1"}
    assert guarded.client.get("/metrics", headers=headers).status_code == 200


def test_without_a_token_this_machine_may_read_and_no_proxy(server: Server) -> None:
    assert server.client.get("/metrics").status_code == 200
    for header in ("X-Forwarded-For", "Forwarded", "X-Real-IP"):
        assert server.client.get("/metrics", headers={header: "127.0.0.1"}).status_code == 404


@pytest.mark.parametrize("host", ["evil.example", "127.0.0.1.evil.example", "192.0.2.1", "localhost.evil.example:5005"])
def test_without_a_token_a_page_whose_name_points_here_may_not(server: Server, host: str) -> None:
    assert server.client.get("/metrics", headers={"Host": host}).status_code == 404
    assert server.client.get("/metrics", headers={"Host": "localhost:5005"}).status_code == 200
