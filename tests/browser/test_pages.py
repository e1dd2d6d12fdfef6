"""What the pages of others do to a widget: their shortcuts, styles, scripts, translation, printing and storage."""

import json
from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import BrowserContext, Page, expect

from .browser import PHONE
from .chat import SKILLS, Chat, script_tag
from .servers import Site

# A module, as most pages have it by now: it runs after the widget's tag above it.
SHORTCUTS = """<script type=module>
    window.heard = [];
    for (const type of ["keydown", "keyup", "keypress", "paste"]) {
        for (const target of [document, window]) {
            for (const capture of [true, false]) {
                target.addEventListener(type, (event) => heard.push(`${type} ${event.key}`), { capture });
            }
        }
    }
    window.lookedUp = () => document.activeElement.shadowRoot?.activeElement?.localName;
</script>"""


def heard(page: Page) -> list[str]:
    return list(page.evaluate("() => heard.splice(0)"))


@pytest.fixture
def with_shortcuts(page: Page, site: Site, server_url: str) -> Chat:
    """A page that listens for keys wherever a page can, set up after the widget's script."""
    site.put("/keys", "<input id=own>" + SHORTCUTS, head=script_tag(server_url))
    page.goto(f"{site.allowed}/keys")
    return Chat(page)


def test_what_is_typed_into_the_chat_is_not_a_shortcut_of_the_page(with_shortcuts: Chat) -> None:
    chat, page = with_shortcuts.open(), with_shortcuts.page
    heard(page)
    chat.input.press_sequentially("/s?")
    page.keyboard.press("Control+k")
    chat.input.evaluate("""(field) => field.dispatchEvent(new ClipboardEvent("paste", {
        bubbles: true, composed: true, clipboardData: new DataTransfer() }))""")
    chat.input.press("Shift+Enter")
    expect(chat.input).to_have_value("/s?\n")
    assert page.evaluate("() => lookedUp()") == "textarea"
    chat.input.fill(SKILLS)
    chat.input.press("Enter")
    expect(chat.answers).to_have_count(1)
    # Playwright's `fill` types no keys: whatever was heard came out of the chat.
    assert heard(page) == []
    page.locator("#own").press("a")
    assert heard(page).count("keydown a") == 4


def test_tab_and_an_escape_that_closes_nothing_are_for_the_page_too(
    with_shortcuts: Chat, site: Site, server_url: str
) -> None:
    chat, page = with_shortcuts.open(), with_shortcuts.page
    heard(page)
    page.keyboard.press("Shift+Tab")
    assert "keydown Tab" in heard(page)
    page.keyboard.press("Escape")
    expect(chat.panel).to_be_hidden()
    assert "keydown Escape" not in heard(page)
    site.put("/inline-keys", "<career-advisor></career-advisor>" + SHORTCUTS, head=script_tag(server_url))
    page.goto(f"{site.allowed}/inline-keys")
    chat.menu.click()
    page.keyboard.press("Escape")
    expect(chat.panel.locator("#menu")).to_be_hidden()
    assert "keydown Escape" not in heard(page)
    page.keyboard.press("Escape")
    assert "keydown Escape" in heard(page)


AROUND = {
    "filter": "filter: saturate(1.1)",
    "transform": "transform: translateX(0)",
    "perspective": "perspective: 600px",
    "contain": "contain: layout paint",
    "will-change": "will-change: transform",
    "backdrop": "backdrop-filter: blur(2px)",
    "container": "container-type: inline-size",
    "zoom": "zoom: 1.6",
    "grid": "display: grid; overflow: hidden; height: 300px",
}


@pytest.mark.parametrize("where", ["body", "html"])
@pytest.mark.parametrize("style", AROUND.values(), ids=AROUND.keys())
def test_styles_of_the_whole_page_do_not_move_it(
    page: Page, site: Site, server_url: str, style: str, where: str
) -> None:
    head = (
        f"<style>{where} {{ {style} }} p {{ height: 3000px }} div {{ position: fixed; inset: 0; z-index: 2147483647 }}"
    )
    site.put("/styled", "<p>Long</p>" + script_tag(server_url), head=head + "</style>")
    page.goto(f"{site.allowed}/styled")
    page.mouse.wheel(0, 400)
    chat = Chat(page)
    button = chat.launcher.bounding_box()
    assert button and button["x"] + button["width"] == 1180 and button["y"] + button["height"] == 780
    assert button["height"] == 56
    chat.open()
    panel = chat.panel.bounding_box()
    assert panel and panel["x"] + panel["width"] == 1180 and panel["y"] + panel["height"] == 780
    assert panel["y"] >= 20 and panel["width"] == 408
    chat.ask(SKILLS)


