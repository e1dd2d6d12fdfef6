"""Adds what the knowledge base teaches whenever Rasa reads training data (`importers` in config.yml).

The questions that stand with the facts, and those of what no source covers, are examples of questions about the subject
(intent ``ask_fact``); roles without examples get those of :mod:`bot.nlu.role_examples`. The intent of a topic, which
its buttons carry, is in the domain and has a rule even where nobody wrote it there.
"""

from __future__ import annotations

from rasa.shared.core.domain import Domain
from rasa.shared.core.training_data.story_reader.yaml_story_reader import YAMLStoryReader
from rasa.shared.core.training_data.structures import StoryGraph
from rasa.shared.nlu.constants import ENTITIES, INTENT, TEXT
from rasa.shared.nlu.training_data.message import Message
from rasa.shared.nlu.training_data.training_data import TrainingData

from bot.knowledge import KnowledgeBase
from bot.knowledge.current import knowledge
from bot.nlu.role_examples import Example, derived, stale
from bot.rasa_changes.importer import CachedFileImporter

FACT = "ask_fact"
"""The intent of a question that one fact answers."""

ANSWERS = "action_advise"
"""The action that answers questions about a topic."""


class KnowledgeImporter(CachedFileImporter):
    """The reader of a project's files, with the example questions of the knowledge base."""

    def get_nlu_data(self, language: str | None = "en") -> TrainingData:
        """The examples of all NLU files, without stale and with derived ones. Raises what Rasa's reader raises."""
        data: TrainingData = super().get_nlu_data(language)
        kb = knowledge()
        read = [(message, _example(message)) for message in data.training_examples]
        kept = [message for message, example in read if not stale(kb, example)]
        added = [
            Message({TEXT: example.text, INTENT: example.intent, ENTITIES: list(example.entities)})
            for example in (
                *derived(kb, [example for _, example in read]),
                *_questions(kb, [example for _, example in read]),
            )
        ]
        if len(kept) == len(read) and not added:
            return data
        return TrainingData(
            [*kept, *added], data.entity_synonyms, data.regex_features, data.lookup_tables, data.responses
        )

    def get_domain(self) -> Domain:
        """The project's domain with the intents of all topics. Raises what Rasa's reader raises."""
        domain = super().get_domain()
        return domain.merge(Domain.from_dict({"intents": new})) if (new := _new_intents(domain)) else domain

    def get_stories(self, exclusion_percentage: int | None = None) -> StoryGraph:
        """The project's stories and rules, with a rule for each intent that :meth:`get_domain` adds."""
        stories: StoryGraph = super().get_stories(exclusion_percentage)
        new = _new_intents(super().get_domain())
        if not new:
            return stories
        rules = [{"rule": intent, "steps": [{"intent": intent}, {"action": ANSWERS}]} for intent in new]
        return stories.merge(StoryGraph(YAMLStoryReader().read_from_parsed_yaml({"rules": rules})))


def _new_intents(domain: Domain) -> list[str]:
    return [topic.intent for topic in knowledge().topics.values() if topic.intent not in domain.intents]


def _questions(kb: KnowledgeBase, examples: list[Example]) -> list[Example]:
    """The questions that stand in the knowledge base, without those that are an example of another intent already."""
    known = {_plain(example.text) for example in examples}
    found = [question for fact in kb.facts.values() for question in fact.questions]
    found += [question for kind in kb.uncovered.values() for question in (*kind.examples, *kind.in_part)]
    return [Example(text, FACT) for text in dict.fromkeys(found) if _plain(text) not in known]


def _plain(text: str) -> str:
    return " ".join(text.lower().split())


def _example(message: Message) -> Example:
    return Example(str(message.get(TEXT) or ""), str(message.get(INTENT) or ""), tuple(message.get(ENTITIES) or ()))
