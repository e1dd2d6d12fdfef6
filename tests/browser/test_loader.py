"""What must be true for the owner of a site."""

import gzip
import json
import re
from collections.abc import Callable
from urllib.parse import urlsplit

from playwright.sync_api import Page, expect

from .chat import COMPARE, SKILLS, Chat, body_of, built, script_tag
from .servers import Site

EARLY = "<script>CareerAdvisor.configure({ title: 'Early' }); CareerAdvisor.open()</script>"
STRICT = (
    "default-src 'none'; script-src {server}; connect-src {server}; base-uri 'none'; "
    "form-action 'none'; require-trusted-types-for 'script'; trusted-types lit-html dompurify"
)


def test_the_loader_is_five_kilobytes_and_the_chat_forty_five() -> None:
    def size(name: str) -> int:
        return len(gzip.compress(built(name).read_bytes()))

    [chat] = built("widget").glob("chat-*.js")
    assert size("widget.js") <= 5_000
    assert size(f"widget/{chat.name}") <= 45_000


def test_one_script_tag_is_all(page: Page, site: Site, server_url: str) -> None:
    site.put("/one", script_tag(server_url))
    page.goto(f"{site.allowed}/one")
    answer = Chat(page).open().ask(SKILLS)
    expect(answer).to_contain_text("ML engineer")


def test_the_chat_is_loaded_only_when_wanted(page: Page, server_url: str) -> None:
    asked: list[str] = []
    page.on("request", lambda request: asked.append(urlsplit(request.url).path))
    page.goto(server_url, wait_until="networkidle")
    assert not any("chat-" in path or "config" in path for path in asked)
    with page.expect_request(re.compile(r"widget/chat-\w+\.js")):
        Chat(page).launcher.hover()


def test_no_third_party_is_contacted(page: Page, site: Site, server_url: str) -> None:
    hosts = set()
    page.on("request", lambda request: hosts.add(urlsplit(request.url).netloc))
    site.put("/alone", script_tag(server_url) + '<link rel="icon" href="data:,">')
    page.goto(f"{site.allowed}/alone")
    Chat(page).open().ask(COMPARE)
    assert hosts - {""} == {urlsplit(site.allowed).netloc, urlsplit(server_url).netloc}


def test_one_global_name_is_added(page: Page, site: Site, server_url: str) -> None:
    site.put("/plain", "")
    site.put("/with", script_tag(server_url))
    names = "() => Object.getOwnPropertyNames(window)"
    page.goto(f"{site.allowed}/plain")
    before = set(page.evaluate(names))
    page.goto(f"{site.allowed}/with")
    Chat(page).open().ask(SKILLS)
    assert set(page.evaluate(names)) - before == {"CareerAdvisor"}


def test_nothing_on_the_page_moves(
    page: Page, shifts: Callable[[], list[dict[str, object]]], server_url: str
) -> None:
    page.goto(server_url, wait_until="networkidle")
    chat = Chat(page).open()
    chat.ask(SKILLS)
    chat.panel.get_by_role("button", name="Close chat").click()
    assert shifts() == []


def test_it_works_beside_a_strict_content_security_policy(
    page: Page, site: Site, server_url: str
) -> None:
    complaints: list[str] = []
    page.on("console", lambda said: complaints.append(said.text))
    page.add_init_script(
        "addEventListener('securitypolicyviolation', (e) => console.log(e.violatedDirective))"
    )
    site.put("/strict", script_tag(server_url), csp=STRICT.format(server=server_url))
    page.goto(f"{site.allowed}/strict")
    chat = Chat(page).open()
    chat.ask(COMPARE)
    chat.answers.last.get_by_role("button", name="Not helpful").click()
    expect(chat.panel).to_have_css("border-top-left-radius", "18px")
    styled = "() => [...document.querySelector('career-advisor').shadowRoot.querySelector("
    styled += "'career-advisor-chat').shadowRoot.querySelectorAll('[style], style')].length"
    assert page.evaluate(styled) == 0
    assert [text for text in complaints if "favicon" not in text] == []