def test_it_lies_above_everything_unless_the_page_sets_its_layer(page: Page, site: Site, server_url: str) -> None:
    cover = "<div style='position: fixed; inset: 0; z-index: 2147483647; background: #fff'></div>"
    site.put("/covered", cover + script_tag(server_url))
    page.goto(f"{site.allowed}/covered")
    Chat(page).open()
    low = "<style>career-advisor { --career-advisor-layer: 10 }</style>"
    site.put("/low", cover.replace("2147483647", "11") + script_tag(server_url), head=low)
    page.goto(f"{site.allowed}/low")
    expect(Chat(page).launcher).to_be_attached()
    at = "() => document.elementFromPoint(innerWidth - 60, innerHeight - 50).localName"
    assert page.evaluate(at) == "div"


def test_it_is_not_printed(page: Page, server_url: str) -> None:
    page.goto(server_url)
    chat = Chat(page)
    page.emulate_media(media="print")
    expect(chat.launcher).to_be_hidden()
    page.emulate_media(media="screen")
    chat.open()
    page.emulate_media(media="print")
    expect(chat.panel).to_be_hidden()


def test_on_a_phone_it_is_not_printed_either(phone_chat: Chat) -> None:
    phone_chat.page.emulate_media(media="print")
    expect(phone_chat.panel).to_be_hidden()


def test_without_scripts_the_page_says_so_and_shows_no_dead_buttons(
    new_context: Callable[..., BrowserContext], server_url: str
) -> None:
    page = new_context(java_script_enabled=False).new_page()
    page.goto(server_url)
    expect(page.get_by_text("needs JavaScript")).to_be_visible()
    expect(page.get_by_role("button")).to_have_count(0)
    with_scripts = new_context().new_page()
    with_scripts.goto(server_url)
    expect(with_scripts.get_by_text("needs JavaScript")).to_be_hidden()
    expect(with_scripts.get_by_role("button", name="Compare the skills")).to_be_visible()


MESSAGE = {"id": "1", "role": "user", "text": "Hello there"}
GOOD = {
    "key": "0" * 32,
    "credentials": None,
    "past": [],
    "erasing": [],
    "messages": [MESSAGE],
    "draft": "",
    "open": True,
}
ODD: dict[str, Any] = {
    "text in the place of messages": {**GOOD, "messages": json.dumps([MESSAGE] * 30)},
    "messages of another shape": {**GOOD, "messages": [{"from": "me", "body": "Hello"}]},
    "a message that is none": {**GOOD, "messages": [MESSAGE, None]},
    "buttons of another shape": {**GOOD, "messages": [{**MESSAGE, "role": "bot", "buttons": ["Yes"]}]},
    "sources of another shape": {**GOOD, "messages": [{**MESSAGE, "role": "bot", "custom": {"sources": "x"}}]},
    "credentials of another shape": {**GOOD, "credentials": "secret"},
    "a number as the draft": {**GOOD, "draft": 7},
    "a list": [GOOD],
    "a number": 7,
    "nothing": None,
}


@pytest.mark.parametrize("stored", ODD.values(), ids=ODD.keys())
def test_a_stored_conversation_that_is_damaged_is_the_same_as_none(page: Page, server_url: str, stored: Any) -> None:
    page.add_init_script(
        f"sessionStorage.getItem('seen') ?? sessionStorage.setItem('career-advisor:{server_url}',"
        f" {json.dumps(json.dumps(stored))}); sessionStorage.setItem('seen', '1')"
    )
    page.goto(server_url)
    chat = Chat(page)
    if not isinstance(stored, dict):
        chat.open()
    else:
        page.evaluate("() => CareerAdvisor.open()")
    expect(chat.choices.first).to_be_visible()
    expect(chat.log.locator(".message")).to_have_count(1)
    chat.ask(SKILLS)
    page.reload()
    expect(chat.answers).to_have_count(1)


