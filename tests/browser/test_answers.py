"""What a visitor can do with an answer."""

from collections.abc import Callable

import pytest
from playwright.sync_api import BrowserContext, Locator, Page, expect

from .chat import COMPARE, SKILLS, SUITS, WEBHOOK, Chat, HeldAnswer, answer_with, body_of
from .timing import click_to_answer


def test_a_suggestion_asks_and_the_answers_buttons_follow_it(chat: Chat) -> None:
    chat.choices.first.click()
    expect(chat.answers).to_have_count(1)
    expect(chat.questions).to_have_count(1)
    expect(chat.choices.first).to_be_visible()


def test_a_button_sends_its_payload_and_shows_its_title(chat: Chat) -> None:
    buttons = [{"title": "Prepare data", "payload": '/quiz{"choice":"data"}'}]
    answer_with(chat.page, {"text": "Which?", "buttons": buttons})
    chat.ask(SUITS)
    with chat.page.expect_request(WEBHOOK) as sent:
        chat.choices.click()
    assert body_of(sent.value)["message"] == '/quiz{"choice":"data"}'
    expect(chat.questions.last).to_have_text("Prepare data")


def test_buttons_of_earlier_answers_are_gone(chat: Chat) -> None:
    buttons = [{"title": "Only now", "payload": "x"}]
    answer_with(chat.page, {"text": "First.", "buttons": buttons})
    chat.ask("one")
    expect(chat.choices).to_have_text(["Only now"])
    chat.page.unroute(WEBHOOK)
    answer_with(chat.page, {"text": "Second."})
    chat.ask("two")
    expect(chat.choices).to_have_count(0)


def test_while_the_answer_is_awaited_it_shows_that_somebody_writes(chat: Chat) -> None:
    answer = HeldAnswer(chat.page)
    chat.write(SKILLS)
    expect(chat.typing).to_be_visible()
    expect(chat.questions).to_have_text([SKILLS])
    answer.release()
    expect(chat.answers).to_have_count(1)
    expect(chat.typing).to_have_count(0)


def test_markdown_is_shown_as_it_is_meant(chat: Chat) -> None:
    answer_with(chat.page, {"text": "**Point**\n\n1. one\n2. two\n\n- a\n- b\n\n`code`"})
    answer = chat.ask("hello")
    expect(answer.locator("strong")).to_have_text("Point")
    expect(answer.locator("ol > li")).to_have_text(["one", "two"])
    expect(answer.locator("ul > li")).to_have_text(["a", "b"])
    expect(answer.locator("code")).to_have_text("code")


def test_a_comparison_is_a_table_that_fits_a_phone(phone_chat: Chat) -> None:
    table = phone_chat.ask(COMPARE).get_by_role("table")
    expect(table.get_by_role("columnheader").last).to_be_visible()
    assert table.get_by_role("row").count() > 1
    wide = "(node) => node.scrollWidth > node.clientWidth"
    assert not table.evaluate(wide)
    assert not phone_chat.panel.locator(".scroll").evaluate(wide)
    assert not phone_chat.page.evaluate("document.documentElement.scrollWidth > innerWidth")


@pytest.mark.parametrize("target", ["https://a.example/x", "http://a.example/", "mailto:a@b.example"])
def test_links_open_safely(chat: Chat, target: str) -> None:
    answer_with(chat.page, {"text": f"[there]({target})"})
    link = chat.ask("hello").get_by_role("link")
    expect(link).to_have_attribute("href", target)
    expect(link).to_have_attribute("target", "_blank")
    expect(link).to_have_attribute("rel", "noopener noreferrer nofollow")


def test_the_source_is_named_once(chat: Chat) -> None:
    sources = [{"title": "A guide", "publisher": "Press", "date": "2025-06-11", "section": "Skills"}]
    custom = {"kind": "answer", "facts": ["x"], "sources": sources}
    text = "Short.\n\nSource: A guide, Skills"
    answer_with(chat.page, {"text": text, "custom": custom})
    answer = chat.ask("hello")
    expect(answer.locator(".source")).to_have_text("Source: A guide, Skills · Press · June 11, 2025")
    assert answer.inner_text().count("Source:") == 1


def test_a_thumb_up_is_sent_and_shown(chat: Chat) -> None:
    answer = chat.ask(SKILLS)
    with chat.page.expect_response("**/feedback") as sent:
        answer.get_by_role("button", name="Helpful", exact=True).click()
    body = body_of(sent.value.request)
    assert sent.value.status == 204
    assert body["rating"] == "up" and body["reason"] is None and body["facts"]
    thumb = answer.get_by_role("button", name="Helpful", exact=True)
    expect(thumb).to_have_attribute("aria-pressed", "true")


