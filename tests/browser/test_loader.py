"""What must be true for the owner of a site."""

import gzip
import re
from collections.abc import Callable
from urllib.parse import urlsplit

from playwright.sync_api import Page, expect

from .chat import COMPARE, SKILLS, Chat, built, script_tag
from .servers import Site

EARLY = "<script>CareerAdvisor.configure({ title: 'Early' }); CareerAdvisor.open()</script>"
STRICT = (
    "default-src 'none'; script-src {server}; connect-src {server}; base-uri 'none'; "
    "form-action 'none'; require-trusted-types-for 'script'; trusted-types lit-html"
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


def test_nothing_on_the_page_moves(page: Page, shifts: Callable[[], list[dict[str, object]]], server_url: str) -> None:
    page.goto(server_url, wait_until="networkidle")
    chat = Chat(page).open()
    chat.ask(SKILLS)
    chat.panel.get_by_role("button", name="Close chat").click()
    assert shifts() == []


def test_it_works_beside_a_strict_content_security_policy(page: Page, site: Site, server_url: str) -> None:
    complaints: list[str] = []
    page.on("console", lambda said: complaints.append(said.text))
    page.add_init_script("addEventListener('securitypolicyviolation', (e) => console.log(e.violatedDirective))")
    site.put("/strict", script_tag(server_url), csp=STRICT.format(server=server_url))
    page.goto(f"{site.allowed}/strict")
    chat = Chat(page).open()
    chat.ask(COMPARE)
    chat.answers.last.get_by_role("button", name="Not helpful").click()
    expect(chat.panel).to_have_css("border-top-left-radius", "18px")
    styled = "() => document.querySelector('career-advisor').shadowRoot.querySelectorAll('[style], style').length"
    assert page.evaluate(styled) == 0
    assert [text for text in complaints if "favicon" not in text] == []


def test_it_works_beside_a_policy_of_nonces(page: Page, site: Site, server_url: str) -> None:
    tag = script_tag(server_url).replace("<script", "<script nonce=abc123")
    csp = f"default-src 'none'; script-src 'nonce-abc123' 'strict-dynamic'; connect-src {server_url}"
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
