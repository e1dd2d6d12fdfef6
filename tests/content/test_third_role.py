"""A role that is added by YAML alone is asked about, compared and recommended after training."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from actions.answering import questions_in, told_in
from bot.advice import Answer, Context, Question, fit_check, reply
from bot.knowledge import KnowledgeBase, load_knowledge
from bot.render import to_plain
from bot.render.sources import credits_of

Parse = Callable[[str], dict[str, Any]]
DA, ML, AI = "data_analyst", "ml_engineer", "ai_engineer"


@pytest.fixture(scope="module")
def kb(project: Path) -> KnowledgeBase:
    return load_knowledge(project / "data" / "knowledge")


def told(kb: KnowledgeBase, parse: Parse, *messages: str) -> Answer:
    context = Context()
    for message in messages:
        parsed = parse(message)
        answer, context = reply(kb, questions_in(parsed), context, told_in(parsed))
    return answer


@pytest.mark.parametrize(
    ("message", "fact"),
    [
        ("what tools do data analysts use?", "data_analyst.tools.overview"),
        ("which skills does a data analyst need", "data_analyst.skills.overview"),
        ("what do data analysts build?", "data_analyst.projects.overview"),
        ("what does a data analyst focus on day to day?", "data_analyst.focus_areas.overview"),
        ("what career options do data analysts have?", "data_analyst.career_paths.overview"),
        ("what does the future hold for data analysts?", "data_analyst.trends.overview"),
        ("tell me about the data analyst role", "data_analyst.focus_areas.overview"),
        ("who makes sales forecasts?", "data_analyst.projects.forecasts"),
        ("do data analysts run controlled experiments?", "data_analyst.focus_areas.experiments"),
    ],
)
def test_it_is_asked_about(kb: KnowledgeBase, parse: Parse, message: str, fact: str) -> None:
    answer = told(kb, parse, message)
    assert answer.kind == "answer", to_plain(answer)
    assert fact in answer.facts
    assert answer.roles == (DA,)


@pytest.mark.parametrize(
    ("messages", "roles"),
    [
        (["what is the difference between a data analyst and an ML engineer?"], (DA, ML)),
        (["compare the tools of AI engineers and data analysts"], (AI, DA)),
        (["what tools do ML engineers use?", "and data analysts?", "compare them"], (AI, ML, DA)),
    ],
)
def test_it_is_compared(kb: KnowledgeBase, parse: Parse, messages: list[str], roles: tuple[str, ...]) -> None:
    answer = told(kb, parse, *messages)
    assert answer.kind == "answer", to_plain(answer)
    shown = {role for fact in answer.facts for role in kb.facts[fact].roles}
    assert DA in shown
    assert set(answer.roles) <= set(roles)
    assert DA in answer.roles
    credits = credits_of(kb, answer)
    assert credits and credits.text.startswith("Sources: ")


def test_a_follow_up_turns_to_it(kb: KnowledgeBase, parse: Parse) -> None:
    answer = told(kb, parse, "what tools do ML engineers use?", "and data analysts?")
    assert answer.facts[0] == "data_analyst.tools.overview"


def test_it_is_recommended_from_what_people_say(kb: KnowledgeBase, parse: Parse) -> None:
    answer = told(kb, parse, "I love planning controlled experiments and writing sales forecasts")
    assert answer.kind == "recommendation", to_plain(answer)
    assert answer.roles == (DA,)


def test_the_fit_check_can_lean_to_it(kb: KnowledgeBase) -> None:
    answer, context = fit_check.step(kb, Question("start_fit_check"), Context())
    pairs = fit_check.pairs_of(kb, False)
    for pair in pairs:
        side = next((s for s in ("first", "second") if kb.facts[getattr(pair, f"{s}_fact")].roles == (DA,)), None)
        if side:
            answer, context = fit_check.choose(kb, side, context)
        else:
            answer, context = fit_check.step(kb, Question("neither"), context)
    assert answer.kind == "recommendation"
    assert answer.roles == (DA,)


def test_it_is_no_longer_uncovered_and_others_still_are(kb: KnowledgeBase, parse: Parse) -> None:
    answer = told(kb, parse, "what does a project manager do?")
    assert answer.kind in ("declined", "partial")
    assert not {DA} & set(answer.roles)
    kind = kb.uncovered["other_roles"]
    assert "data analysts" in kind.phrase
    assert "data_analyst" not in {item.id for item in kind.items}
    assert not [example for example in kind.examples if "data analyst" in example]
    assert [example for example in kind.examples if "project manager" in example]


def test_what_its_sources_leave_out_is_said_by_name(kb: KnowledgeBase, parse: Parse) -> None:
    answer = told(kb, parse, "what do data analysts earn?")
    assert answer.kind in ("declined", "partial"), to_plain(answer)
    assert not [fact for fact in answer.facts if DA in kb.facts[fact].roles]


def test_a_topic_that_it_lacks_is_said_to_be_missing(kb: KnowledgeBase) -> None:
    answer, _ = reply(kb, [Question("ask_synergy", roles=(DA,))], Context())
    assert answer.kind == "declined"
    assert "The sources have nothing on synergy for data analysts." in to_plain(answer)
    answer, _ = reply(kb, [Question("ask_tools", roles=(DA,))], Context())
    assert answer.kind == "answer"


def test_existing_roles_are_answered_as_before(kb: KnowledgeBase, parse: Parse) -> None:
    assert told(kb, parse, "what tools do ML engineers use?").roles == (ML,)
    assert told(kb, parse, "what do AI engineers build?").roles == (AI,)
