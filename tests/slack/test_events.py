"""Message events: direct messages, mentions and threads, and what people write in them."""

import asyncio

import pytest

from bot.channels.slack.events import mentioned, plain

from .conftest import Serve
from .mock_api import BOT_USER, MockSlack
from .payloads import direct, event, in_channel, mention, moment
from .server import Server, Talker


async def test_a_direct_message_is_answered_there(server: Server, slack: MockSlack, talker: Talker) -> None:
    response = await server.event(direct("What does an ML engineer do?"))
    assert response.status_code == 200
    (posted,) = await slack.until("chat.postMessage")
    assert posted.body["channel"] == "DU1"
    assert "thread_ts" not in posted.body
    assert posted.body["blocks"][0]["text"]["text"] == "You said What does an ML engineer do?"
    assert talker.heard == [("slack-T1-dm-U1", "What does an ML engineer do?")]


async def test_a_mention_is_answered_in_the_thread(server: Server, slack: MockSlack, talker: Talker) -> None:
    await server.event(mention("what about tools?", ts="1700000001.000100"))
    (posted,) = await slack.until("chat.postMessage")
    assert posted.body["channel"] == "C1"
    assert posted.body["thread_ts"] == "1700000001.000100"
    assert talker.heard == [("slack-T1-C1-1700000001.000100-U1", "what about tools?")]


async def test_replies_in_a_thread_with_the_bot_need_no_mention(
    server: Server, slack: MockSlack, talker: Talker
) -> None:
    thread = moment()
    await server.event(mention("hello", ts=thread))
    await slack.until("chat.postMessage")
    await server.event(in_channel("and skills?", thread_ts=thread))
    await server.event(in_channel("me too", user="U2", thread_ts=thread))
    posted = await slack.until("chat.postMessage", 3)
    assert {each.body["thread_ts"] for each in posted} == {thread}
    assert sorted(talker.heard[1:]) == [
        (f"slack-T1-C1-{thread}-U1", "and skills?"),
        (f"slack-T1-C1-{thread}-U2", "me too"),
    ]


async def test_a_mention_in_a_followed_thread_comes_as_two_events_and_is_answered_once(
    server: Server, slack: MockSlack, talker: Talker
) -> None:
    thread, ts = moment(), moment()
    await server.event(mention("hello", ts=thread))
    await slack.until("chat.postMessage")
    await server.event(in_channel(f"<@{BOT_USER}> again", thread_ts=thread, ts=ts))
    await server.event(mention("again", thread_ts=thread, ts=ts))
    await server.drained()
    assert [text for _, text in talker.heard] == ["hello", "again"]


@pytest.mark.parametrize(
    "payload",
    [
        in_channel("talking to nobody in particular"),
        in_channel(f"<@{BOT_USER}> comes as app_mention as well"),
        in_channel("in a thread that the bot is not in", thread_ts="1600000000.000001"),
    ],
)
async def test_other_messages_of_a_channel_are_left_alone(
    server: Server, slack: MockSlack, talker: Talker, payload: dict
) -> None:
    assert (await server.event(payload)).status_code == 200
    await server.drained()
    assert talker.heard == []


async def test_who_mentions_somebody_else_in_a_thread_does_not_mean_the_bot(
    server: Server, slack: MockSlack, talker: Talker
) -> None:
    thread = moment()
    await server.event(mention("hello", ts=thread))
    await slack.until("chat.postMessage")
    await server.event(in_channel("<@U9> what do you think?", thread_ts=thread))
    await server.drained()
    assert len(talker.heard) == 1


async def test_people_in_one_channel_and_threads_of_one_person_do_not_mix(
    server: Server, slack: MockSlack, talker: Talker
) -> None:
    first, second = moment(), moment()
    await server.event(mention("a", user="U1", ts=first))
    await server.event(mention("b", user="U1", ts=second))
    await server.event(mention("c", user="U2", thread_ts=first))
    await server.event(direct("d", user="U1"))
    await server.event(direct("e", user="U1", thread_ts=first))
    await server.event(mention("f", user="U1", channel="C2", ts=first))
    await slack.until("chat.postMessage", 6)
    assert len({conversation for conversation, _ in talker.heard}) == 6