def test_a_thumb_down_asks_why(chat: Chat) -> None:
    answer = chat.ask(SKILLS)
    with chat.page.expect_response("**/feedback"):
        answer.get_by_role("button", name="Not helpful").click()
    with chat.page.expect_response("**/feedback") as sent:
        answer.get_by_role("button", name="Too long").click()
    assert body_of(sent.value.request)["reason"] == "too_long"
    expect(answer).to_contain_text("Thank you.")


def test_small_talk_is_not_rated(chat: Chat) -> None:
    answer_with(chat.page, {"text": "Hello!", "custom": {"kind": "smalltalk"}})
    expect(chat.ask("hello").get_by_role("button")).to_have_count(0)


def test_an_answer_can_be_copied(new_context: Callable[..., BrowserContext], server_url: str) -> None:
    context = new_context(permissions=["clipboard-read", "clipboard-write"])
    page = context.new_page()
    page.goto(server_url)
    chat = Chat(page).open()
    answer = chat.ask(SKILLS)
    answer.get_by_role("button", name="Copy answer").click()
    expect(answer.get_by_role("button", name="Copied")).to_be_visible()
    assert "Source:" in page.evaluate("() => navigator.clipboard.readText()")


RICH = """**Point** of `it`:

1. one [link](https://a.example/)
2. two

- *a*
  - b

| | AI | ML |
|---|---|---|
| Tools | **x** | y |"""
READABLE = """Point of it:

1. one link
2. two

- a
  - b

\tAI\tML
Tools\tx\ty

Source: A guide, Skills"""


def test_a_copy_is_text_without_markup_and_html_for_programs_that_take_it(
    new_context: Callable[..., BrowserContext], server_url: str
) -> None:
    page = new_context(permissions=["clipboard-read", "clipboard-write"]).new_page()
    page.goto(server_url)
    chat = Chat(page).open()
    custom = {"kind": "answer", "facts": ["x"], "sources": [{"title": "A guide", "section": "Skills"}]}
    answer_with(page, {"text": RICH, "custom": custom})
    answer = chat.ask("hello")
    answer.get_by_role("button", name="Copy answer").click()
    expect(answer.get_by_role("button", name="Copied")).to_be_visible()
    text, html = page.evaluate(
        """async () => {
            const [item] = await navigator.clipboard.read();
            const read = async (type) => (await item.getType(type)).text();
            return [await read("text/plain"), await read("text/html")];
        }"""
    )
    assert text == READABLE
    for part in ("<strong>Point</strong>", "<li>two</li>", "</th>", 'href="https://a.example/"', "Source: A guide"):
        assert part in html
    assert "<script" not in html and "career-advisor" not in html


def test_where_nothing_can_be_copied_no_button_says_so(page: Page, server_url: str) -> None:
    page.add_init_script("Object.defineProperty(navigator, 'clipboard', { value: undefined })")
    page.goto(server_url)
    answer = Chat(page).open().ask(SKILLS)
    expect(answer.get_by_role("button", name="Not helpful")).to_be_visible()
    expect(answer.get_by_role("button", name="Copy answer")).to_have_count(0)


def at(place: Locator) -> tuple[int, int]:
    """Where something is, in steps of four pixels: what is scrolled stops at whole ones."""
    box = place.bounding_box()
    assert box
    return round(box["x"] / 4), round(box["y"] / 4)


def near(one: tuple[int, int], other: tuple[int, int]) -> bool:
    return all(abs(a - b) <= 1 for a, b in zip(one, other, strict=True))


@pytest.mark.parametrize("width", [1280, 390, 320])
def test_the_reasons_for_a_thumb_down_open_away_from_the_pointer(
    new_context: Callable[..., BrowserContext], server_url: str, width: int
) -> None:
    page = new_context(viewport={"width": width, "height": 720}).new_page()
    page.goto(server_url)
    chat = Chat(page).open()
    answer = chat.ask(SKILLS)
    thumb = answer.get_by_role("button", name="Not helpful")
    thumb.scroll_into_view_if_needed()
    chat.panel.locator(".scroll").evaluate("(place) => { place.scrollTop = place.scrollHeight }")
    before, follow_ups = at(thumb), [at(choice) for choice in chat.choices.all()]
    thumb.click()
    reasons = answer.locator(".why")
    expect(reasons).to_be_in_viewport(ratio=1)
    assert near(at(thumb), before)
    assert page.locator("career-advisor .why button:hover").count() == 0
    assert all(near(at(choice), there) for choice, there in zip(chat.choices.all(), follow_ups, strict=True))
    expect(chat.choices.last).to_be_in_viewport(ratio=1)
    reasons.get_by_role("button", name="Out of date").click()
    expect(answer).to_contain_text("Thank you.")
    assert near(at(thumb), before)


