"""Quick replies and thumbs."""

import asyncio
import gc
import json
from typing import Any

import pytest

from bot.channels.feedback import REASONS, feedback

from .conftest import Serve
from .limits import texts
from .mock_api import Call, MockSlack
from .payloads import click, command, direct, ephemeral_click, labels, mention, moment
from .server import Keeper, Server, Talker

pytestmark = pytest.mark.asyncio

ANSWER = {
    "text": "**Spark** and others.",
    "buttons": [
        {"title": "Tools & skills", "payload": '/ask_tools{"role": "ml_engineer"}'},
        {"title": "Something else", "payload": "tell me more"},
    ],
    "custom": {"kind": "answer", "facts": ["ml_engineer.tools.spark"], "topics": [], "roles": [], "sources": []},
}


@pytest.fixture
def talker() -> Talker:
    talker = Talker()
    talker.says = lambda text: [ANSWER]
    return talker


DIRECT, COMMAND = "slack-T1-dm-U1", "slack-T1-C1-command-U1"


@pytest.fixture
def keeper(server: Server) -> Keeper:
    """Where feedback is kept."""
    server.app.ctx.agent = Keeper(DIRECT, COMMAND)
    return server.app.ctx.agent


def said(rating: str, reason: str | None = None, message_id: str | None = None) -> dict[str, Any]:
    return feedback(rating, ["ml_engineer.tools.spark"], reason, message_id)


async def answer_to(server: Server, slack: MockSlack, payload: dict[str, Any]) -> Call:
    before = len(slack.of("chat.postMessage"))
    await server.event(payload)
    return (await slack.until("chat.postMessage", before + 1))[-1]


async def test_a_chosen_button_is_shown_and_cannot_be_clicked_again(
    server: Server, slack: MockSlack, talker: Talker
) -> None:
    posted = await answer_to(server, slack, direct("tools?"))
    assert labels(posted.body["blocks"]) == ["Tools & skills", "Something else", ":thumbsup:", ":thumbsdown:"]
    await server.interaction(click(posted, "Tools & skills"))
    (updated,) = await slack.until("chat.update")
    assert (updated.body["channel"], updated.body["ts"]) == ("DU1", posted.ts)
    assert labels(updated.body["blocks"]) == [":thumbsup:", ":thumbsdown:"]
    assert "You chose: Tools &amp; skills" in list(texts(updated.body["blocks"]))
    assert "*Spark* and others." in list(texts(updated.body["blocks"]))
    await slack.until("chat.postMessage", 2)
    assert talker.heard[1:] == [("slack-T1-dm-U1", '/ask_tools{"role": "ml_engineer"}')]


async def test_a_payload_of_plain_text_is_the_message(server: Server, slack: MockSlack, talker: Talker) -> None:
    posted = await answer_to(server, slack, direct("tools?"))
    await server.interaction(click(posted, "Something else"))
    await slack.until("chat.postMessage", 2)
    assert talker.heard[1][1] == "tell me more"


async def test_a_double_click_counts_once(server: Server, slack: MockSlack, talker: Talker) -> None:
    posted = await answer_to(server, slack, direct("tools?"))
    await server.interaction(click(posted, "Tools & skills"))
    await server.interaction(click(posted, "Tools & skills"))
    await server.interaction(click(posted, "Something else"))
    await server.drained()
    assert len(talker.heard) == 2
    assert len(slack.of("chat.update")) == 1


async def test_a_click_in_a_thread_continues_there(server: Server, slack: MockSlack, talker: Talker) -> None:
    thread = moment()
    posted = await answer_to(server, slack, mention("tools?", ts=thread))
    await server.interaction(click(posted, "Something else", user="U2"))
    answer = (await slack.until("chat.postMessage", 2))[1]
    assert (answer.body["channel"], answer.body["thread_ts"]) == ("C1", thread)
    assert talker.heard[1][0] == f"slack-T1-C1-{thread}-U2"


async def test_a_click_on_a_message_that_is_gone_is_answered_all_the_same(
    server: Server, slack: MockSlack, caplog: pytest.LogCaptureFixture
) -> None:
    posted = await answer_to(server, slack, direct("tools?"))
    slack.errors["chat.update"] = ["message_not_found"]
    await server.interaction(click(posted, "Something else"))
    await slack.until("chat.postMessage", 2)
    assert "message_not_found: the message was deleted" in caplog.text


