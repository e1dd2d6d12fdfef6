"""Rasa entity extractor that knows every role, topic, thing and uncovered subject of the knowledge base."""

from __future__ import annotations

import json
from typing import Any

from rasa.engine.graph import ExecutionContext, GraphComponent
from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.engine.storage.resource import Resource
from rasa.engine.storage.storage import ModelStorage
from rasa.nlu.extractors.extractor import EntityExtractorMixin
from rasa.nlu.tokenizers.tokenizer import Tokenizer
from rasa.shared.nlu.constants import ENTITIES, TEXT
from rasa.shared.nlu.training_data.message import Message
from rasa.shared.nlu.training_data.training_data import TrainingData

from bot.knowledge import load_knowledge
from bot.language.phrases import Phrase, PhraseFinder
from bot.language.spelling import NormalisedText, english_words, words
from bot.nlu.tokenizer import normalised

_PHRASES = "phrases.json"


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.ENTITY_EXTRACTOR, is_trainable=True)
class KnowledgeEntityExtractor(GraphComponent, EntityExtractorMixin):
    """Finds the knowledge base's names in messages; offsets point into the original text, values are ids."""

    @classmethod
    def required_components(cls) -> list[type]:
        return [Tokenizer]

    @staticmethod
    def get_default_config() -> dict[str, Any]:
        """Configuration: where the knowledge base is, relative to the project."""
        return {"knowledge": "data/knowledge"}

    @classmethod
    def fingerprint_addon(cls, config: dict[str, Any]) -> str | None:
        """Retrain when the knowledge base changed."""
        return load_knowledge({**cls.get_default_config(), **config}["knowledge"]).fingerprint()

    def __init__(
        self, config: dict[str, Any], storage: ModelStorage, resource: Resource, phrases: list[Phrase] | None = None
    ) -> None:
        self._config = config
        self._storage = storage
        self._resource = resource
        self._finder = PhraseFinder(phrases or [], words)

    @classmethod
    def create(
        cls,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
    ) -> KnowledgeEntityExtractor:
        return cls(config, model_storage, resource)

    def train(self, training_data: TrainingData) -> Resource:
        """Store the phrases of the knowledge base with the model; the examples' annotations are not needed."""
        phrases = load_knowledge(self._config["knowledge"]).phrases()
        with self._storage.write_to(self._resource) as directory:
            (directory / _PHRASES).write_text(json.dumps([list(p) for p in phrases]), encoding="utf-8")
        self._finder = PhraseFinder([Phrase(*p) for p in phrases], words)
        return self._resource

    @classmethod
    def load(
        cls,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
        **kwargs: Any,
    ) -> KnowledgeEntityExtractor:
        """Load the phrases of a trained model."""
        with model_storage.read_from(resource) as directory:
            phrases = json.loads((directory / _PHRASES).read_text(encoding="utf-8"))
        return cls(config, model_storage, resource, [Phrase(*p) for p in phrases])

    def process(self, messages: list[Message]) -> list[Message]:
        """Add the entities found to every message that has a text."""
        for message in messages:
            if message.get(TEXT):
                found = self.extract(normalised(message), str(message.get(TEXT)))
                message.set(ENTITIES, [*message.get(ENTITIES, []), *found], add_to_output=True)
        return messages

    def extract(self, text: NormalisedText, original: str) -> list[dict[str, Any]]:
        """Return Rasa entity dictionaries for a normalised text of the message ``original``."""
        tokens = [t.text for t in text.tokens]
        known = english_words()
        unknown = [t.isalpha() and t not in known for t in tokens]
        entities = []
        for match in self._finder.find(tokens, unknown):
            start, end = text.tokens[match.start].start, text.tokens[match.end - 1].end
            entities.append(
                {
                    "entity": match.kind,
                    "value": match.value,
                    "start": start,
                    "end": end,
                    "text": original[start:end],
                    "confidence_entity": round(match.score, 3),
                    "extractor": type(self).__name__,
                }
            )
        return entities
