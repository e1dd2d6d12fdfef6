"""The chat on a phone."""

from playwright.sync_api import Page, expect

from .chat import SKILLS, Chat, focused


def test_on_a_phone_it_fills_the_screen_and_nothing_behind_it_is_reached(phone_chat: Chat) -> None:
    assert phone_chat.panel.bounding_box() == {"x": 0, "y": 0, "width": 360, "height": 740}
    expect(phone_chat.panel).to_have_js_property("open", True)
    assert phone_chat.panel.evaluate("(dialog) => dialog.matches(':modal')")
    assert "h2#title" in focused(phone_chat.page)


KEYBOARD = """
Object.defineProperty(window, "visualViewport", { value: new EventTarget() });
Object.assign(window.visualViewport, { height: 740, offsetTop: 0 });
window.keyboard = (height, offsetTop) => {
  Object.assign(window.visualViewport, { height, offsetTop });
  window.visualViewport.dispatchEvent(new Event("resize"));
};
"""


def test_it_fits_above_the_keyboard_of_a_phone(phone: Page, server_url: str) -> None:
    phone.add_init_script(KEYBOARD)
    phone.goto(server_url)
    chat = Chat(phone).open()
    chat.ask(SKILLS)
    phone.evaluate("() => keyboard(390, 30)")
    assert chat.panel.bounding_box() == {"x": 0, "y": 30, "width": 360, "height": 390}
    field = chat.input.bounding_box()
    assert field and field["y"] + field["height"] <= 420


def test_closing_on_a_phone_gives_the_page_back(phone_chat: Chat) -> None:
    phone_chat.panel.get_by_role("button", name="Close chat").click()
    expect(phone_chat.panel).to_be_hidden()
    expect(phone_chat.launcher).to_be_focused()


def test_after_a_reload_it_does_not_cover_a_phone(phone_chat: Chat) -> None:
    phone_chat.ask(SKILLS)
    phone_chat.page.reload()
    expect(phone_chat.launcher).to_be_visible()
    expect(phone_chat.panel).to_be_hidden()
    phone_chat.open()
    expect(phone_chat.answers).to_have_count(1)
