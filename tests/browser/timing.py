"""Measures click to answer on screen: `python -m tests.browser.timing [URL]` prints JSON."""

import json
import sys
from statistics import median

from playwright.sync_api import Page

from .browser import chromium
from .chat import SKILLS, Chat
from .servers import server_under_test

MEASURE = """async (question) => {
    const root = document.querySelector("career-advisor").shadowRoot;
    const field = root.querySelector("textarea");
    const answers = () => root.querySelectorAll(".bot").length;
    const frame = () => new Promise(requestAnimationFrame);
    const count = answers();
    field.value = question;
    field.dispatchEvent(new InputEvent("input"));
    await frame();
    const start = performance.now();
    root.querySelector(".send").click();
    while (answers() === count) await frame();
    return performance.now() - start;
}"""


def click_to_answer(page: Page, times: int) -> list[float]:
    """Milliseconds from the click on Send to the frame that shows the answer, in an open chat."""
    return [float(page.evaluate(MEASURE, SKILLS)) for _ in range(times)]


def main(url: str | None, times: int = 30) -> None:
    with server_under_test("http://localhost") as default, chromium() as browser:
        page = browser.new_page()
        page.goto(url or default)
        Chat(page).open().ask(SKILLS)
        taken = sorted(click_to_answer(page, times))
    figures = {"median_ms": median(taken), "worst_ms": taken[-1], "answers": times}
    print(json.dumps({name: round(value, 1) for name, value in figures.items()}))


if __name__ == "__main__":
    main(sys.argv[1] if len(sys.argv) > 1 else None)
