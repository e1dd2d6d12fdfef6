"""What people write, as Slack sends it."""

import pytest

from bot.channels.slack.text import mentioned, plain


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
        ("a\u00a0 \t b", "a b"),
        ("<@UBOT> \uff2d\uff2c engi\u00adneer\u3164", "ML engineer"),
        ("<unclosed", "<unclosed"),
        ("", ""),
    ],
)
def test_markup_becomes_what_people_see(sent: str, read: str) -> None:
    assert plain(sent, "UBOT") == read


def test_people_are_found() -> None:
    assert mentioned("<@U1> and <@U2|bo> but not &lt;@U3&gt; or <#C1>") == ["U1", "U2"]
