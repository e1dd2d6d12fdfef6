"""Answers name all their sources, and say which of them are out of date, in every look."""

from datetime import date, timedelta
from typing import Any

import pytest

from bot.advice import Answer, Context, Question, Text, reply
from bot.knowledge import Fact, KnowledgeBase, Source, load_knowledge
from bot.render import envelope, to_markdown, to_plain
from bot.render.envelope import source_line
from bot.render.slack import content_blocks

KNOWLEDGE = load_knowledge("data/knowledge")
TODAY = date(2026, 3, 1)


def with_second_source(outdated_from: date | None) -> KnowledgeBase:
    survey = Source(
        id="survey", title="Job Survey", publisher="P", date=date(2024, 1, 1), url=None, outdated_from=outdated_from
    )
    extra = Fact(
        id="ml_engineer.tools.extra",
        roles=("ml_engineer",),
        topic="tools",
        entities=(),
        text="ML engineers like notebooks.",
        point="Notebooks",
        source="survey",
        section="Results",
    )
    records: dict[str, Any] = {name: list(getattr(KNOWLEDGE, name).values()) for name in KNOWLEDGE.__dataclass_fields__}
    return KnowledgeBase.of(
        **{**records, "sources": [*records["sources"], survey], "facts": [*records["facts"], extra]}
    )


ANSWER = Answer("answer", (Text("x"),), ("ml_engineer.tools.overview", "ml_engineer.tools.extra"))


def test_an_answer_from_two_sources_names_both() -> None:
    line = source_line(with_second_source(None), ANSWER, TODAY)
    assert line and line.startswith("Sources: Understanding the Difference")
    assert line.endswith("; Job Survey, Results")


@pytest.mark.parametrize(("days", "said"), [(-1, True), (0, True), (1, False)])
def test_a_source_is_out_of_date_from_its_day_on(days: int, said: bool) -> None:
    line = source_line(with_second_source(TODAY + timedelta(days)), ANSWER, TODAY) or ""
    assert ("out of date since" in line) is said


def test_every_look_says_that_a_source_is_out_of_date() -> None:
    kb = with_second_source(date(2025, 1, 1))
    line = source_line(kb, ANSWER)
    custom = envelope(kb, ANSWER)
    looks = [to_markdown(ANSWER, line), to_plain(ANSWER, line), str(content_blocks("", custom["parts"]))]
    assert all("Job Survey, Results (out of date since January 1, 2025)" in look for look in looks)
    assert [source.get("outdated_from") for source in custom["sources"]] == [None, "2025-01-01"]


def test_asking_for_the_source_tells_too() -> None:
    kb = with_second_source(date(2025, 1, 1))
    told, _ = reply(kb, [Question("ask_source")], Context(turn=1, content_turn=1, facts=ANSWER.facts))
    text = to_plain(told)
    assert "It comes from the articles" in text
    assert '"Job Survey" (P, January 1, 2024; out of date since January 1, 2025)' in text


def test_with_several_sources_a_decline_speaks_of_sources() -> None:
    answer, _ = reply(with_second_source(None), [Question("uncovered_salary")], Context())
    assert "article" not in to_plain(answer)