def test_it_works_beside_a_policy_of_nonces(page: Page, site: Site, server_url: str) -> None:
    tag = script_tag(server_url).replace("<script", "<script nonce=abc123")
    csp = (
        f"default-src 'none'; script-src 'nonce-abc123' 'strict-dynamic'; connect-src {server_url}"
    )
    site.put("/nonce", tag, csp=csp)
    page.goto(f"{site.allowed}/nonce")
    Chat(page).open().ask(SKILLS)


def test_an_origin_that_is_not_allowed_is_told_so(page: Page, site: Site, server_url: str) -> None:
    said: list[str] = []
    page.on("console", lambda message: said.append(message.text))
    site.put("/refused", script_tag(server_url))
    page.goto(f"{site.refused}/refused")
    Chat(page).launcher.click()
    told = page.get_by_text("not available on this page")
    not_loaded = page.get_by_text("could not be loaded")
    expect(told.or_(not_loaded)).to_be_visible()
    assert any(site.refused in text and "ALLOWED_ORIGINS" in text for text in said)


def test_attributes_set_it_up(page: Page, site: Site, server_url: str) -> None:
    tag = script_tag(
        server_url,
        position="left",
        accent="#7a1fa2",
        theme="dark",
        title="Study guide",
        greeting="Welcome to **our school**.",
        suggestions="First question?|Second question?",
        open="",
        metadata='{"campus": "north"}',
    )
    site.put("/attributes", tag)
    page.goto(f"{site.allowed}/attributes")
    chat = Chat(page)
    expect(chat.panel).to_be_visible()
    expect(page.get_by_role("dialog", name="Study guide")).to_be_visible()
    expect(chat.log.locator("strong")).to_have_text("our school")
    expect(chat.choices).to_have_text(["First question?", "Second question?"])
    expect(chat.panel).to_have_css("background-color", "rgb(22, 28, 30)")
    expect(chat.panel.locator(".mark")).to_have_css("background-color", "rgb(122, 31, 162)")
    box = chat.panel.bounding_box()
    assert box and box["x"] == 20
    assert page.evaluate("document.activeElement.localName") == "body"
    with page.expect_request("**/webhooks/rest/webhook") as sent:
        chat.ask("hello")
    assert body_of(sent.value)["metadata"] == {"campus": "north"}


def test_configure_sets_it_up_while_it_runs(page: Page, server_url: str) -> None:
    page.goto(server_url)
    chat = Chat(page).open()
    page.evaluate(
        """() => CareerAdvisor.configure({
            title: "Another title", lang: "de", labels: { send: "Los" }, sender: "member-7",
        })"""
    )
    expect(page.get_by_role("dialog", name="Another title")).to_be_visible()
    expect(chat.input).to_have_attribute("placeholder", "Stell eine Frage")
    expect(chat.panel.get_by_role("button", name="Los")).to_be_visible()
    with page.expect_request("**/webhooks/rest/webhook") as sent:
        chat.ask("hello")
    assert body_of(sent.value)["sender"] == "member-7"


def test_the_labels_language_can_be_set(page: Page, site: Site, server_url: str) -> None:
    site.put("/fr", script_tag(server_url, lang="fr"))
    page.goto(f"{site.allowed}/fr")
    expect(page.get_by_role("button", name="Demandez conseil")).to_be_visible()
    chat = Chat(page).open()
    expect(chat.input).to_have_attribute("placeholder", "Posez une question")


def test_without_a_setting_the_labels_follow_the_page(
    page: Page, site: Site, server_url: str
) -> None:
    site.put("/es", script_tag(server_url), lang="es-MX")
    page.goto(f"{site.allowed}/es")
    expect(page.get_by_role("button", name="Pregunta al asesor")).to_be_visible()


