"""Takes pictures of the widget: `python -m tests.browser.screenshots OUT`."""

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from playwright.sync_api import Browser, Page, expect

from .browser import PHONE, chromium
from .chat import COMPARE, SKILLS, WEBHOOK, Chat
from .servers import server_under_test

DESKTOP = {"viewport": {"width": 1280, "height": 860}}


@contextmanager
def demo_page(browser: Browser, url: str, **options: object) -> Iterator[Page]:
    context = browser.new_context(reduced_motion="reduce", **options)  # type: ignore[arg-type]
    page = context.new_page()
    page.goto(url)
    yield page
    context.close()


def take(browser: Browser, url: str, out: Path) -> None:
    for look in ("light", "dark"):
        for device, options in (("desktop", DESKTOP), ("phone", PHONE)):
            with demo_page(browser, url, color_scheme=look, **options) as page:
                shoot(page, out, f"{device}-{look}")


def shoot(page: Page, out: Path, name: str) -> None:
    def picture(state: str) -> None:
        page.screenshot(path=out / f"{name}-{state}.png")

    chat = Chat(page)
    picture("closed")
    chat.open()
    picture("greeting")
    chat.ask(SKILLS)
    picture("answer")
    chat.answers.last.get_by_role("button", name="Not helpful").click()
    picture("feedback")
    chat.ask(COMPARE)
    picture("table")
    chat.menu.click()
    picture("menu")
    chat.panel.get_by_role("button", name="Erase conversation").click()
    picture("erase")
    chat.panel.get_by_role("button", name="Keep").click()
    page.route(WEBHOOK, lambda route: route.abort())
    chat.write("Is anybody there?")
    expect(chat.status.get_by_role("button")).to_be_visible()
    picture("unreachable")


def main(out: Path) -> None:
    out.mkdir(parents=True, exist_ok=True)
    with server_under_test("http://localhost") as url, chromium() as browser:
        take(browser, url, out)
    for picture in sorted(out.glob("*.png")):
        print(picture)


if __name__ == "__main__":
    main(Path(sys.argv[1]))
