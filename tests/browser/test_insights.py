"""The owner's page /insights, in a real browser and by hand."""

import base64
import json
import re
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import httpx
import pytest
from playwright.sync_api import BrowserContext, Page, expect

from .browser import PHONE
from .chat import axe_violations
from .insights import DISTRESS, PASSWORD, insights_server

NewContext = Callable[..., BrowserContext]


@pytest.fixture(scope="module")
def address(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    with insights_server(tmp_path_factory.mktemp("insights")) as url:
        yield url


def ask(url: str, password: str | None, path: str = "/insights", **headers: str) -> httpx.Response:
    if password is not None:
        headers["Authorization"] = "Basic " + base64.b64encode(f"owner:{password}".encode()).decode()
    return httpx.get(url + path, headers=headers, timeout=60)


def finished(url: str, path: str = "/insights") -> httpx.Response:
    for _ in range(10):
        answer = ask(url, PASSWORD, path)
        if answer.status_code not in (202, 503):
            return answer
        time.sleep(1)
    raise AssertionError("the report is not made in time")


@pytest.fixture
def shown(address: str, new_context: NewContext) -> Callable[..., Page]:
    def show(**options: object) -> Page:
        finished(address)
        page = new_context(http_credentials={"username": "owner", "password": PASSWORD}, **options).new_page()
        page.goto(f"{address}/insights")
        return page

    return show


def test_without_a_password_set_there_is_no_page(server_url: str, page: Page) -> None:
    for path in ("/insights", "/insights.json", "/insights/kinds.csv"):
        answer = page.goto(server_url + path)
        assert answer is not None and answer.status == 404


def test_the_page_asks_for_its_password(address: str) -> None:
    for path in ("/insights", "/insights.json", "/insights/kinds.csv"):
        answer = ask(address, None, path)
        assert answer.status_code == 401
        assert answer.headers["www-authenticate"].startswith("Basic ")
        assert "Messages" not in answer.text


@pytest.mark.parametrize("credentials", ["Basic", "Basic ====", "Bearer x", "Basic /////w==", "Basic b3duZXI="])
def test_credentials_that_are_none_are_refused(credentials: str, address: str) -> None:
    assert httpx.get(f"{address}/insights", headers={"Authorization": credentials}).status_code == 401


def test_the_report_is_shown_with_careful_headers(address: str) -> None:
    answer = finished(address)
    assert answer.status_code == 200
    assert answer.headers["cache-control"] == "no-store"
    assert answer.headers["x-frame-options"] == "DENY"
    assert answer.headers["x-content-type-options"] == "nosniff"
    policy = answer.headers["content-security-policy"]
    assert "default-src 'none'" in policy and "unsafe" not in policy


def test_the_figures_are_those_of_the_store(address: str, shown: Callable[..., Page]) -> None:
    page = shown()
    expect(page.get_by_role("heading", name="What people ask", exact=True)).to_be_visible()
    data = json.loads(finished(address, "/insights.json").text)
    expect(page.get_by_role("listitem").filter(has_text="Messages").first).to_contain_text(f"{data['messages']:,}")
    expect(page.get_by_text("how much does a").first).to_be_visible()
    text = finished(address, "/insights/kinds.csv").text
    assert text.splitlines()[0] == '"Kind","Messages","Share"'
    page.get_by_text("Kinds of answer as a table").click()
    expect(page.get_by_role("table").filter(has_text="Answered").first).to_be_visible()


def test_the_first_sentence_says_what_changed(shown: Callable[..., Page]) -> None:
    expect(shown().locator(".summary")).to_contain_text(
        re.compile(r"^Compared with the 30 days before, there were [0-9,]+")
    )


def test_an_entry_leads_to_the_file_and_line_where_an_answer_belongs(shown: Callable[..., Page]) -> None:
    page = shown()
    places = page.get_by_role("table").first.get_by_text(re.compile(r"^data/knowledge/\S+:\d+ ")).all_inner_texts()
    assert places
    for place in places:
        file, line = place.split()[0].split(":")
        assert int(line) <= len(Path(file).read_text("utf-8").splitlines())


def test_distress_is_a_number_and_nothing_else(address: str, shown: Callable[..., Page]) -> None:
    page = shown()
    expect(page.get_by_role("listitem").filter(has_text="Messages in distress")).to_contain_text("3")
    assert DISTRESS not in page.content()
    data = finished(address, "/insights.json").text
    assert DISTRESS not in data and json.loads(data)["distress"] == 3


def test_nothing_is_loaded_from_anywhere_and_nothing_is_refused(address: str, shown: Callable[..., Page]) -> None:
    page = shown()
    messages: list[str] = []
    requests: list[str] = []
    page.on("console", lambda message: messages.append(message.text))
    page.on("request", lambda request: requests.append(request.url))
    page.reload()
    assert messages == []
    assert [url for url in requests if not url.endswith(("/insights", "/favicon.ico"))] == []
    # The style sheet is allowed by its hash, and the charts take their colours from it.
    bar = page.locator(".chart path[fill='var(--accent)']").first
    assert bar.evaluate("element => getComputedStyle(element).fill") == "rgb(11, 107, 89)"


@pytest.mark.parametrize("look", ["light", "dark"])
@pytest.mark.parametrize("device", ["desktop", "phone"])
def test_axe_finds_nothing(look: str, device: str, shown: Callable[..., Page]) -> None:
    page = shown(color_scheme=look, bypass_csp=True, **(PHONE if device == "phone" else {}))
    assert axe_violations(page) == []
    for summary in page.locator("summary").all():
        summary.click()
    assert axe_violations(page) == []
    assert page.evaluate("() => document.documentElement.scrollWidth <= window.innerWidth")


@pytest.mark.parametrize("days", ["0", "1", "31", "365", "x", "-1", "30;rm", "9" * 50])
def test_other_periods_are_refused(days: str, address: str) -> None:
    assert ask(address, PASSWORD, f"/insights?days={days}").status_code == 400


@pytest.mark.parametrize("path", ["/insights/nothing.csv", "/insights/..%2f..%2fsecret.csv", "/insights/kinds.json"])
def test_other_files_are_not_there(path: str, address: str) -> None:
    assert ask(address, PASSWORD, path).status_code == 404


def test_the_chat_answers_while_a_report_is_made(address: str) -> None:
    started = httpx.get(f"{address}/health")
    assert started.status_code == 200
    with httpx.Client(base_url=address, timeout=60) as client:
        body = {"sender": "meanwhile", "message": "what tools do ml engineers use?"}
        making = threading.Thread(target=lambda: ask(address, PASSWORD, "/insights?days=7"))
        making.start()
        answered = 0
        while making.is_alive():
            assert client.post("/webhooks/rest/webhook", json=body).status_code == 200
            answered += making.is_alive()
        assert answered, "no answer came before the report was ready"


def test_another_period_is_one_click_away(shown: Callable[..., Page]) -> None:
    page = shown()
    page.get_by_role("link", name="7 days").click(no_wait_after=True)
    expect(page.get_by_role("link", name="7 days")).to_have_attribute("aria-current", "page", timeout=30_000)


def test_wrong_passwords_are_refused_and_then_limited(address: str, new_context: NewContext) -> None:
    """The last test of the server: after it, this address has to wait."""
    assert ask(address, "wrong").status_code == 401
    page = new_context(http_credentials={"username": "owner", "password": "wrong"}).new_page()
    answer = page.goto(f"{address}/insights")
    assert answer is not None and answer.status == 401
    guesses = 0
    while ask(address, f"guess-{guesses}").status_code == 401:
        guesses += 1
        assert guesses < 15
    limited = ask(address, PASSWORD)
    assert limited.status_code == 429, "over the limit, the right one tells nothing either"
    assert int(limited.headers["retry-after"]) >= 1
