"""Answers as Block Kit."""

import string
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.channels.slack.app_home import help_message, home_view
from bot.channels.slack.messages import rating_value
from bot.render.mrkdwn import chunks
from bot.render.slack import as_messages, choice_blocks, content_blocks, fallback, note_block, rating_block
from tests.slack.limits import problems, texts
from tests.slack.payloads import labels

HOSTILE = "<!channel> <!here> <@U1> <https://evil.example|click> & &amp; <script>"


def shown(text: str) -> list[str]:
    return list(texts(content_blocks(text)))


@pytest.mark.parametrize(
    ("markdown", "mrkdwn"),
    [
        ("plain", "plain"),
        ("**bold** and `code`", "*bold* and `code`"),
        ("**bold**s and x**bold**", "*bold*\u200bs and x\u200b*bold*"),
        ("**a** **b****c**", "*a* *b*\u200b*c*"),
        ("`a < b` and `**no**`", "`a &lt; b` and `**no**`"),
        ("two\nlines", "two\nlines"),
        ("- a\n- **b**", "• a\n• *b*"),
        ("a & b &amp; c", "a &amp; b &amp;amp; c"),
        ("<b>not HTML</b>", "&lt;b&gt;not HTML&lt;/b&gt;"),
        ("[label](https://x.example) <https://x.example>", "[label](https://x.example) &lt;https://x.example&gt;"),
        ("# 2 ** 3 and `", "# 2 ** 3 and `"),
    ],
)
def test_markdown_becomes_mrkdwn(markdown: str, mrkdwn: str) -> None:
    assert shown(markdown) == [mrkdwn]


def test_paragraphs_and_lists_are_sections_of_their_own() -> None:
    assert shown("one\n\n- a\n- b\n \nthree\n") == ["one", "• a\n• b", "three"]


def test_a_table_is_shown_in_two_columns() -> None:
    (block,) = content_blocks("", [{"type": "table", "columns": ["AI", "ML"], "rows": [["a", "b"], ["**c**", ""]]}])
    assert [field["text"] for field in block["fields"]] == ["*AI*\n• a\n• *c*", "*ML*\n• b"]


def test_a_comparison_with_headings_has_a_section_for_each() -> None:
    rows = [["Tools", "Python", "Spark"], ["Focus", "Products", "Models"]]
    tools, focus = content_blocks("", [{"type": "table", "columns": ["", "AI", "ML"], "rows": rows}])
    assert tools["text"]["text"] == "*Tools*"
    assert [field["text"] for field in tools["fields"]] == ["*AI*\nPython", "*ML*\nSpark"]
    assert focus["text"]["text"] == "*Focus*"


def test_parts_are_used_before_the_text() -> None:
    parts = [
        {"type": "text", "text": "ML engineers use **Spark** & [more](x)."},
        {"type": "list", "title": "Tools", "items": ["**Spark**", "a < b"]},
        {"type": "list", "title": None, "items": ["c"]},
        {"type": "source", "text": "Source: Title, Section"},
    ]
    blocks = content_blocks("unused", parts)
    assert list(texts(blocks)) == [
        "ML engineers use *Spark* &amp; [more](x).",
        "*Tools*\n• *Spark*\n• a &lt; b",
        "• c",
        "Source: Title, Section",
    ]
    assert blocks[-1]["type"] == "context"


@pytest.mark.parametrize(
    "blocks",
    [
        content_blocks(HOSTILE),
        content_blocks(f"# {HOSTILE}\n\n- {HOSTILE}\n\n> {HOSTILE}\n\n`{HOSTILE}`\n\n```\n{HOSTILE}\n```"),
        content_blocks("", [{"type": "text", "text": HOSTILE}, {"type": "source", "text": HOSTILE}]),
        content_blocks("", [{"type": "table", "columns": [HOSTILE, ""], "rows": [[HOSTILE, HOSTILE]]}]),
        [note_block(HOSTILE)],
    ],
)
def test_nothing_can_mention_anybody_or_be_a_link(blocks: list[dict[str, Any]]) -> None:
    assert problems(blocks) == []
    assert not any("<" in text for text in texts(blocks))
    assert "<" not in fallback(blocks)


def test_the_fallback_says_what_the_blocks_say() -> None:
    blocks = [*content_blocks("**Bold** and & `code`\n\n- a"), *choice_blocks([{"title": "No", "payload": "/no"}])]
    assert fallback(blocks) == "Bold and &amp; code\n• a"


def test_the_fallback_is_never_empty() -> None:
    assert fallback(choice_blocks([{"title": "A & B", "payload": "/x"}])) == "A &amp; B"
    assert fallback([rating_block("x")]) == "Career Advisor"
    assert fallback([]) == "Career Advisor"
    assert fallback(content_blocks("*" * 5_000))


def test_buttons_of_any_number_and_length_are_kept() -> None:
    buttons = [{"title": f"{number} " + "t" * 90, "payload": "/p"} for number in range(123)]
    messages = as_messages(choice_blocks(buttons))
    assert sum(len(labels(list(message.blocks))) for message in messages) == 123
    assert all(len(block["elements"]) <= 5 for message in messages for block in message.blocks)
    assert all(problems(message.blocks) == [] for message in messages)


def test_a_payload_that_slack_cannot_carry_is_said_in_words() -> None:
    (block,) = choice_blocks([{"title": "Tools", "payload": "/p" + "x" * 2_000}])
    assert block["elements"][0]["value"] == "Tools"


def test_a_rating_fits_into_a_button() -> None:
    assert len(rating_value("slack-T1-dm-U1", [f"role.topic.fact_{number}" for number in range(500)])) <= 2_000


@pytest.mark.parametrize("limit", [10, 100, 3_000])
def test_long_text_is_cut_between_words(limit: int) -> None:
    text = "word " * 2_000
    parts = list(chunks(text, limit))
    assert all(len(part) <= limit for part in parts)
    assert " ".join(parts).split() == text.split()


def test_an_entity_is_never_cut() -> None:
    for start in range(6):
        parts = list(chunks("x" * start + "&amp;" * 2_000, 1_000))
        assert "".join(parts) == "x" * start + "&amp;" * 2_000
        assert all(part.replace("&amp;", "").strip("x") == "" for part in parts)


def test_the_home_tab_and_the_help_are_within_the_limits() -> None:
    assert problems(home_view()["blocks"], "home") == []
    assert problems(home_view(chosen=HOSTILE)["blocks"], "home") == []
    assert problems(help_message().blocks) == []


characters = st.text(st.sampled_from(string.printable + "&<>*_~`|é😀\u200b"), max_size=4_000)


@settings(max_examples=40, deadline=None)
@given(text=characters, cells=st.lists(characters, min_size=2, max_size=2), titles=st.lists(characters, max_size=60))
def test_whatever_is_said_slack_takes_it(text: str, cells: list[str], titles: list[str]) -> None:
    parts = [
        {"type": "text", "text": text},
        {"type": "list", "title": text, "items": cells},
        {"type": "table", "columns": cells, "rows": [cells, cells]},
        {"type": "table", "columns": ["", *cells], "rows": [[text, *cells]]},
        {"type": "source", "text": text},
    ]
    buttons = [{"title": title, "payload": title} for title in titles]
    for blocks in (content_blocks(text), content_blocks("", parts)):
        for message in as_messages(
            [*blocks, *choice_blocks(buttons), rating_block("x"), note_block(f"You asked: {text}")]
        ):
            assert problems(message.blocks) == []
            assert message.text
            assert "<" not in message.text
            assert len(message.text) <= 3_000
