"""A conversation survives, stays with its tab, and can be erased."""

import re
from typing import Any

from playwright.sync_api import APIResponse, Page, expect

from .chat import SKILLS, Chat, script_tag
from .servers import Site


def conversation(chat: Chat, server_url: str, token: str | None = None) -> APIResponse:
    credentials: dict[str, Any] = chat.stored()["credentials"]
    return chat.page.request.get(
        f"{server_url}/webhooks/rest/conversations/{credentials['sender']}",
        headers={"Authorization": f"Bearer {token or credentials['token']}"},
    )


def test_a_reload_shows_the_conversation_open_as_it_was(chat: Chat) -> None:
    chat.ask(SKILLS)
    before = chat.log.inner_text()
    chat.page.reload()
    expect(chat.panel).to_be_visible()
    expect(chat.answers).to_have_count(1)
    assert chat.log.inner_text() == before
    chat.ask(SKILLS)
    expect(chat.answers).to_have_count(2)


def test_it_follows_the_visitor_from_page_to_page(page: Page, site: Site, server_url: str) -> None:
    for path in ("/first", "/second"):
        site.put(path, script_tag(server_url))
    page.goto(f"{site.allowed}/first")
    chat = Chat(page).open()
    chat.ask(SKILLS)
    page.goto(f"{site.allowed}/second")
    expect(chat.answers).to_have_count(1)


def test_what_was_typed_survives_a_reload(chat: Chat) -> None:
    chat.input.fill("half a quest")
    chat.page.reload()
    expect(chat.input).to_have_value("half a quest")


def test_it_comes_back_from_the_server(chat: Chat) -> None:
    chat.ask(SKILLS)
    chat.page.evaluate(
        """() => {
            window.addEventListener("pagehide", () => {
                const [key] = Object.keys(sessionStorage);
                const state = JSON.parse(sessionStorage.getItem(key));
                sessionStorage.setItem(key, JSON.stringify({ ...state, messages: [] }));
            });
        }"""
    )
    chat.page.reload()
    expect(chat.questions).to_have_text([SKILLS])
    expect(chat.answers).to_have_count(1)


def test_a_conversation_the_server_lost_stays_on_screen_and_goes_on(chat: Chat) -> None:
    chat.ask(SKILLS)
    before = chat.stored()["credentials"]["sender"]
    lost = {"status": 404, "json": {"error": {"code": "not_found", "message": "gone"}}}
    chat.page.route(re.compile(r"/conversations/"), lambda route: route.fulfill(**lost))
    chat.page.reload()
    expect(chat.answers).to_have_count(1)
    chat.ask(SKILLS)
    expect(chat.answers).to_have_count(2)
    assert chat.stored()["credentials"]["sender"] != before


def test_another_tab_has_a_conversation_of_its_own(chat: Chat, server_url: str) -> None:
    chat.ask(SKILLS)
    other = chat.page.context.new_page()
    other.goto(server_url)
    second = Chat(other).open()
    expect(second.answers).to_have_count(0)
    second.ask(SKILLS)
    assert second.stored()["credentials"] != chat.stored()["credentials"]


def test_a_duplicated_tab_does_not_mix_into_it(chat: Chat) -> None:
    chat.ask(SKILLS)
    with chat.page.context.expect_page() as opened:
        chat.page.evaluate("() => void window.open(location.href)")
    copy = Chat(opened.value)
    expect(copy.panel).to_be_visible()
    expect(copy.choices.first).to_be_visible()
    expect(copy.answers).to_have_count(0)
    copy.ask("hello")
    assert copy.stored()["credentials"] != chat.stored()["credentials"]
    expect(chat.answers).to_have_count(1)


def test_the_id_is_random_and_the_token_is_needed(chat: Chat, server_url: str) -> None:
    chat.ask(SKILLS)
    sender = chat.stored()["credentials"]["sender"]
    assert sender.startswith("web-") and len(sender) >= 4 + 22
    assert conversation(chat, server_url).status == 200
    assert conversation(chat, server_url, token="guessed").status == 403
    written = chat.page.request.post(
        f"{server_url}/webhooks/rest/webhook", data={"sender": sender, "message": "let me in"}
    )
    assert written.status == 403


def test_erasing_removes_it_here_and_on_the_server(chat: Chat, server_url: str) -> None:
    chat.ask(SKILLS)
    credentials = chat.stored()["credentials"]
    chat.choose_in_menu("Erase conversation")
    chat.panel.get_by_role("button", name="Erase", exact=True).click()
    expect(chat.status).to_contain_text("erased")
    expect(chat.answers).to_have_count(0)
    assert chat.stored()["credentials"] is None
    gone = chat.page.request.get(
        f"{server_url}/webhooks/rest/conversations/{credentials['sender']}",
        headers={"Authorization": f"Bearer {credentials['token']}"},
    )
    assert gone.status in (403, 404)


def test_starting_over_under_the_sites_own_id_erases_what_is_there(page: Page, site: Site, server_url: str) -> None:
    own = page.request.post(f"{server_url}/webhooks/rest/conversations", data={}).json()
    site.put("/member", script_tag(server_url, sender=own["sender"], token=own["token"]))
    page.goto(f"{site.allowed}/member")
    chat = Chat(page).open()
    chat.ask(SKILLS)
    assert conversation(chat, server_url).status == 200
    with page.expect_response(lambda answer: answer.request.method == "DELETE") as erased:
        chat.choose_in_menu("Start over")
    assert erased.value.status == 204
    expect(chat.answers).to_have_count(0)
    assert conversation(chat, server_url).status == 404
    assert chat.stored()["credentials"]["sender"] == own["sender"]
    chat.ask("and AI?")
    expect(chat.answers).to_have_count(1)


def test_erasing_asks_first(chat: Chat) -> None:
    chat.ask(SKILLS)
    chat.choose_in_menu("Erase conversation")
    chat.panel.get_by_role("button", name="Keep").click()
    expect(chat.answers).to_have_count(1)


def test_the_page_can_erase_it(chat: Chat) -> None:
    chat.ask(SKILLS)
    chat.page.evaluate("() => CareerAdvisor.erase()")
    expect(chat.answers).to_have_count(0)


def test_a_conversation_is_made_only_when_something_is_asked(page: Page, server_url: str) -> None:
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    page.goto(server_url)
    chat = Chat(page).open()
    assert not any("conversations" in url for url in asked)
    chat.ask(SKILLS)
    assert sum(url.endswith("/conversations") for url in asked) == 1
