"""The server is down, the visitor offline, or both are too fast."""

from collections.abc import Callable
from datetime import datetime, timedelta

from playwright.sync_api import Page, Route, expect

from .chat import SKILLS, WEBHOOK, Chat, body_of


def failing(page: Page, fail: Callable[[Route], None], times: int = 99) -> list[str]:
    """Has the first messages fail; returns a list that grows by each one's id."""
    ids: list[str] = []

    def handle(route: Route) -> None:
        ids.append(body_of(route.request)["message_id"])
        fail(route) if len(ids) <= times else route.continue_()

    page.route(WEBHOOK, handle)
    return ids


def test_a_server_that_is_down_is_said_so_and_the_message_kept(chat: Chat) -> None:
    failing(chat.page, lambda route: route.abort())
    chat.write(SKILLS)
    expect(chat.status).to_contain_text("cannot be reached")
    expect(chat.questions).to_have_text([SKILLS])
    expect(chat.log).to_contain_text("Not sent yet")
    chat.page.reload()
    expect(chat.questions).to_have_text([SKILLS])


def test_being_offline_is_said_so_and_ends_by_itself(chat: Chat) -> None:
    chat.page.context.set_offline(True)
    chat.write(SKILLS)
    expect(chat.status).to_contain_text("You are offline")
    chat.page.context.set_offline(False)
    expect(chat.answers).to_have_count(1)
    expect(chat.status).to_be_empty()


def test_it_is_tried_again_with_growing_pauses(page: Page, server_url: str) -> None:
    page.clock.install()
    page.goto(server_url)
    chat = Chat(page).open()
    page.clock.pause_at(datetime.now() + timedelta(hours=1))
    ids = failing(page, lambda route: route.fulfill(status=503, json={"error": {}}), times=3)
    chat.write(SKILLS)
    # A pause is spread by a fifth either way.
    for tries, pause in ((1, 1000), (2, 2000), (3, 4000)):
        expect(chat.status.get_by_role("button", name="Try now")).to_be_visible()
        expect(chat.typing).to_have_count(0)
        page.clock.fast_forward(int(pause * 0.75))
        assert len(ids) == tries
        with page.expect_request(WEBHOOK):
            page.clock.fast_forward(int(pause * 0.5))
    expect(chat.answers).to_have_count(1)
    assert len(ids) == 4 and len(set(ids)) == 1


def test_a_message_whose_answer_was_lost_is_not_sent_twice(chat: Chat, server_url: str) -> None:
    def lose(route: Route) -> None:
        route.fetch()
        route.abort()

    ids = failing(chat.page, lose, times=1)
    chat.write(SKILLS)
    chat.status.get_by_role("button", name="Try now").click()
    expect(chat.answers).to_have_count(1)
    assert len(ids) == 2 and ids[0] == ids[1]
    credentials = chat.stored()["credentials"]
    history = chat.page.request.get(
        f"{server_url}/webhooks/rest/conversations/{credentials['sender']}",
        headers={"Authorization": f"Bearer {credentials['token']}"},
    ).json()["messages"]
    assert [message["role"] for message in history].count("user") == 1


def test_too_many_messages_wait_as_long_as_the_server_asks(page: Page, server_url: str) -> None:
    page.clock.install()
    page.goto(server_url)
    chat = Chat(page).open()
    headers = {"Retry-After": "20"}
    error = {"error": {"code": "rate"}}
    ids = failing(page, lambda route: route.fulfill(status=429, headers=headers, json=error), times=1)
    chat.write(SKILLS)
    expect(chat.status).to_contain_text("a lot at once")
    page.clock.fast_forward(15_000)
    assert len(ids) == 1
    page.clock.fast_forward(6_000)
    expect(chat.answers).to_have_count(1)


def test_an_unsent_message_can_be_taken_back_and_changed(chat: Chat) -> None:
    failing(chat.page, lambda route: route.abort(), times=1)
    chat.write("What skils?")
    chat.log.get_by_role("button", name="Take back").click()
    expect(chat.input).to_have_value("What skils?")
    expect(chat.questions).to_have_count(0)
    chat.ask("What skills?")
    expect(chat.questions).to_have_text(["What skills?"])


def test_a_message_that_is_too_long_is_counted_and_not_lost(chat: Chat) -> None:
    chat.input.fill("x" * 1001)
    expect(chat.panel).to_contain_text("1001 of 1000 characters")
    expect(chat.send).to_be_disabled()
    chat.input.press("Enter")
    expect(chat.questions).to_have_count(0)
    chat.input.fill("x" * 1000)
    expect(chat.send).to_be_enabled()


def test_a_message_the_server_rejects_goes_back_into_the_input(chat: Chat) -> None:
    error = {"error": {"code": "bad_request", "message": "Not like this."}}
    failing(chat.page, lambda route: route.fulfill(status=400, json=error), times=1)
    chat.write("hm")
    expect(chat.status).to_contain_text("could not be sent. Not like this.")
    expect(chat.input).to_have_value("hm")


def test_a_server_that_hangs_is_spoken_of_and_can_be_asked_again(page: Page, server_url: str) -> None:
    page.clock.install()
    page.goto(server_url)
    chat = Chat(page).open()
    page.clock.pause_at(datetime.now() + timedelta(hours=1))
    ids = failing(page, lambda route: None, times=1)  # neither answered nor refused
    with page.expect_request(WEBHOOK):
        chat.write(SKILLS)
    page.clock.fast_forward(5_000)
    expect(chat.status).to_be_empty()
    page.clock.fast_forward(1_500)
    expect(chat.status).to_contain_text("longer than usual")
    expect(chat.status.get_by_role("button")).to_have_count(0)
    expect(chat.typing).to_be_visible()
    page.clock.fast_forward(6_000)
    expect(chat.status).to_contain_text("Still no answer")
    expect(chat.log).not_to_contain_text("Not sent yet")
    with page.expect_request(WEBHOOK):
        chat.status.get_by_role("button", name="Try now").click()
    expect(chat.answers).to_have_count(1)
    expect(chat.status).to_be_empty()
    assert len(ids) == 2 and ids[0] == ids[1]
    page.clock.fast_forward(20_000)
    expect(chat.answers).to_have_count(1)
    expect(chat.status).to_be_empty()


def test_an_answer_that_comes_late_ends_the_words_about_it(page: Page, server_url: str) -> None:
    page.clock.install()
    page.goto(server_url)
    chat = Chat(page).open()
    page.clock.pause_at(datetime.now() + timedelta(hours=1))
    held: list[Route] = []
    page.route(WEBHOOK, lambda route: held.append(route))
    with page.expect_request(WEBHOOK):
        chat.write(SKILLS)
    page.clock.fast_forward(13_000)
    expect(chat.status).to_contain_text("Still no answer")
    held[0].continue_()
    expect(chat.answers).to_have_count(1)
    expect(chat.status).to_be_empty()
