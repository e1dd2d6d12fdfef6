"""Answers name each of their sources once, link to it, and say which is out of date, in every look."""

import re
from collections.abc import Callable
from datetime import date, timedelta
from html import unescape
from typing import Any

import pytest
from markdown_it import MarkdownIt

from bot.advice import Answer, Context, Question, Text, reply
from bot.knowledge import Fact, KnowledgeBase, Source, load_knowledge
from bot.render import envelope, to_markdown, to_plain
from bot.render.slack import content_blocks, fallback
from bot.render.sources import credits_of, entries, in_words

ARTICLE = load_knowledge("data/knowledge", ["article"])
WHOLE = load_knowledge("data/knowledge")
TODAY = date(2026, 3, 1)
URL = "https://example.org/a(b)?c=1&d=2"
MARKDOWN = MarkdownIt("commonmark")


def with_second_source(outdated_from: date | None = None, **more: Any) -> KnowledgeBase:
    """The article and a survey with one fact in each of two sections."""
    given: dict[str, Any] = {"title": "Job Survey", "publisher": "P", "date": date(2024, 1, 1), "url": None, **more}
    survey = Source(id="survey", outdated_from=outdated_from, **given)
    facts = [
        Fact(
            id=f"ml_engineer.tools.extra_{number}",
            roles=("ml_engineer",),
            topic="tools",
            entities=(),
            text="ML engineers like notebooks.",
            point="Notebooks",
            source="survey",
            section=section,
        )
        for number, section in enumerate(["Results", "Method"])
    ]
    records: dict[str, Any] = {name: list(getattr(ARTICLE, name).values()) for name in ARTICLE.__dataclass_fields__}
    return KnowledgeBase.of(
        **{**records, "sources": [*records["sources"], survey], "facts": [*records["facts"], *facts]}
    )


EXTRA = ("ml_engineer.tools.extra_0", "ml_engineer.tools.extra_1")
ANSWER = Answer("answer", (Text("x"),), ("ml_engineer.tools.overview", *EXTRA))
SURVEY_ONLY = Answer("answer", (Text("x"),), EXTRA)


def markdown(kb: KnowledgeBase, answer: Answer) -> str:
    return to_markdown(answer, credits_of(kb, answer))


def plain(kb: KnowledgeBase, answer: Answer) -> str:
    return to_plain(answer, credits_of(kb, answer))


def slack(kb: KnowledgeBase, answer: Answer) -> str:
    return "\n".join(
        e["text"] for b in content_blocks("", envelope(kb, answer)["parts"]) for e in b.get("elements", ())
    )


LOOKS = [markdown, plain, slack]
Look = Callable[[KnowledgeBase, Answer], str]


@pytest.mark.parametrize("look", LOOKS)
def test_each_source_is_named_once_with_its_sections_publisher_and_date(look: Look) -> None:
    text = look(with_second_source(), ANSWER)
    for once in ("Understanding the Difference", "Tech Review", "June 11, 2025", "Job Survey", "Results, Method"):
        assert unescape(text).count(once) == 1, once
    assert "Sources:" in text


def test_the_sources_of_a_message_in_markdown_are_one_paragraph() -> None:
    kb = with_second_source(url=URL, credit="Data of P, CC BY.")
    assert markdown(kb, ANSWER).split("\n\n")[-1] == (
        "*Sources: Understanding the Difference Between AI & ML Engineers, Skillsets and Tools · Tech Review · "
        "June 11, 2025. [Job Survey](https://example.org/a%28b%29?c=1&d=2), Results, Method · P · January 1, 2024. "
        "Data of P, CC BY.*"
    )


def test_one_source_is_no_sources() -> None:
    assert plain(ARTICLE, Answer("answer", (), ("ml_engineer.tools.overview",))).startswith("Source: ")


def test_an_answer_without_facts_names_no_source() -> None:
    assert credits_of(ARTICLE, Answer("clarify", (Text("x"),))) is None
    assert "source" not in {part["type"] for part in envelope(ARTICLE, Answer("clarify", (Text("x"),)))["parts"]}


def test_sources_of_one_publisher_and_date_share_them() -> None:
    facts = [f for f in WHOLE.facts.values() if f.topic == "pay" and f.source.startswith("bls_") and f.figures]
    answer = Answer("answer", (), tuple(fact.id for fact in facts))
    titles = {WHOLE.sources[f.source].title for f in facts}
    text = plain(WHOLE, answer)
    assert len(titles) > 1
    assert all(text.count(title) == 1 for title in titles)
    assert text.count("Bureau of Labor Statistics") == len({WHOLE.sources[f.source].edition for f in facts})


