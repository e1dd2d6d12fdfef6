"""What the owner of a site can set, and hears of."""

import json

from playwright.sync_api import Page, expect

from .chat import SKILLS, Chat, body_of, script_tag
from .servers import Site


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


def test_without_a_setting_the_labels_follow_the_page(page: Page, site: Site, server_url: str) -> None:
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