def test_it_works_where_an_old_library_changes_how_arrays_become_json(page: Page, site: Site, server_url: str) -> None:
    as_text = "function () { return '[' + this.map(JSON.stringify).join(', ') + ']' }"
    old = f"<script>Array.prototype.toJSON = {as_text}</script>"
    site.put("/old", old + script_tag(server_url))
    page.goto(f"{site.allowed}/old")
    chat = Chat(page).open()
    answer = chat.ask(SKILLS)
    with page.expect_response("**/feedback") as sent:
        answer.get_by_role("button", name="Helpful", exact=True).click()
    assert sent.value.status == 204
    page.reload()
    expect(chat.log.locator(".message")).to_have_count(3)
    chat.ask("and AI?")


DECOY = '<script src="/other/widget.js" data-title="Not ours"></script>'
MODULES = {
    "a module": '<script type="module" src="{server}/widget.js?v=1" data-title="Ours"></script>',
    "an import": '<script type="module">await import("{server}/widget.js"); '
    'CareerAdvisor.configure({{ title: "Ours" }})</script>',
    "a script put in later": '<script>setTimeout(() => {{ const s = document.createElement("script"); '
    's.src = "{server}/widget.js"; s.dataset.title = "Ours"; document.head.append(s) }}, 50)</script>',
}


@pytest.mark.parametrize("tag", MODULES.values(), ids=MODULES.keys())
def test_it_talks_to_the_server_its_own_script_came_from(page: Page, site: Site, server_url: str, tag: str) -> None:
    site.scripts["/other/widget.js"] = "window.other = 1;"
    site.put("/decoy", DECOY + tag.format(server=server_url) + DECOY)
    page.goto(f"{site.allowed}/decoy")
    chat = Chat(page).open()
    expect(page.get_by_role("dialog", name="Ours")).to_be_visible()
    with page.expect_request("**/webhooks/rest/webhook") as sent:
        chat.ask(SKILLS)
    assert sent.value.url.startswith(server_url)


def test_as_part_of_another_script_it_asks_for_the_server(page: Page, site: Site, server_url: str) -> None:
    said: list[str] = []
    asked: list[str] = []
    page.on("console", lambda message: said.append(message.text))
    page.on("request", lambda request: asked.append(request.url))
    site.scripts["/bundle.js"] = page.request.get(f"{server_url}/widget.js").text()
    site.put("/bundled", '<script src="/bundle.js" defer></script>')
    page.goto(f"{site.allowed}/bundled")
    page.evaluate("() => CareerAdvisor.open()")
    expect(page.get_by_role("alert")).to_contain_text("could not be loaded")
    assert any("data-server" in text for text in said)
    assert {url.rsplit("/", 1)[1] for url in asked} <= {"bundled", "bundle.js", "favicon.ico"}
    page.evaluate(f"() => CareerAdvisor.configure({{ server: '{server_url}' }})")
    Chat(page).open().ask(SKILLS)


def test_an_element_of_the_page_does_not_keep_it_from_starting(page: Page, site: Site, server_url: str) -> None:
    site.put("/named", '<section id="CareerAdvisor">About us</section>' + script_tag(server_url))
    page.goto(f"{site.allowed}/named")
    Chat(page).open().ask(SKILLS)


def test_an_inline_chat_has_its_size_whatever_a_rem_is(page: Page, site: Site, server_url: str) -> None:
    site.put(
        "/rem",
        "<career-advisor></career-advisor>" + script_tag(server_url),
        head="<style>html { font-size: 62.5% }</style>",
    )
    page.goto(f"{site.allowed}/rem")
    chat = Chat(page)
    expect(chat.panel).to_be_visible()
    box = chat.panel.bounding_box()
    assert box and box["height"] == 576
    expect(chat.log.locator(".bubble").first).to_have_css("font-size", "15px")


TRANSLATE = """() => {
    const walk = (root) => {
        const found = [];
        const walker = document.createTreeWalker(root, NodeFilter.SHOW_TEXT | NodeFilter.SHOW_ELEMENT);
        for (let node = walker.nextNode(); node; node = walker.nextNode()) {
            if (node.shadowRoot) found.push(...walk(node.shadowRoot));
            else if (node.nodeType === Node.TEXT_NODE && node.data.trim()) found.push(node);
        }
        return found;
    };
    for (const text of walk(document)) {
        if (["SCRIPT", "STYLE", "TEXTAREA"].includes(text.parentNode.nodeName)) continue;
        const outer = document.createElement("font");
        const inner = document.createElement("font");
        text.replaceWith(outer);
        outer.append(inner);
        inner.textContent = text.data;
    }
}"""