# Where a thumb is when it is pressed: low in a short conversation, or just below the chat's head.
PLACES = {"a short conversation": "1e6", "the head of the chat": "button.closest('.actions').offsetTop - 8"}


@pytest.mark.parametrize("place", PLACES.values(), ids=PLACES.keys())
def test_near_an_edge_the_reasons_are_seen_and_move_nothing_either(chat: Chat, place: str) -> None:
    text = "Short." if place == "1e6" else "\n\n".join(f"Line {n}" for n in range(40))
    buttons = [{"title": f"Question {n}?" * 4, "payload": "x"} for n in range(9 if place != "1e6" else 1)]
    custom = {"kind": "answer", "facts": ["x"]}
    answer_with(chat.page, {"text": text, "buttons": buttons, "custom": custom})
    answer = chat.ask("hello")
    thumb = answer.get_by_role("button", name="Not helpful")
    thumb.evaluate(f"(button) => {{ button.closest('.scroll').scrollTop = {place} }}")
    before = at(thumb)
    thumb.click()
    expect(answer.locator(".why")).to_be_in_viewport(ratio=1)
    assert near(at(thumb), before)
    assert chat.page.locator("career-advisor .why button:hover").count() == 0
    answer.get_by_role("button", name="Too long").click()
    assert near(at(thumb), before)


def test_by_keyboard_the_reasons_come_next(chat: Chat) -> None:
    answer = chat.ask(SKILLS)
    thumb = answer.get_by_role("button", name="Not helpful")
    thumb.press("Enter")
    expect(answer.get_by_role("button", name="Not correct")).to_be_focused()
    chat.page.keyboard.press("Enter")
    expect(answer).to_contain_text("Thank you.")
    expect(thumb).to_be_focused()


def test_starting_over_begins_a_new_conversation(chat: Chat) -> None:
    chat.ask(SKILLS)
    before = chat.stored()["credentials"]["sender"]
    chat.choose_in_menu("Start over")
    expect(chat.answers).to_have_count(0)
    expect(chat.choices.first).to_be_visible()
    chat.ask(SKILLS)
    assert chat.stored()["credentials"]["sender"] != before


def test_the_conversation_can_be_downloaded(chat: Chat) -> None:
    chat.ask(SKILLS)
    with chat.page.expect_download() as download:
        chat.choose_in_menu("Download conversation")
    assert download.value.suggested_filename.endswith(".md")
    text = download.value.path().read_text("utf-8")
    assert text.startswith("# Career Advisor\n")
    assert f"**You:** {SKILLS}" in text
    assert "**Advisor:**" in text


@pytest.mark.parametrize(("zone", "day"), [("Pacific/Kiritimati", "2026-03-02"), ("Pacific/Pago_Pago", "2026-03-01")])
def test_a_download_is_named_by_the_day_it_is_where_the_visitor_is(
    new_context: Callable[..., BrowserContext], server_url: str, zone: str, day: str
) -> None:
    page = new_context(timezone_id=zone, locale="de-DE").new_page()
    page.clock.install(time="2026-03-01T12:00:00Z")
    page.goto(server_url)
    chat = Chat(page).open()
    chat.ask(SKILLS)
    with page.expect_download() as download:
        chat.choose_in_menu("Download conversation")
    assert download.value.suggested_filename == f"career-advisor-{day}.md"
    assert f"March {int(day[-2:])}, 2026" in download.value.path().read_text("utf-8")


def test_the_time_from_click_to_answer_is_taken_for_every_answer(chat: Chat) -> None:
    chat.ask(SKILLS)
    times = click_to_answer(chat.page, 3)
    assert len(times) == 3 and min(times) > 0  # How long it may take is for `make bench` to say.


def test_a_closed_chat_counts_what_it_got(page: Page, server_url: str) -> None:
    page.goto(server_url)
    chat = Chat(page).open()
    answer = HeldAnswer(page)
    chat.write(SKILLS)
    page.keyboard.press("Escape")
    answer.release()
    expect(page.get_by_role("button", name="unread: 1")).to_be_visible()
    expect(page.locator("career-advisor .badge")).to_have_text("1")
    chat.open()
    expect(page.locator("career-advisor .badge")).to_be_hidden()
