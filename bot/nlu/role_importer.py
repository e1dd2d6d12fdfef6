"""Adds the examples of :mod:`bot.nlu.role_examples` whenever Rasa reads training data (`importers` in config.yml)."""

from __future__ import annotations

from rasa.shared.nlu.constants import ENTITIES, INTENT, TEXT
from rasa.shared.nlu.training_data.message import Message
from rasa.shared.nlu.training_data.training_data import TrainingData

from bot.knowledge import load_knowledge
from bot.nlu.role_examples import Example, derived, stale
from bot.rasa_changes.importer import CachedFileImporter

KNOWLEDGE = "data/knowledge"
"""Where the knowledge base is, relative to the project, as for the pipeline's components."""


class RoleExamplesImporter(CachedFileImporter):
    """The reader of a project's files, with training examples for roles that have none of their own."""

    def get_nlu_data(self, language: str | None = "en") -> TrainingData:
        """The examples of all NLU files, without stale and with derived ones. Raises what Rasa's reader raises."""
        data: TrainingData = super().get_nlu_data(language)
        kb = load_knowledge(KNOWLEDGE)
        read = [(message, _example(message)) for message in data.training_examples]
        kept = [message for message, example in read if not stale(kb, example)]
        added = [
            Message({TEXT: example.text, INTENT: example.intent, ENTITIES: list(example.entities)})
            for example in derived(kb, [example for _, example in read])
        ]
        if len(kept) == len(read) and not added:
            return data
        return TrainingData(
            [*kept, *added], data.entity_synonyms, data.regex_features, data.lookup_tables, data.responses
        )


def _example(message: Message) -> Example:
    return Example(str(message.get(TEXT) or ""), str(message.get(INTENT) or ""), tuple(message.get(ENTITIES) or ()))