@pytest.mark.parametrize(
    ("thumb", "rating", "note"),
    [(":thumbsup:", "up", "👍 You found this helpful."), (":thumbsdown:", "down", "👎 You found this unhelpful.")],
)
async def test_thumbs_are_recorded_with_what_was_shown(
    server: Server, slack: MockSlack, talker: Talker, keeper: Keeper, thumb: str, rating: str, note: str
) -> None:
    posted = await answer_to(server, slack, direct("tools?"))
    await server.interaction(click(posted, thumb))
    await server.interaction(click(posted, thumb))
    (updated,) = await slack.until("chat.update")
    await server.drained()
    assert await keeper.feedback(DIRECT) == [said(rating, message_id=posted.ts)]
    assert note in list(texts(updated.body["blocks"]))
    asked = list(REASONS.values()) if rating == "down" else []
    assert labels(updated.body["blocks"]) == ["Tools & skills", "Something else", *asked]
    assert len(talker.heard) == 1


async def test_a_thumb_down_can_be_given_a_reason(
    server: Server, slack: MockSlack, talker: Talker, keeper: Keeper
) -> None:
    posted = await answer_to(server, slack, direct("tools?"))
    await server.interaction(click(posted, ":thumbsdown:"))
    (asked,) = await slack.until("chat.update")
    shown = Call(posted.method, {**posted.body, **asked.body}, ts=posted.ts)
    await server.interaction(click(shown, "Too long"))
    await server.interaction(click(shown, "Out of date"))
    updated = (await slack.until("chat.update", 2))[-1]
    await server.drained()
    assert await keeper.feedback(DIRECT) == [
        said("down", message_id=posted.ts),
        said("down", "too_long", posted.ts),
    ]
    assert "You said: Too long. Thank you." in list(texts(updated.body["blocks"]))
    assert labels(updated.body["blocks"]) == ["Tools & skills", "Something else"]
    assert len(talker.heard) == 1


async def test_a_made_up_reason_is_not_kept(server: Server, slack: MockSlack, keeper: Keeper) -> None:
    posted = await answer_to(server, slack, direct("tools?"))
    payload = click(posted, ":thumbsdown:")
    payload["actions"][0]["action_id"] = "reason-<script>"
    await server.interaction(payload)
    await server.drained()
    assert await keeper.feedback(DIRECT) == []


async def test_a_rating_of_a_conversation_that_is_not_there_any_more_is_logged_without_ids(
    server: Server, slack: MockSlack, caplog: pytest.LogCaptureFixture
) -> None:
    posted = await answer_to(server, slack, direct("tools?"))
    server.app.ctx.agent = keeper = Keeper()
    await server.interaction(click(posted, ":thumbsup:"))
    await slack.until("chat.update")
    assert await keeper.feedback(DIRECT) == []
    assert "what somebody thinks of an answer was not stored" in caplog.text


async def test_a_choice_and_a_rating_do_not_undo_each_other(server: Server, slack: MockSlack) -> None:
    posted = await answer_to(server, slack, direct("tools?"))
    # Both clicks bring the message as it was posted.
    await server.interaction(click(posted, "Something else"))
    await server.interaction(click(posted, ":thumbsup:"))
    updated = (await slack.until("chat.update", 2))[-1]
    assert labels(updated.body["blocks"]) == []
    shown = list(texts(updated.body["blocks"]))
    assert "You chose: Something else" in shown
    assert "👍 You found this helpful." in shown


async def test_small_talk_has_no_thumbs(server: Server, slack: MockSlack, talker: Talker) -> None:
    talker.says = lambda text: [{"text": "Hello.", "metadata": {"kind": "smalltalk"}}]
    posted = await answer_to(server, slack, direct("hi"))
    assert labels(posted.body["blocks"]) == []


async def test_any_number_of_buttons_is_shown(server: Server, slack: MockSlack, talker: Talker) -> None:
    titles = [f"Button {number}" for number in range(263)]
    talker.says = lambda text: [{"text": "Choose", "buttons": [{"title": t, "payload": f"/p{t}"} for t in titles]}]
    await server.event(direct("hi"))
    posted = await slack.until("chat.postMessage", 2)
    assert [label for each in posted for label in labels(each.body["blocks"])] == titles
    await server.interaction(click(posted[1], "Button 262"))
    await slack.until("chat.update")


async def test_a_click_on_an_ephemeral_answer_stays_with_the_asker(
    server: Server, slack: MockSlack, talker: Talker
) -> None:
    await server.form(command("tools?", slack.response_url()))
    content, controls = await slack.until("response_url", 2)
    assert labels(content.body["blocks"]) == []
    await server.interaction(ephemeral_click(controls, "Something else", slack.response_url()))
    replaced, answer, _ = (await slack.until("response_url", 5))[2:]
    assert replaced.body["replace_original"] is True
    assert list(texts(replaced.body["blocks"])) == ["You chose: Something else"]
    assert answer.body["replace_original"] is False
    assert {call.body["response_type"] for call in slack.of("response_url")} == {"ephemeral"}
    assert slack.of("chat.postMessage") == []
    assert [conversation for conversation, _ in talker.heard] == ["slack-T1-C1-command-U1"] * 2


