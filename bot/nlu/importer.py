"""Adds what the knowledge base teaches whenever Rasa reads training data (`importers` in config.yml).

The questions that stand with the facts, and those of what no source covers, are examples of questions about the subject
(intent ``ask_fact``); roles without examples get those of :mod:`bot.nlu.role_examples`.
"""

from __future__ import annotations

from rasa.shared.nlu.constants import ENTITIES, INTENT, TEXT
from rasa.shared.nlu.training_data.message import Message
from rasa.shared.nlu.training_data.training_data import TrainingData

from bot.knowledge import KnowledgeBase
from bot.knowledge.current import knowledge
from bot.nlu.role_examples import Example, derived, stale
from bot.rasa_changes.importer import CachedFileImporter

FACT = "ask_fact"
"""The intent of a question that one fact answers."""


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
            for example in (*derived(kb, [example for _, example in read]), *_questions(kb))
        ]
        if len(kept) == len(read) and not added:
            return data
        return TrainingData(
            [*kept, *added], data.entity_synonyms, data.regex_features, data.lookup_tables, data.responses
        )


def _questions(kb: KnowledgeBase) -> list[Example]:
    found = [question for fact in kb.facts.values() for question in fact.questions]
    found += [question for kind in kb.uncovered.values() for question in kind.examples]
    return [Example(text, FACT) for text in dict.fromkeys(found)]


def _example(message: Message) -> Example:
    return Example(str(message.get(TEXT) or ""), str(message.get(INTENT) or ""), tuple(message.get(ENTITIES) or ()))