def test_on_a_page_the_browser_translated_nothing_goes_stale(chat: Chat) -> None:
    page = chat.page
    page.route("**/webhook", lambda route: route.abort())
    chat.input.fill("x" * 1001)
    expect(chat.panel).to_contain_text("1001 of 1000")
    page.evaluate(TRANSLATE)
    chat.input.fill("x" * 1002)
    expect(chat.panel).to_contain_text("1002 of 1000")
    page.evaluate("() => CareerAdvisor.configure({ title: 'Another title', suggestions: ['One?', 'Two?'] })")
    expect(page.get_by_role("dialog", name="Another title")).to_be_visible()
    expect(chat.choices).to_have_text(["One?", "Two?"])
    chat.input.fill("")
    page.context.set_offline(True)
    chat.write("hello")
    expect(chat.status).to_contain_text("You are offline")
    page.evaluate(TRANSLATE)
    page.context.set_offline(False)
    expect(chat.status).to_contain_text("cannot be reached")
    page.evaluate(TRANSLATE)
    page.unroute("**/webhook")
    chat.status.get_by_role("button").click()
    expect(chat.answers).to_have_count(1)
    expect(chat.status).to_be_empty()
    page.evaluate(TRANSLATE)
    buttons = chat.choices.all_inner_texts()
    chat.choices.first.click()
    expect(chat.answers).to_have_count(2)
    assert chat.choices.all_inner_texts() != buttons
    chat.choose_in_menu("Start over")
    expect(chat.choices).to_have_text(["One?", "Two?"])


def test_a_page_that_is_refused_offers_nothing_to_press(page: Page, site: Site, server_url: str) -> None:
    site.put("/config", script_tag(server_url))
    page.route("**/widget/chat-*", lambda route: route.continue_())
    page.goto(f"{site.refused}/config")
    chat = Chat(page)
    chat.launcher.click()
    told = page.get_by_text("not available on this page")
    not_loaded = page.get_by_text("could not be loaded")
    expect(told.or_(not_loaded)).to_be_visible()
    expect(chat.choices).to_have_count(0)
    if told.is_visible():
        expect(chat.input).to_be_disabled()


def test_back_on_a_phone_closes_the_chat_and_leaves_the_page_alone(phone: Page, site: Site, server_url: str) -> None:
    router = (
        "<script type=module>window.popped = 0; addEventListener('popstate', () => { window.popped += 1 })</script>"
    )
    site.put("/before", "<h1>Before</h1>")
    site.put("/phone", f"<h1>Here</h1>{router}", head=script_tag(server_url))
    phone.goto(f"{site.allowed}/before")
    phone.goto(f"{site.allowed}/phone")
    phone.evaluate("() => history.replaceState({ mine: 1 }, '')")
    chat = Chat(phone)
    for _ in range(2):
        chat.open()
        assert phone.evaluate("() => history.state.mine") == 1
        phone.go_back()
        expect(chat.panel).to_be_hidden()
        expect(chat.launcher).to_be_focused()
        assert phone.evaluate("() => [location.pathname, history.state, popped]") == ["/phone", {"mine": 1}, 0]
    chat.open()
    chat.panel.get_by_role("button", name="Close chat").click()
    expect(chat.panel).to_be_hidden()
    phone.wait_for_function("() => !history.state.careerAdvisor")
    phone.go_back()
    expect(phone.get_by_role("heading", name="Before")).to_be_visible()


def test_beside_the_page_back_is_the_pages(page: Page, site: Site, server_url: str) -> None:
    site.put("/before", "<h1>Before</h1>")
    site.put("/desk", script_tag(server_url))
    page.goto(f"{site.allowed}/before")
    page.goto(f"{site.allowed}/desk")
    Chat(page).open()
    page.go_back()
    expect(page.get_by_role("heading", name="Before")).to_be_visible()


def test_a_phone_that_is_turned_keeps_back_for_the_chat(
    new_context: Callable[..., BrowserContext], site: Site, server_url: str
) -> None:
    phone = new_context(**PHONE).new_page()
    site.put("/turned", "<h1>Here</h1>" + script_tag(server_url))
    phone.goto(f"{site.allowed}/turned")
    chat = Chat(phone).open()
    phone.set_viewport_size({"width": 740, "height": 360})
    expect(chat.panel).to_be_visible()
    phone.go_back()
    expect(chat.panel).to_be_hidden()
    expect(phone.get_by_role("heading", name="Here")).to_be_visible()