async def test_a_thread_is_known_after_a_restart_from_redis(
    serve: Serve, slack: MockSlack, talker: Talker, redis
) -> None:
    thread = moment()
    before = await serve(redis_url=redis.url)
    await before.event(mention("hello", ts=thread))
    await slack.until("chat.postMessage")
    await before.drained()
    after = await serve(redis_url=redis.url)
    await after.event(in_channel("still there?", user="U2", thread_ts=thread))
    await slack.until("chat.postMessage", 2)


async def test_a_thread_is_known_after_a_restart_from_the_conversation_store(
    serve: Serve, slack: MockSlack, talker: Talker
) -> None:
    class Store:
        async def exists(self, conversation: str) -> bool:
            return conversation == "slack-T1-C1-1600000000.000001-U1"

    class Agent:
        tracker_store = Store()

    server = await serve()
    server.app.ctx.agent = Agent()
    await server.event(in_channel("still there?", user="U2", thread_ts="1600000000.000001"))
    await server.event(in_channel("still there?", user="U1", thread_ts="1600000000.000001"))
    await slack.until("chat.postMessage")
    await server.drained()
    assert talker.heard == [("slack-T1-C1-1600000000.000001-U1", "still there?")]


@pytest.mark.parametrize(
    "more",
    [
        {"subtype": "bot_message", "bot_id": "B2"},
        {"bot_id": "B2"},
        {"bot_profile": {"id": "B2"}},
        {"user": BOT_USER},
        {"user": "USLACKBOT"},
        {"user": None},
        {"subtype": "message_changed", "hidden": True, "message": {"user": "U1", "text": "new"}},
        {"subtype": "message_deleted", "hidden": True},
        {"subtype": "channel_join"},
        {"subtype": "channel_topic"},
        {"subtype": ["surprise"]},
        {"edited": {"user": "U1", "ts": "1.1"}},
        {"channel": "<script>"},
        {"ts": "tomorrow"},
    ],
)
async def test_programs_edits_joins_and_what_lacks_an_id_are_ignored(
    server: Server, slack: MockSlack, talker: Talker, more: dict
) -> None:
    inner = {"type": "message", "channel": "DU1", "user": "U1", "text": "x", "ts": moment(), "channel_type": "im"}
    assert (await server.event(event({**inner, **more}))).status_code == 200
    await server.drained()
    assert talker.heard == []
    assert slack.of("chat.postMessage") == []


async def test_own_messages_are_ignored_in_channels_too(server: Server, talker: Talker) -> None:
    await server.event(mention("echo", user=BOT_USER))
    await server.event(mention("echo", bot_id="B2"))
    await server.drained()
    assert talker.heard == []


async def test_a_mention_without_words_is_a_greeting(server: Server, slack: MockSlack, talker: Talker) -> None:
    await server.event(mention(" "))
    await slack.until("chat.postMessage")
    assert [text for _, text in talker.heard] == ["Hello"]


async def test_a_file_without_words_gets_an_explanation(server: Server, slack: MockSlack, talker: Talker) -> None:
    await server.event(direct("", subtype="file_share", files=[{"id": "F1"}]))
    (posted,) = await slack.until("chat.postMessage")
    assert posted.body["text"].startswith("I can only read text.")
    assert talker.heard == []


async def test_too_long_a_message_is_not_given_to_the_agent(server: Server, slack: MockSlack, talker: Talker) -> None:
    await server.event(direct("x" * 1_001))
    (posted,) = await slack.until("chat.postMessage")
    assert "1,000 characters" in posted.body["text"]
    assert talker.heard == []


async def test_a_typed_payload_of_an_intent_that_is_not_public_is_plain_text(
    server: Server, slack: MockSlack, talker: Talker
) -> None:
    await server.event(direct("/restart"))
    await slack.until("chat.postMessage")
    assert talker.heard == [("slack-T1-dm-U1", "restart")]


