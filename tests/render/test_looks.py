from bot.advice import Answer, Bullets, Suggestion, Table, Text
from bot.knowledge import load_knowledge
from bot.render import envelope, to_markdown, to_plain
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


def test_the_envelope_names_facts_and_sources() -> None:
    custom = envelope(KB, ANSWER)
    assert custom["kind"] == "answer"
    assert custom["facts"] == list(ANSWER.facts)
    assert {source["section"] for source in custom["sources"]} == {"Skillsets and Tools", "Focus Areas"}
    assert custom["sources"][0]["date"] == "2025-06-11"
    assert custom["parts"][-1]["type"] == "source"
