"""A role that is added by YAML alone is asked about, compared and recommended after training."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from actions.answering import questions_in
from bot.advice import Answer, Context, Question, fit_check, reply
from bot.knowledge import KnowledgeBase, load_knowledge
from bot.render import to_plain
from bot.render.sources import credits_of

Parse = Callable[[str], dict[str, Any]]
DS, ML, AI = "data_scientist", "ml_engineer", "ai_engineer"


@pytest.fixture(scope="module")
def kb(project: Path) -> KnowledgeBase:
    return load_knowledge(project / "data" / "knowledge")


def told(kb: KnowledgeBase, parse: Parse, *messages: str) -> Answer:
    context = Context()
    for message in messages:
        answer, context = reply(kb, questions_in(parse(message)), context)
    return answer


@pytest.mark.parametrize(
    ("message", "fact"),
    [
        ("what tools do data scientists use?", "data_scientist.tools.overview"),
        ("which skills does a data scientist need", "data_scientist.skills.overview"),
        ("what do data scientists build?", "data_scientist.projects.overview"),
        ("what does a data scientist focus on day to day?", "data_scientist.focus_areas.overview"),
        ("what career options do data scientists have?", "data_scientist.career_paths.overview"),
        ("what does the future hold for data scientists?", "data_scientist.trends.overview"),
        ("tell me about the data scientist role", "data_scientist.focus_areas.overview"),
        ("who makes sales forecasts?", "data_scientist.projects.forecasts"),
        ("do data scientists run controlled experiments?", "data_scientist.focus_areas.experiments"),
    ],
)
def test_it_is_asked_about(kb: KnowledgeBase, parse: Parse, message: str, fact: str) -> None:
    answer = told(kb, parse, message)
    assert answer.kind == "answer", to_plain(answer)
    assert fact in answer.facts
    assert answer.roles == (DS,)


@pytest.mark.parametrize(
    ("messages", "roles"),
    [
        (["what is the difference between a data scientist and an ML engineer?"], (DS, ML)),
        (["compare the tools of AI engineers and data scientists"], (AI, DS)),
        (["what tools do ML engineers use?", "and data scientists?", "compare them"], (AI, ML, DS)),
    ],
)
def test_it_is_compared(kb: KnowledgeBase, parse: Parse, messages: list[str], roles: tuple[str, ...]) -> None:
    answer = told(kb, parse, *messages)
    assert answer.kind == "answer", to_plain(answer)
    shown = {role for fact in answer.facts for role in kb.facts[fact].roles}
    assert DS in shown
    assert set(answer.roles) <= set(roles)
    assert DS in answer.roles
    credits = credits_of(kb, answer)
    assert credits and credits.text.startswith("Sources: ")


def test_a_follow_up_turns_to_it(kb: KnowledgeBase, parse: Parse) -> None:
    answer = told(kb, parse, "what tools do ML engineers use?", "and data scientists?")
    assert answer.facts[0] == "data_scientist.tools.overview"


def test_it_is_recommended_from_what_people_say(kb: KnowledgeBase, parse: Parse) -> None:
    answer = told(kb, parse, "I love planning controlled experiments and writing sales forecasts")
    assert answer.kind == "recommendation", to_plain(answer)
    assert answer.roles == (DS,)


def test_the_fit_check_can_lean_to_it(kb: KnowledgeBase) -> None:
    answer, context = fit_check.step(kb, Question("start_fit_check"), Context())
    pairs = fit_check.pairs_of(kb, False)
    for pair in pairs:
        side = next((s for s in ("first", "second") if kb.facts[getattr(pair, f"{s}_fact")].roles == (DS,)), None)
        if side:
            answer, context = fit_check.choose(kb, side, context)
        else:
            answer, context = fit_check.step(kb, Question("neither"), context)
    assert answer.kind == "recommendation"
    assert answer.roles == (DS,)


def test_it_is_no_longer_uncovered_and_others_still_are(kb: KnowledgeBase, parse: Parse) -> None:
    for message, subject in (("what does a data engineer do?", "data engineers"), ("salary of data scientists", "pay")):
        answer = told(kb, parse, message)
        assert answer.kind in ("declined", "partial")
        assert f"not cover {subject}" in to_plain(answer)
    assert "data scientists" in kb.uncovered["other_roles"].phrase


def test_a_topic_that_it_lacks_is_said_to_be_missing(kb: KnowledgeBase) -> None:
    answer, _ = reply(kb, [Question("ask_synergy", roles=(DS,))], Context())
    assert answer.kind == "declined"
    assert "The sources have nothing on synergy for data scientists." in to_plain(answer)
    answer, _ = reply(kb, [Question("ask_tools", roles=(DS,))], Context())
    assert answer.kind == "answer"


def test_existing_roles_are_answered_as_before(kb: KnowledgeBase, parse: Parse) -> None:
    assert told(kb, parse, "what tools do ML engineers use?").roles == (ML,)
    assert told(kb, parse, "what do AI engineers build?").roles == (AI,)