async def test_the_agent_gets_the_text_without_slacks_escapes(server: Server, slack: MockSlack, talker: Talker) -> None:
    await server.event(direct("C++ &amp; R &lt;3 <https://x.example|docs> <#C9|jobs> <!here> <@U7|bo>"))
    await slack.until("chat.postMessage")
    assert talker.heard[0][1] == "C++ & R <3 docs #jobs bo"


async def test_what_people_write_can_mention_nobody_and_hold_no_link(
    server: Server, slack: MockSlack, talker: Talker
) -> None:
    await server.event(
        direct("&lt;!channel&gt; @here &lt;https://evil.example|click&gt; [x](https://evil.example) &amp;")
    )
    (posted,) = await slack.until("chat.postMessage")
    shown = posted.body["blocks"][0]["text"]
    expected = "You said &lt;!channel&gt; @here &lt;https://evil.example|click&gt; [x](https://evil.example) &amp;"
    assert shown["text"] == expected
    assert shown["verbatim"] is True
    assert "<" not in posted.body["text"]
    assert posted.body["parse"] == "none"
    assert posted.body["link_names"] in (False, "0")


async def test_a_failing_agent_is_apologised_for_and_the_text_stays_out_of_the_log(
    server: Server, slack: MockSlack, talker: Talker, caplog: pytest.LogCaptureFixture
) -> None:
    def fail(text: str) -> list:
        raise RuntimeError(f"cannot take {text}")

    talker.says = fail
    await server.event(direct("my-secret-words"))
    (posted,) = await slack.until("chat.postMessage")
    assert posted.body["text"].startswith("Sorry")
    assert "RuntimeError" in caplog.text
    assert "my-secret-words" not in caplog.text


async def test_a_slow_agent_is_given_up(serve: Serve, slack: MockSlack, talker: Talker) -> None:
    server = await serve(message_timeout_seconds=0.05)
    talker.held = asyncio.Event()
    await server.event(direct("hello"))
    (posted,) = await slack.until("chat.postMessage")
    assert posted.body["text"].startswith("Sorry")


async def test_a_message_that_comes_while_the_model_loads_is_answered_afterwards(
    server: Server, slack: MockSlack, talker: Talker
) -> None:
    server.app.ctx.agent = None
    await server.event(direct("early"))
    asyncio.get_running_loop().call_later(0.2, setattr, server.app.ctx, "agent", object())
    await slack.until("chat.postMessage")
    assert talker.heard == [("slack-T1-dm-U1", "early")]


@pytest.mark.parametrize(
    ("sent", "read"),
    [
        ("hello", "hello"),
        ("<@UBOT> hello", "hello"),
        ("hi <@UBOT|advisor>, what now?", "hi , what now?"),
        ("ask <@U2> or <@U3|bo>", "ask someone or bo"),
        ("<#C1|jobs> and <#C2>", "#jobs and a channel"),
        ("<!here> <!channel> <!everyone> <!subteam^S1|@team>", "team"),
        ("<!date^1392734382^{date}|yesterday>", "yesterday"),
        (
            "<https://x.example> <https://x.example|docs> <mailto:a@b.example|a@b.example>",
            "https://x.example docs a@b.example",
        ),
        ("a &lt; b &amp;&amp; c &gt; d", "a < b && c > d"),
        ("&amp;lt;not markup&amp;gt;", "&lt;not markup&gt;"),
        ("&lt;@U2&gt;", "<@U2>"),
        ("two\nlines\x00\x07", "two\nlines"),
        ("<@UBOT> \uff2d\uff2c engi\u00adneer\u3164", "ML engineer"),
        ("a\u00a0 \t b", "a b"),
        ("<unclosed", "<unclosed"),
        ("", ""),
    ],
)
def test_markup_becomes_what_people_see(sent: str, read: str) -> None:
    assert plain(sent, "UBOT") == read


def test_people_are_found() -> None:
    assert mentioned("<@U1> and <@U2|bo> but not &lt;@U3&gt; or <#C1>") == ["U1", "U2"]