def test_the_page_hears_of_opening_closing_and_messages(page: Page, server_url: str) -> None:
    page.goto(server_url)
    page.evaluate(
        """() => {
            window.heard = [];
            for (const name of ["open", "close", "message"]) {
                document.addEventListener(`career-advisor:${name}`, ({ detail }) => {
                    window.heard.push([name, detail?.role, detail?.kind]);
                });
            }
        }"""
    )
    chat = Chat(page).open()
    chat.ask(SKILLS)
    page.evaluate("() => CareerAdvisor.close()")
    assert page.evaluate("() => window.heard") == [
        ["open", None, None],
        ["message", "user", None],
        ["message", "bot", "answer"],
        ["close", None, None],
    ]


def test_events_do_not_carry_what_was_written(page: Page, server_url: str) -> None:
    page.goto(server_url)
    page.evaluate(
        """() => {
            window.heard = [];
            document.addEventListener("career-advisor:message", ({ detail }) =>
                window.heard.push(detail));
        }"""
    )
    Chat(page).open().ask(SKILLS)
    assert SKILLS not in json.dumps(page.evaluate("() => window.heard"))


def test_it_can_be_put_inline(page: Page, site: Site, server_url: str) -> None:
    site.put(
        "/inline",
        "<main><h1>Talk</h1><career-advisor></career-advisor></main>" + script_tag(server_url),
        head="<style>career-advisor { display: block; height: 480px }</style>",
    )
    page.goto(f"{site.allowed}/inline")
    chat = Chat(page)
    expect(page.get_by_role("region", name="Career Advisor")).to_be_visible()
    expect(chat.launcher).to_have_count(0)
    expect(page.get_by_role("dialog")).to_have_count(0)
    box = chat.panel.bounding_box()
    assert box and box["height"] == 480
    expect(chat.ask(SKILLS)).to_be_visible()


def test_loading_it_twice_does_no_harm(page: Page, site: Site, server_url: str) -> None:
    site.put("/twice", script_tag(server_url) * 2)
    page.goto(f"{site.allowed}/twice")
    Chat(page).open().ask(SKILLS)
    expect(page.locator("career-advisor")).to_have_count(1)


def test_a_page_that_replaces_its_body_gets_it_back(page: Page, server_url: str) -> None:
    page.goto(server_url)
    chat = Chat(page).open()
    chat.ask(SKILLS)
    page.evaluate("() => document.body.replaceChildren()")
    page.evaluate("() => CareerAdvisor.open()")
    expect(chat.answers).to_have_count(1)


def test_it_can_be_called_before_the_page_is_there(page: Page, site: Site, server_url: str) -> None:
    loader = script_tag(server_url).replace(" defer", "")
    site.put("/early", "<p>Late</p>", head=loader + EARLY)
    page.goto(f"{site.allowed}/early")
    expect(page.get_by_role("dialog", name="Early")).to_be_visible()


def test_styles_of_the_page_do_not_reach_it(page: Page, site: Site, server_url: str) -> None:
    loud = "* { letter-spacing: 9px !important; font-size: 40px !important; } p { margin: 50px }"
    site.put("/loud", script_tag(server_url), head=f"<style>{loud}</style>")
    page.goto(f"{site.allowed}/loud")
    chat = Chat(page).open()
    bubble = chat.log.locator(".bubble").first
    expect(bubble).to_have_css("font-size", "15px")
    expect(bubble).to_have_css("letter-spacing", "normal")


def test_a_chat_that_cannot_be_loaded_says_so_and_loads_later(page: Page, server_url: str) -> None:
    page.route("**/widget/chat-*", lambda route: route.abort())
    page.goto(server_url)
    chat = Chat(page)
    chat.launcher.click()
    expect(page.get_by_role("alert")).to_contain_text("could not be loaded")
    page.unroute("**/widget/chat-*")
    chat.open()
    expect(page.get_by_role("alert")).to_be_hidden()
