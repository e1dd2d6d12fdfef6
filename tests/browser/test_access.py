"""Keyboard, screen reader, contrast, motion, and phones."""

from collections.abc import Callable

import pytest
from playwright.sync_api import BrowserContext, Page, expect

from .browser import PHONE
from .chat import COMPARE, SKILLS, Chat, axe_violations, focused

LOOKS = [("light", {}), ("dark", {}), ("light", PHONE), ("dark", PHONE)]
NAMES = ["light", "dark", "light on a phone", "dark on a phone"]


@pytest.fixture(params=LOOKS, ids=NAMES)
def look(request: pytest.FixtureRequest, new_context: Callable[..., BrowserContext], server_url: str) -> Page:
    scheme, device = request.param
    page = new_context(color_scheme=scheme, **device).new_page()
    page.goto(server_url)
    return page


def test_axe_finds_nothing_in_the_closed_widget(look: Page) -> None:
    assert axe_violations(look) == []


def test_axe_finds_nothing_in_the_open_chat(look: Page) -> None:
    chat = Chat(look).open()
    chat.ask(SKILLS)
    chat.answers.last.get_by_role("button", name="Not helpful").click()
    chat.ask(COMPARE)
    chat.input.fill("x" * 1001)
    chat.menu.click()
    assert axe_violations(look) == []


def test_everything_can_be_done_by_keyboard(page: Page, server_url: str) -> None:
    page.goto(server_url)
    chat = Chat(page)
    chat.launcher.focus()
    page.keyboard.press("Enter")
    expect(chat.input).to_be_focused()
    page.keyboard.type(SKILLS)
    page.keyboard.press("Enter")
    expect(chat.answers).to_have_count(1)
    expect(chat.input).to_be_focused()
    page.keyboard.press("Shift+Tab")
    assert "button" in focused(page)
    page.keyboard.press("Enter")
    expect(chat.questions).to_have_count(2)
    expect(chat.input).to_be_focused()
    page.keyboard.press("Escape")
    expect(chat.panel).to_be_hidden()
    expect(chat.launcher).to_be_focused()


def test_the_focus_returns_to_what_opened_the_chat(page: Page, server_url: str) -> None:
    page.goto(server_url)
    opener = page.get_by_role("button", name="Compare the skills")
    opener.focus()
    page.keyboard.press("Enter")
    expect(Chat(page).answers).to_have_count(1)
    page.keyboard.press("Escape")
    expect(opener).to_be_focused()


def test_escape_closes_the_menu_before_the_chat(chat: Chat) -> None:
    chat.menu.click()
    chat.page.keyboard.press("Escape")
    expect(chat.panel.locator("#menu")).to_be_hidden()
    expect(chat.menu).to_be_focused()
    expect(chat.panel).to_be_visible()


def test_shift_enter_makes_a_new_line(chat: Chat) -> None:
    chat.input.press("Shift+Enter")
    expect(chat.input).to_have_value("\n")
    expect(chat.questions).to_have_count(0)


def test_enter_that_ends_composing_a_character_does_not_send(chat: Chat) -> None:
    chat.input.fill("かな")
    chat.input.dispatch_event("keydown", {"key": "Enter", "isComposing": True, "bubbles": True, "composed": True})
    expect(chat.questions).to_have_count(0)


def test_it_is_a_named_dialog_with_a_log_that_announces_answers(chat: Chat) -> None:
    dialog = chat.page.get_by_role("dialog", name="Career Advisor")
    log = dialog.get_by_role("log", name="Conversation")
    chat.page.evaluate(
        """() => {
            const log = document.querySelector("career-advisor").shadowRoot
                .querySelector("[role=log]");
            window.announced = [];
            new MutationObserver((changes) => {
                for (const { addedNodes } of changes) {
                    for (const node of addedNodes) {
                        if (node.ariaLive !== "off" && node.innerText) {
                            window.announced.push(node.innerText);
                        }
                    }
                }
            }).observe(log, { childList: true });
        }"""
    )
    chat.ask(SKILLS)
    announced = chat.page.evaluate("() => window.announced")
    assert len(announced) == 1 and "ML engineer" in announced[0]
    expect(log.locator(".actions").last).to_have_attribute("aria-live", "off")
    expect(log).to_have_attribute("aria-busy", "false")


def test_every_control_has_a_name_and_24_pixels(phone_chat: Chat) -> None:
    phone_chat.ask(SKILLS)
    phone_chat.answers.last.get_by_role("button", name="Not helpful").click()
    phone_chat.menu.click()
    controls = phone_chat.panel.locator("button:visible, textarea:visible")
    for control in controls.all():
        box = control.bounding_box()
        assert box and box["width"] >= 24 and box["height"] >= 24
        name = control.evaluate("(node) => node.ariaLabel || node.innerText")
        assert name.strip()


def test_with_reduced_motion_nothing_moves(new_context: Callable[..., BrowserContext], server_url: str) -> None:
    running = "() => document.getAnimations({ subtree: true }).length"
    for motion in ("reduce", "no-preference"):
        page = new_context(reduced_motion=motion).new_page()
        page.goto(server_url)
        chat = Chat(page).open()
        page.route("**/webhook", lambda route: None)
        chat.write(SKILLS)
        expect(chat.typing).to_be_visible()
        dots = chat.typing.locator("i").first
        moving = dots.evaluate("(dot) => getComputedStyle(dot).animationName")
        assert (moving == "none") is (motion == "reduce")
        assert motion != "reduce" or page.evaluate(running) == 0


def test_dark_mode_follows_the_system(chat: Chat) -> None:
    expect(chat.panel).to_have_css("background-color", "rgb(255, 255, 255)")
    chat.page.emulate_media(color_scheme="dark")
    expect(chat.panel).to_have_css("background-color", "rgb(22, 28, 30)")


def test_a_pale_accent_still_reads_well(page: Page, server_url: str) -> None:
    page.goto(server_url)
    page.evaluate("() => CareerAdvisor.configure({ accent: '#ffd54f' })")
    Chat(page).open().ask(SKILLS)
    assert axe_violations(page) == []


def test_zoomed_in_four_times_it_can_still_be_used(page: Page, server_url: str) -> None:
    page.set_viewport_size({"width": 320, "height": 256})
    page.goto(server_url)
    chat = Chat(page).open()
    chat.ask(COMPARE)
    assert not chat.panel.locator(".scroll").evaluate("(s) => s.scrollWidth > s.clientWidth")
    expect(chat.send).to_be_in_viewport()
