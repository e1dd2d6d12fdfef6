"""Roles side by side: lists where the points of two roles have nothing in common, a table with one row a topic."""

from itertools import combinations

import pytest

from bot.advice import Answer, Bullets, Table
from bot.advice.answer import texts_of
from bot.advice.topics import comparison
from bot.advice.wording import WORD_LIMIT
from bot.knowledge import load_knowledge

KB = load_knowledge("data/knowledge")
MAIN = tuple(KB.main_roles)
TOPICS = [topic.id for topic in KB.topics.values() if topic.comparable]


def lists(answer: Answer) -> list[Bullets]:
    return [part for part in answer.parts if isinstance(part, Bullets)]


@pytest.mark.parametrize("topic", TOPICS)
def test_a_topic_is_compared_in_a_list_for_each_role(topic: str) -> None:
    answer = comparison(KB, MAIN, topic)
    assert not any(isinstance(part, Table) for part in answer.parts)
    titles = [(each.title or "").lower() for each in lists(answer)]
    assert titles[: len(MAIN)] == [KB.roles[role].plural.lower() for role in MAIN]
    assert answer.words <= WORD_LIMIT + 10


@pytest.mark.parametrize("topic", TOPICS)
def test_nothing_is_said_twice_in_a_comparison(topic: str) -> None:
    said = [item for each in lists(comparison(KB, MAIN, topic)) for item in each.items]
    assert len(said) == len(set(said))


@pytest.mark.parametrize("topic", ["tools", "skills", "projects"])
def test_a_summary_is_left_out_where_the_list_says_what_it_sums_up(topic: str) -> None:
    answer = comparison(KB, MAIN, topic)
    for role in MAIN:
        overview = KB.overview(role, topic)
        assert overview is not None
        assert overview.id not in answer.facts


def test_a_figure_that_answers_the_question_stays_first() -> None:
    for role, each in zip(MAIN, lists(comparison(KB, MAIN, "pay")), strict=False):
        overview = KB.overview(role, "pay")
        assert overview is not None
        assert each.items[0] == overview.point


@pytest.mark.parametrize("pair", list(combinations(list(KB.roles)[:5], 2)))
def test_every_fact_of_a_comparison_is_shown_and_the_other_way_round(pair: tuple[str, str]) -> None:
    for topic in TOPICS:
        answer = comparison(KB, pair, topic)
        if answer.kind != "answer":
            continue
        shown = {text for part in answer.parts for text in texts_of(part)}
        assert {KB.facts[fact].point for fact in answer.facts} <= shown
        listed = {item for each in lists(answer) for item in each.items}
        assert listed <= {KB.facts[fact].point for fact in answer.facts} | {"The sources say nothing on this"}


def test_a_role_without_facts_is_said_to_have_none() -> None:
    without = next(role for role in KB.roles if not KB.facts_for(role, "pay"))
    first, *_ = lists(comparison(KB, (without, MAIN[0]), "pay"))
    assert first.items == ("The sources say nothing on this",)


@pytest.mark.parametrize("roles", [MAIN, (*MAIN, "data_scientist")])
def test_without_a_topic_there_is_a_table_with_a_row_for_each(roles: tuple[str, ...]) -> None:
    tables = [part for part in comparison(KB, roles).parts if isinstance(part, Table)]
    assert [row[0] for row in tables[0].rows] == [KB.topics[topic].name for topic in KB.profile_topics]
    assert all(len(row) == len(roles) + 1 for row in tables[0].rows)
