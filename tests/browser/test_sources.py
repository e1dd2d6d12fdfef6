"""Where an answer is from, as it is shown; and tables that are stacked where there is little room."""

from typing import Any

import pytest
from playwright.sync_api import Locator, expect

from .chat import SKILLS, Chat, answer_with

GUIDE = {"title": "A guide", "publisher": "Press", "date": "2025-06-11", "section": "Skills"}
SURVEY = {
    "title": "Survey of data jobs",
    "publisher": "Example University",
    "date": "2024-02-01",
    "edition": "February 2024",
    "url": "https://survey.example/jobs",
    "credit": "Contains data of the survey, CC BY 4.0.",
    "outdated_from": "2025-03-01",
}


def answered(chat: Chat, *sources: dict[str, str]) -> Locator:
    """The sources of an answer that draws on these."""
    custom: dict[str, Any] = {"kind": "answer", "facts": ["x"], "sources": list(sources)}
    answer_with(chat.page, {"text": "Short.\n\n*Sources: as a line*", "custom": custom})
    answer = chat.ask("hello")
    expect(answer.locator(".markdown")).to_have_text("Short.")
    return answer.locator(".source")


def test_a_source_that_fits_two_lines_is_shown_at_once(chat: Chat) -> None:
    shown = answered(chat, GUIDE, {**GUIDE, "section": "Tools"})
    expect(shown).to_have_text("Source: A guide, Skills, Tools · Press · June 11, 2025")
    expect(shown.locator("summary")).to_have_count(0)
    height = shown.evaluate("e => e.clientHeight / parseFloat(getComputedStyle(e).lineHeight)")
    assert height < 3


def test_longer_ones_are_folded_and_opened_from_the_keyboard(chat: Chat) -> None:
    shown = answered(chat, GUIDE, {**SURVEY, "section": "Pay"}, {**SURVEY, "section": "Jobs"})
    summary = shown.locator("summary")
    expect(summary).to_have_text("Source: Press + 1 · out of date since March 1, 2025")
    expect(shown.locator("li").first).not_to_be_visible()
    summary.focus()
    chat.page.keyboard.press("Enter")
    expect(shown.locator("li")).to_have_text(
        [
            "A guide, Skills · Press · June 11, 2025",
            "Survey of data jobs, Pay, Jobs · Example University · February 2024 (out of date since March 1, 2025)",
            "Contains data of the survey, CC BY 4.0.",
        ]
    )
    expect(shown.locator("li").first).to_be_visible()


def test_a_long_list_of_sections_is_folded(chat: Chat) -> None:
    shown = answered(chat, *({**GUIDE, "section": f"Section number {number}"} for number in range(9)))
    expect(shown.locator("summary")).to_have_text("Source: A guide")


def test_several_sources_of_one_publisher_name_it_once(chat: Chat) -> None:
    shown = answered(chat, GUIDE, {**GUIDE, "title": "Another guide"})
    expect(shown.locator("summary")).to_have_text("Source: Press")


def test_a_source_on_the_web_opens_in_a_tab_of_its_own(chat: Chat) -> None:
    link = answered(chat, {**GUIDE, "url": "https://guide.example/a?b=1&c=2"}).get_by_role("link", name="A guide")
    expect(link).to_have_attribute("href", "https://guide.example/a?b=1&c=2")
    expect(link).to_have_attribute("target", "_blank")
    expect(link).to_have_attribute("rel", "noopener nofollow")


@pytest.mark.parametrize(
    "url", ["javascript:alert(1)", "data:text/html,x", "//elsewhere.example", " https", "ftp://x.y"]
)
def test_only_web_addresses_are_linked(chat: Chat, url: str) -> None:
    shown = answered(chat, {**GUIDE, "url": url})
    expect(shown).to_contain_text("A guide")
    expect(shown.get_by_role("link")).to_have_count(0)


def test_what_is_no_text_shows_no_sources(chat: Chat) -> None:
    answer_with(chat.page, {"text": "Short.", "custom": {"sources": [{**GUIDE, "url": ["https://x.example"]}]}})
    expect(chat.ask("hello").locator(".source")).to_have_count(0)


def test_the_menu_leads_to_all_sources(chat: Chat, server_url: str) -> None:
    chat.menu.click()
    link = chat.panel.get_by_role("link", name="All sources")
    expect(link).to_have_attribute("href", f"{server_url}/sources")
    with chat.page.context.expect_page() as opened:
        link.click()
    assert opened.value.url == f"{server_url}/sources"
    expect(chat.panel.locator("#menu")).not_to_be_visible()


TABLE = (
    "| | AI engineers | ML engineers | Data scientists |\n|---|---|---|---|\n| Tools | OpenCV | Hadoop | Notebooks |"
)


def test_three_roles_are_stacked_and_still_a_table(phone_chat: Chat) -> None:
    answer_with(phone_chat.page, {"text": TABLE})
    table = phone_chat.ask(SKILLS).get_by_role("table")
    cells = table.get_by_role("cell", name="OpenCV").or_(table.get_by_role("cell", name="Notebooks"))
    expect(cells).to_have_count(2)
    boxes = [cell.bounding_box() for cell in cells.all()]
    assert boxes[0] and boxes[1] and boxes[0]["x"] == boxes[1]["x"] and boxes[0]["y"] < boxes[1]["y"]
    expect(table.get_by_role("rowheader")).to_have_text(["Tools"])
    label = "cell => getComputedStyle(cell, '::before').content"
    assert cells.last.evaluate(label) == '"Data scientists"'
    assert not table.evaluate("e => e.scrollWidth > e.clientWidth")


def test_the_names_of_rows_have_room(phone_chat: Chat) -> None:
    row = "| Computer and information research scientists | $140,300 | May 2025 |"
    answer_with(phone_chat.page, {"text": f"| Occupation | Figure | Year |\n|---|---|---|\n{row}"})
    cells = phone_chat.ask(SKILLS).get_by_role("table").locator("th, td")
    cut = "c => { const r = document.createRange(); r.selectNodeContents(c); return r.getBoundingClientRect().width }"
    assert all(cell.evaluate(cut) <= cell.evaluate("c => c.clientWidth") for cell in cells.all())
    heights = [cell.bounding_box() for cell in cells.all()[:1]]
    assert heights[0] and heights[0]["height"] < 50, "a heading of one word stands on one line"


def test_two_roles_stand_side_by_side_on_a_phone_as_well(phone_chat: Chat) -> None:
    answer_with(phone_chat.page, {"text": "| | AI | ML |\n|---|---|---|\n| Tools | OpenCV | Hadoop |"})
    table = phone_chat.ask(SKILLS).get_by_role("table")
    one, other = (table.get_by_role("cell", name=name).bounding_box() for name in ("OpenCV", "Hadoop"))
    assert one and other and one["y"] == other["y"] and one["x"] < other["x"]