@pytest.mark.parametrize("fact", list(WHOLE.facts.values()), ids=lambda fact: fact.id)
def test_every_fact_has_its_publisher_date_and_credit_under_it(fact: Fact) -> None:
    source, answer = WHOLE.sources[fact.source], Answer("answer", (), (fact.id,))
    told = (source.title, source.publisher, source.edition or in_words(source.date), source.credit or "")
    for text in (plain(WHOLE, answer), unescape(slack(WHOLE, answer))):
        assert all(each in text for each in told)
        assert source.url is None or source.url in text
    # What Markdown shows is what was written: no asterisk of O*NET is taken for markup.
    (paragraph,) = [token for token in MARKDOWN.parse(markdown(WHOLE, answer)) if token.type == "inline"]
    shown = "".join(token.content for token in paragraph.children or ())
    assert all(each in shown for each in told)
    links = [token.attrs["href"] for token in paragraph.children or () if token.type == "link_open"]
    assert len(links) == (source.url is not None)


@pytest.mark.parametrize("fact", [f for f in WHOLE.facts.values() if "*" in f.text], ids=lambda fact: fact.id)
def test_a_name_with_an_asterisk_is_shown_as_it_is(fact: Fact) -> None:
    text = to_markdown(Answer("answer", (Text(f"**Bold** {fact.text} {fact.text}"),)))
    (inline,) = [token for token in MARKDOWN.parse(text) if token.type == "inline"]
    assert "".join(t.content for t in inline.children or () if t.type == "text") == f"Bold {fact.text} {fact.text}"
    assert [t.type for t in inline.children or () if t.type.endswith("_open")] == ["strong_open"]


def test_slack_links_the_title() -> None:
    kb = with_second_source(url=URL, title="A < B & C")
    assert "<https://example.org/a(b)?c=1&amp;d=2|A &lt; B &amp; C>, Results, Method" in slack(kb, SURVEY_ONLY)
    blocks = content_blocks("", envelope(kb, SURVEY_ONLY)["parts"])
    assert fallback(blocks).endswith("Source: A &lt; B &amp; C, Results, Method · P · January 1, 2024")


@pytest.mark.parametrize(
    "url",
    ["javascript:alert(1)", "https://x.example/|a", "https://x.example/>", "https://x.example/ b", "ftp://x.example"],
)
def test_slack_links_to_plain_web_addresses_only(url: str) -> None:
    part = {"type": "source", "text": "t", "heading": "Source", "lines": [[["Title", url]]], "credits": []}
    (block,) = content_blocks("", [part])
    assert block["elements"][0]["text"] == "Source: Title"


def test_a_long_list_of_sources_is_cut_between_sources() -> None:
    facts = list({fact.source: fact.id for fact in WHOLE.facts.values()}.values())
    blocks = content_blocks("", envelope(WHOLE, Answer("answer", (), tuple(facts)))["parts"])
    texts = [element["text"] for block in blocks for element in block["elements"]]
    assert len(texts) > 1
    assert all(len(text) <= 2_000 for text in texts)
    assert all(
        text.count("<") == text.count(">") == len(re.findall(r"<https?://[^|<>]+\|[^<>]+>", text)) for text in texts
    )


@pytest.mark.parametrize(("days", "said"), [(-1, True), (0, True), (1, False)])
def test_a_source_is_out_of_date_from_its_day_on(days: int, said: bool) -> None:
    kb = with_second_source(TODAY + timedelta(days))
    found = credits_of(kb, ANSWER, TODAY)
    assert found is not None
    assert ("out of date since" in found.text) is said
    assert any("outdated_from" in entry for entry in entries(kb, ANSWER, TODAY)) is said


@pytest.mark.parametrize("look", LOOKS)
def test_every_look_says_that_a_source_is_out_of_date(look: Look) -> None:
    text = look(with_second_source(date(2025, 1, 1)), ANSWER)
    assert "Job Survey, Results, Method · P · January 1, 2024 (out of date since January 1, 2025)" in text
    assert text.count("out of date") == 1


def test_the_envelope_has_an_entry_for_each_section_with_all_that_is_known() -> None:
    kb = with_second_source(
        date(2025, 1, 1),
        url=URL,
        edition="spring",
        geography="Norway",
        kind="research",
        licence="CC BY 4.0",
        credit="Data of P.",
    )
    article, results, method = envelope(kb, ANSWER)["sources"]
    assert set(article) == {"title", "publisher", "date", "section", "kind"}
    assert results == {
        "title": "Job Survey",
        "publisher": "P",
        "date": "2024-01-01",
        "section": "Results",
        "url": URL,
        "edition": "spring",
        "geography": "Norway",
        "kind": "research",
        "licence": "CC BY 4.0",
        "credit": "Data of P.",
        "outdated_from": "2025-01-01",
    }
    assert method == {**results, "section": "Method"}


def test_asking_for_the_source_tells_too() -> None:
    kb = with_second_source(date(2025, 1, 1))
    told, _ = reply(kb, [Question("ask_source")], Context(turn=1, content_turn=1, facts=ANSWER.facts))
    assert '"Job Survey" (P, January 1, 2024; out of date since January 1, 2025)' in to_plain(told)


def test_with_several_sources_a_decline_speaks_of_sources() -> None:
    answer, _ = reply(with_second_source(), [Question("uncovered_salary")], Context())
    assert "article" not in to_plain(answer)
