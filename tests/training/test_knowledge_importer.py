"""What the knowledge base adds to the training data, the domain and the rules."""

from pathlib import Path

import pytest
from rasa.shared.core.training_data.structures import RuleStep

from bot.knowledge import KnowledgeBase
from bot.knowledge.current import knowledge
from bot.nlu import importer
from bot.nlu.importer import FACT, KnowledgeImporter

PROJECT = Path(__file__).parents[2]
EXAMPLES = """version: "3.1"
nlu:
- intent: greet
  examples: |
    - hello
"""


@pytest.fixture
def ours(tmp_path: Path) -> KnowledgeImporter:
    file = tmp_path / "nlu.yml"
    file.write_text(EXAMPLES)
    return KnowledgeImporter(str(PROJECT / "config.yml"), str(PROJECT / "domain.yml"), [str(file)])


def test_the_questions_of_facts_and_of_what_is_uncovered_are_examples(ours: KnowledgeImporter) -> None:
    data = ours.get_nlu_data()
    kb = knowledge()
    asked = {str(m.get("text")) for m in data.training_examples if m.get("intent") == FACT}
    assert asked == {
        *(question for fact in kb.facts.values() for question in fact.questions),
        *(question for kind in kb.uncovered.values() for question in kind.examples),
    }
    assert "hello" in {m.get("text") for m in data.training_examples}


def test_each_topic_has_an_intent_and_a_rule_though_nobody_wrote_them(
    ours: KnowledgeImporter, monkeypatch: pytest.MonkeyPatch
) -> None:
    one = next(iter(knowledge().topics.values()))
    new = one.copy(update={"id": "tea", "intent": "ask_tea"})
    monkeypatch.setattr(importer, "knowledge", lambda: KnowledgeBase.of(topics=[one, new]))
    assert {"ask_tea", one.intent, "greet"} <= set(ours.get_domain().intents)
    (rule,) = ours.get_stories().story_steps
    named = [getattr(event, "action_name", None) or getattr(event, "intent_name", None) for event in rule.events]
    assert isinstance(rule, RuleStep)
    assert named[-2:] == ["ask_tea", "action_advise"]


def test_every_topic_of_the_project_can_be_asked_by_its_button(ours: KnowledgeImporter) -> None:
    assert {topic.intent for topic in knowledge().topics.values()} <= set(ours.get_domain().intents)
