"""A topic, a source, a thing and facts that are added by YAML alone are talked about after training."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from actions.answering import questions_in
from bot.advice import Answer, Context, reply
from bot.advice.suggestions import ask
from bot.advice.talk import question_of
from bot.content.preview import preview
from bot.knowledge import KnowledgeBase, load_knowledge
from bot.render import envelope, to_plain

Parse = Callable[[str], dict[str, Any]]
AI, ML = "ai_engineer", "ml_engineer"
TOPIC, OF_AI, OF_ML = "sustainability", "ai_engineer.sustainability.overview", "ml_engineer.sustainability.overview"


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
        ("does training models use a lot of electricity?", OF_ML),
        ("how do ML engineers save energy", OF_ML),
        ("how do AI engineers save energy?", OF_AI),
        ("who works with power meters?", OF_ML),
        ("do ML engineers use a wattmeter?", OF_ML),
    ],
)
def test_its_facts_are_found(kb: KnowledgeBase, parse: Parse, message: str, fact: str) -> None:
    answer = told(kb, parse, message)
    assert answer.kind in ("answer", "partial"), to_plain(answer)
    assert answer.facts[0] == fact, to_plain(answer)


@pytest.mark.parametrize("roles", [(), (ML,), (AI,), (AI, ML)])
def test_its_button_is_understood_and_answered(kb: KnowledgeBase, parse: Parse, roles: tuple[str, ...]) -> None:
    payload = ask(kb, TOPIC, roles).payload
    assert parse(payload)["intent"]["name"] == f"ask_{TOPIC}"
    answer, _ = reply(kb, [question_of(payload)], Context())
    assert {OF_AI, OF_ML} & set(answer.facts) == {
        f for f in (OF_AI, OF_ML) if not roles or kb.facts[f].roles[0] in roles
    }


def test_it_is_offered_after_answers_and_leads_on(kb: KnowledgeBase, parse: Parse) -> None:
    answer = told(kb, parse, "how do ML engineers save energy")
    assert answer.suggestions[0].payload.startswith(f"/ask_{TOPIC}"), "the same of the other role"
    assert ask(kb, "tools", (ML,)) in answer.suggestions


def test_a_follow_up_keeps_it(kb: KnowledgeBase, parse: Parse) -> None:
    assert OF_AI in told(kb, parse, "how do ML engineers save energy", "and AI engineers?").facts


def test_roles_are_compared_on_it(kb: KnowledgeBase) -> None:
    web = preview(kb, [AI, ML], TOPIC).split("== Slack")[0]
    assert all(kb.facts[fact].point in web or kb.facts[fact].text in web for fact in (OF_AI, OF_ML))


def test_its_source_is_named(kb: KnowledgeBase, parse: Parse) -> None:
    data = envelope(kb, told(kb, parse, "how do ML engineers save energy"))
    assert "Green Computing Survey" in [source["title"] for source in data["sources"]]
    assert "Made-up Institute" in to_plain(told(kb, parse, "how do ML engineers save energy", "where is that from?"))