async def test_a_click_on_an_ephemeral_answer_keeps_the_thumbs_if_slack_sends_the_blocks(
    server: Server, slack: MockSlack
) -> None:
    await server.form(command("tools?", slack.response_url()))
    _, controls = await slack.until("response_url", 2)
    await server.interaction(ephemeral_click(controls, "Something else", slack.response_url(), blocks=True))
    replaced = (await slack.until("response_url", 5))[2]
    assert labels(replaced.body["blocks"]) == [":thumbsup:", ":thumbsdown:"]


async def test_a_thumb_on_an_ephemeral_answer_is_recorded_and_leaves_the_quick_replies(
    server: Server, slack: MockSlack, keeper: Keeper
) -> None:
    await server.form(command("tools?", slack.response_url()))
    _, controls = await slack.until("response_url", 2)
    await server.interaction(ephemeral_click(controls, ":thumbsdown:", slack.response_url()))
    *_, reasons = await slack.until("response_url", 4)
    await server.drained()
    (kept,) = await keeper.feedback(COMMAND)
    assert kept == said("down", message_id=kept["message_id"])
    assert [call.body["replace_original"] for call in slack.of("response_url")[2:]] == [False, False]
    assert labels(reasons.body["blocks"]) == list(REASONS.values())
    await server.interaction(ephemeral_click(reasons, "Not correct", slack.response_url()))
    replaced = (await slack.until("response_url", 5))[-1]
    assert (await keeper.feedback(COMMAND))[-1] == {**kept, "reason": "wrong"}
    assert list(texts(replaced.body["blocks"])) == ["You said: Not correct. Thank you."]


async def test_clicks_are_processed_once_with_several_workers(
    serve: Serve, slack: MockSlack, talker: Talker, redis: Any
) -> None:
    workers = [await serve(redis_url=redis.url) for _ in range(2)]
    posted = await answer_to(workers[0], slack, direct("tools?"))
    payload = click(posted, "Something else")
    await asyncio.gather(*(worker.interaction(payload) for worker in workers))
    for worker in workers:
        await worker.drained()
    assert len(talker.heard) == 2
    assert len(slack.of("chat.update")) == 1


@pytest.mark.parametrize(
    ("value", "heard"),
    [
        ("tell \ud800me\x00 more", "tell me more"),
        ("/internal_reset", "internal_reset"),
        ('/ask_tools{"role": null}', 'ask_tools{"role": null}'),
        ("\ud800", None),
        ("\u200b", None),
    ],
)
async def test_what_a_button_says_is_checked_like_what_people_write(
    server: Server, slack: MockSlack, talker: Talker, value: str, heard: str | None
) -> None:
    posted = await answer_to(server, slack, direct("tools?"))
    clicked = click(posted, "Something else")
    clicked["actions"][0] |= {"value": value, "text": {"type": "plain_text", "text": ""}}
    assert (await server.interaction(clicked)).status_code == 200
    await server.drained()
    assert [text for _, text in talker.heard[1:]] == ([heard] if heard else [])


@pytest.mark.parametrize(
    "rated",
    [
        {"conversation": "web-somebody-else", "facts": []},
        {"conversation": "slack-T1-dm-U1", "facts": ["\ud800"]},
        {"conversation": "slack-T1-dm-U1", "facts": [{"a": 1}]},
        {"conversation": "slack-T1-dm-U1", "facts": ["a"] * 51},
        {"conversation": "slack-T1-dm-U1", "facts": [], "message": "\ud800"},
        {"conversation": ["slack-T1-dm-U1"], "facts": []},
    ],
)
async def test_a_rating_that_is_not_of_ours_is_not_kept(
    server: Server, slack: MockSlack, keeper: Keeper, rated: dict[str, Any], caplog: pytest.LogCaptureFixture
) -> None:
    posted = await answer_to(server, slack, direct("tools?"))
    clicked = click(posted, ":thumbsup:")
    good = clicked["actions"][0]["value"]
    clicked["actions"][0]["value"] = json.dumps(rated)
    assert (await server.interaction(clicked)).status_code == 200
    await server.drained()
    assert await keeper.feedback(DIRECT) == []
    clicked = click(posted, ":thumbsup:")
    clicked["actions"][0]["value"] = good
    await server.interaction(clicked)
    await server.drained()
    assert len(await keeper.feedback(DIRECT)) == 1
    gc.collect()
    assert "never retrieved" not in caplog.text
