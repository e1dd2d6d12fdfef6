"""Rasa component: the words of a question that belong to nothing this bot knows ("what tools do carpenters use").

Sentence embeddings see the shape of such a question, which is ours, more than its subject, which is not. So the words
of all examples that are questions of ours, and of the knowledge base, are kept, and each question gets the list of its
other words under ``unfamiliar``. What that means for the answer is decided in ``bot.advice.fallbacks``.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable
from typing import Any

from rapidfuzz import process
from rapidfuzz.distance import OSA
from rasa.engine.graph import ExecutionContext, GraphComponent
from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.engine.storage.resource import Resource
from rasa.engine.storage.storage import ModelStorage
from rasa.shared.nlu.constants import INTENT, TEXT
from rasa.shared.nlu.training_data.message import Message
from rasa.shared.nlu.training_data.training_data import TrainingData

from bot.knowledge import load_knowledge
from bot.nlu.classifier import QUESTIONS
from bot.nlu.tokenizer import normalised

_FILE = "vocabulary.json"
_WORD = re.compile(r"[^\W\d_]{4,}")
_LONG = 7
"""Words of so many letters may have two typing errors, shorter ones one."""

_ENDING = re.compile(r"(?:ies|es|s|ing|ed|ers?|ly|e|y)$")


def stems(text: str) -> list[str]:
    """The words of at least four letters in ``text``, each without its commonest endings."""
    return [_ENDING.sub("", word) for word in _WORD.findall(text.lower())]


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.INTENT_CLASSIFIER, is_trainable=True)
class UnfamiliarWordsFinder(GraphComponent):
    """Adds ``unfamiliar``, a list of words in order, to each question of a message."""

    @staticmethod
    def get_default_config() -> dict[str, Any]:
        """``ours``: prefixes of the intents whose examples hold familiar words; ``knowledge``: folder of the facts."""
        return {"ours": ["ask_", "uncovered_", "follow_up", "compare", "more"], "knowledge": "data/knowledge"}

    def __init__(
        self, config: dict[str, Any], storage: ModelStorage, resource: Resource, familiar: Iterable[str] = ()
    ) -> None:
        self._config = config
        self._storage = storage
        self._resource = resource
        self._familiar = frozenset(familiar)

    @classmethod
    def create(
        cls,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
    ) -> UnfamiliarWordsFinder:
        return cls(config, model_storage, resource)

    def train(self, training_data: TrainingData) -> Resource:
        """Collect the familiar words and store them with the model."""
        knowledge = load_knowledge(self._config["knowledge"])
        ours = tuple(self._config["ours"])
        texts = [normalised(m).text for m in training_data.intent_examples if str(m.get(INTENT)).startswith(ours)]
        texts += [fact.text for fact in knowledge.facts.values()]
        texts += [alias for _, _, alias in knowledge.phrases()]
        self._familiar = frozenset(stem for text in texts for stem in stems(text))
        with self._storage.write_to(self._resource) as directory:
            (directory / _FILE).write_text(json.dumps(sorted(self._familiar)), encoding="utf-8")
        return self._resource

    @classmethod
    def load(
        cls,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
        **kwargs: Any,
    ) -> UnfamiliarWordsFinder:
        """Load the words of a trained model."""
        with model_storage.read_from(resource) as directory:
            familiar = json.loads((directory / _FILE).read_text(encoding="utf-8"))
            return cls(config, model_storage, resource, familiar)

    def process(self, messages: list[Message]) -> list[Message]:
        """Add the unfamiliar words to each question of each message that has a text."""
        for message in messages:
            for question in message.get(QUESTIONS, []) if message.get(TEXT) else []:
                question["unfamiliar"] = self.unfamiliar(question["text"])
        return messages

    def unfamiliar(self, text: str) -> list[str]:
        """Return the words of ``text`` that no example and no fact has, without what is likely a typing error."""
        return [word for word in _WORD.findall(text.lower()) if not self._is_familiar(_ENDING.sub("", word))]

    def _is_familiar(self, stem: str) -> bool:
        if stem in self._familiar:
            return True
        errors = 1 if len(stem) < _LONG else 2
        return process.extractOne(stem, self._familiar, scorer=OSA.distance, score_cutoff=errors) is not None
