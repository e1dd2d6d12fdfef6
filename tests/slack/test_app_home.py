"""The slash command and the App Home."""

import pytest

from .limits import problems, texts
from .mock_api import MockSlack
from .payloads import button, command, direct, home_click, home_opened, labels
from .server import Server, Talker

pytestmark = pytest.mark.asyncio


async def test_a_command_is_answered_to_the_asker_only(server: Server, slack: MockSlack, talker: Talker) -> None:
    response = await server.form(command("what tools do ML engineers use?", slack.response_url()))
    assert response.status_code == 200
    assert response.content == b""
    (answer,) = await slack.until("response_url")
    assert answer.body["response_type"] == "ephemeral"
    assert answer.body["replace_original"] is False
    assert list(texts(answer.body["blocks"])) == [
        "You asked: what tools do ML engineers use?",
        "You said what tools do ML engineers use?",
    ]
    assert talker.heard == [("slack-T1-C1-command-U1", "what tools do ML engineers use?")]
    assert slack.of("chat.postMessage") == []


@pytest.mark.parametrize("text", ["help", "  HELP ", ""])
async def test_help_comes_with_the_acknowledgement(server: Server, slack: MockSlack, talker: Talker, text: str) -> None:
    message = (await server.form(command(text, slack.response_url()))).json()
    assert message["response_type"] == "ephemeral"
    assert "/career your question" in message["text"]
    assert problems(message["blocks"]) == []
    assert "Which role fits me?" in labels(message["blocks"])
    assert talker.heard == []


async def test_the_question_of_a_command_is_shown_escaped(server: Server, slack: MockSlack) -> None:
    await server.form(command("&lt;!here&gt; <!channel> <https://evil.example|x> " + "y" * 400, slack.response_url()))
    (answer,) = await slack.until("response_url")
    shown = next(texts(answer.body["blocks"]))
    assert shown.startswith("You asked: &lt;!here&gt; x yyy")
    assert "<" not in answer.body["text"]


async def test_commands_of_people_and_channels_do_not_mix(server: Server, slack: MockSlack, talker: Talker) -> None:
    for user, channel in (("U1", "C1"), ("U2", "C1"), ("U1", "C2")):
        await server.form(command("hello", slack.response_url(), user=user, channel=channel))
    await slack.until("response_url", 3)
    assert len({conversation for conversation, _ in talker.heard}) == 3


async def test_more_answers_than_slack_takes_at_one_address_go_another_way(
    server: Server, slack: MockSlack, talker: Talker
) -> None:
    talker.says = lambda text: [{"text": "\n\n".join(f"paragraph {number}" for number in range(320))}]
    await server.form(command("everything", slack.response_url()))
    await slack.until("response_url", 5)
    rest = await slack.until("chat.postEphemeral", 2)
    assert {(each.body["channel"], each.body["user"]) for each in rest} == {("C1", "U1")}


async def test_an_address_that_slack_no_longer_takes_is_logged(
    server: Server, slack: MockSlack, caplog: pytest.LogCaptureFixture
) -> None:
    url = slack.response_url()
    for _ in range(6):
        await server.form(command("hello", url))
    await server.drained()
    assert len(slack.of("response_url")) == 5
    assert "used_url: the answer to a command came in too many pieces" in caplog.text
    assert url not in caplog.text


async def test_the_home_tab_greets_and_offers_a_start(server: Server, slack: MockSlack) -> None:
    await server.event(home_opened())
    (published,) = await slack.until("views.publish")
    assert published.body["user_id"] == "U1"
    shown = "\n".join(texts(published.body["view"]["blocks"]))
    assert "Hello!" in shown
    assert "skills and tools" in shown
    assert "The fit check" in shown
    fit_check = button(published.body["view"]["blocks"], "Which role fits me?")
    assert fit_check["value"] == "/start_fit_check"


async def test_opening_the_messages_tab_publishes_nothing(server: Server, slack: MockSlack) -> None:
    await server.event(home_opened(tab="messages"))
    await server.drained()
    assert slack.of("views.publish") == []


async def test_a_start_button_of_the_home_tab_is_answered_in_the_direct_message(
    server: Server, slack: MockSlack, talker: Talker
) -> None:
    await server.event(home_opened())
    (published,) = await slack.until("views.publish")
    await server.interaction(home_click(published, "Which role fits me?"))
    (posted,) = await slack.until("chat.postMessage")
    assert posted.body["channel"] == "DU1"
    assert "You chose: Which role fits me?" in list(texts(posted.body["blocks"]))
    again = slack.of("views.publish")[1]
    assert "You chose: Which role fits me?. The answer is under Messages." in list(texts(again.body["view"]["blocks"]))
    await server.event(direct("the first"))
    await slack.until("chat.postMessage", 2)
    assert talker.heard == [("slack-T1-dm-U1", "/start_fit_check"), ("slack-T1-dm-U1", "the first")]


async def test_a_home_tab_that_is_off_is_logged_with_what_to_do(
    server: Server, slack: MockSlack, caplog: pytest.LogCaptureFixture
) -> None:
    slack.errors["views.publish"] = ["not_enabled"]
    await server.event(home_opened())
    await slack.until_refused("views.publish")
    await server.drained()
    assert "switch it on under App Home" in caplog.text
