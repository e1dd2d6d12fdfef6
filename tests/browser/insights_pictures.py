"""Takes pictures of the page /insights: `python -m tests.browser.insights_pictures OUT`.

`docs` as OUT renews the picture in docs/images.
"""

import sys
import tempfile
from pathlib import Path

from playwright.sync_api import Browser

from bot.insights.page import page as make_page
from bot.insights.period import Period
from bot.insights.report import make_report
from bot.insights.summary import summary
from bot.insights.tables import tables_of
from bot.knowledge import load_knowledge
from bot.server.insights import PERIODS

from .browser import PHONE, chromium
from .insights import fill_store

DOCS = Path(__file__).parents[2] / "docs" / "images" / "insights.png"


def main(out: str) -> None:
    kb = load_knowledge("data/knowledge")
    with tempfile.TemporaryDirectory() as folder, chromium() as browser:
        url = f"sqlite:///{folder}/conversations.db"
        fill_store(url)
        report = make_report(url, Period.last_days(30), kb)
        file = Path(folder) / "insights.html"
        file.write_text(make_page(report, tables_of(report, kb), summary(report, kb), PERIODS), "utf-8")
        if out == "docs":
            DOCS.parent.mkdir(exist_ok=True)
            shoot(browser, file, DOCS, {"viewport": {"width": 960, "height": 760}}, "light", whole=False)
            return
        Path(out).mkdir(parents=True, exist_ok=True)
        for look in ("light", "dark"):
            for device, options in (("desktop", {"viewport": {"width": 1280, "height": 900}}), ("phone", PHONE)):
                shoot(browser, file, Path(out) / f"insights-{device}-{look}.png", options, look, whole=True)


def shoot(browser: Browser, file: Path, picture: Path, options: dict[str, object], look: str, whole: bool) -> None:
    context = browser.new_context(color_scheme=look, **options)  # type: ignore[arg-type]
    page = context.new_page()
    page.goto(file.as_uri())
    page.screenshot(path=picture, full_page=whole)
    context.close()
    print(picture)


if __name__ == "__main__":
    main(sys.argv[1])
