import os
from collections.abc import Callable, Iterator

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect

from .browser import EXECUTABLE, HOW_TO_GET_ONE, PHONE, chromium
from .chat import Chat
from .servers import Site, server_under_test, web_site

WATCH_SHIFTS = """
window.shifts = [];
new PerformanceObserver((list) => {
  for (const { value, hadRecentInput } of list.getEntries()) {
    window.shifts.push({ value, hadRecentInput });
  }
}).observe({ type: "layout-shift", buffered: true });
"""


# A busy machine shows what it shows later, and nothing here is about how fast it is.
expect.set_options(timeout=30_000)


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    if not EXECUTABLE and not os.environ.get("CI"):
        pytest.skip(HOW_TO_GET_ONE)
    with chromium() as browser:
        yield browser


@pytest.fixture(scope="session")
def site() -> Iterator[Site]:
    with web_site() as site:
        yield site


@pytest.fixture(scope="session")
def server_url(site: Site) -> Iterator[str]:
    with server_under_test(site.allowed) as url:
        yield url


@pytest.fixture
def new_context(browser: Browser) -> Iterator[Callable[..., BrowserContext]]:
    contexts = []

    def make(**options: object) -> BrowserContext:
        options.setdefault("viewport", {"width": 1200, "height": 800})
        options.setdefault("reduced_motion", "reduce")
        context = browser.new_context(**options)  # type: ignore[arg-type]
        context.set_default_timeout(30_000)
        contexts.append(context)
        return context

    yield make
    for context in contexts:
        context.close()


@pytest.fixture
def page(new_context: Callable[..., BrowserContext]) -> Iterator[Page]:
    """A page in which nothing of ours may fail unnoticed."""
    page = new_context().new_page()
    failures: list[str] = []
    page.on("pageerror", lambda error: failures.append(str(error)))
    yield page
    assert failures == []


@pytest.fixture
def phone(new_context: Callable[..., BrowserContext]) -> Page:
    return new_context(**PHONE).new_page()


@pytest.fixture
def chat(page: Page, server_url: str) -> Chat:
    """The demo page, with the chat opened."""
    page.goto(server_url)
    return Chat(page).open()


@pytest.fixture
def phone_chat(phone: Page, server_url: str) -> Chat:
    phone.goto(server_url)
    return Chat(phone).open()


@pytest.fixture
def shifts(page: Page) -> Callable[[], list[dict[str, object]]]:
    """The layout shifts of the page since it was opened."""
    page.add_init_script(WATCH_SHIFTS)
    return lambda: page.evaluate("() => window.shifts")
