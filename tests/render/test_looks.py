from bot.advice import Answer, Bullets, Suggestion, Table, Text
from bot.advice.answer import part_from_dict
from bot.knowledge import load_knowledge
from bot.render import envelope, to_markdown, to_plain
from bot.render.slack import content_blocks
from bot.render.sources import credits_of

KB = load_knowledge("data/knowledge")
ANSWER = Answer(
    "answer",
    (Text("**ML engineers** do it."), Bullets(("one", "two"), "Both"), Table(("", "A", "B"), (("x", "1|2", ""),))),
    facts=("ml_engineer.tools.spark", "ml_engineer.focus_areas.overview"),
    roles=("ml_engineer",),
    topics=("tools",),
    suggestions=(Suggestion("Next?", "/ask_tools"),),
)


def test_markdown_has_lists_a_table_and_the_source_last() -> None:
    text = to_markdown(ANSWER, credits_of(KB, ANSWER))
    assert "- one\n- two" in text
    assert "| --- | --- | --- |" in text
    assert r"1\|2" in text
    assert text.split("\n\n")[-1].startswith("*Source: Understanding")


def test_plain_text_has_no_markup() -> None:
    text = to_plain(ANSWER, credits_of(KB, ANSWER))
    assert "*" not in text
    assert "|" not in text.replace("1|2", "")
    assert "You could ask: Next?" in text


def test_a_table_of_two_roles_becomes_two_lists_in_plain_text() -> None:
    table = Answer("answer", (Table(("AI", "ML"), (("a", "b"), ("", "c"))),))
    assert to_plain(table) == "AI:\n  - a\nML:\n  - b\n  - c"


def test_a_list_may_be_numbered_in_every_look() -> None:
    answer = Answer("answer", (Bullets(("one", "two"), "Both", numbered=True),))
    assert to_markdown(answer) == "**Both**\n\n1. one\n2. two"
    assert to_plain(answer) == "Both:\n  1. one\n  2. two"
    parts = envelope(KB, answer)["parts"]
    assert content_blocks("", parts)[0]["text"]["text"] == "*Both*\n1. one\n2. two"
    assert part_from_dict(parts[0]) == answer.parts[0]


def test_the_envelope_names_facts_and_sources() -> None:
    custom = envelope(KB, ANSWER)
    assert custom["kind"] == "answer"
    assert custom["facts"] == list(ANSWER.facts)
    assert {source["section"] for source in custom["sources"]} == {"Skillsets and Tools", "Focus Areas"}
    assert custom["sources"][0]["date"] == "2025-06-11"
    assert custom["parts"][-1]["type"] == "source"
