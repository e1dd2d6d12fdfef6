"""Rasa component that leaves out what people say about who they are (see :mod:`bot.language.personal`)."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import yaml
from rasa.engine.graph import ExecutionContext, GraphComponent
from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.engine.storage.resource import Resource
from rasa.engine.storage.storage import ModelStorage
from rasa.nlu.tokenizers.tokenizer import Tokenizer
from rasa.shared.nlu.constants import TEXT
from rasa.shared.nlu.training_data.message import Message
from rasa.shared.nlu.training_data.training_data import TrainingData

from bot.language.personal import PersonalDetails
from bot.nlu.tokenizer import NORMALISED, normalised

_WORDS = "personal_details.json"


# Registered as a featurizer because Rasa runs those after the tokenizer, in training and in use.
@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.MESSAGE_FEATURIZER, is_trainable=True)
class PersonalDetailsNeutralizer(GraphComponent):
    """Takes self-descriptions out of the normalised text that all later components read.

    The message itself, its Rasa tokens and its stored event stay as they were typed. Stands right after the tokenizer.
    """

    @classmethod
    def required_components(cls) -> list[type]:
        return [Tokenizer]

    @staticmethod
    def get_default_config() -> dict[str, Any]:
        """Configuration: where the word lists are, relative to the project."""
        return {"words": "data/personal_details.yml"}

    @classmethod
    def fingerprint_addon(cls, config: dict[str, Any]) -> str | None:
        """Retrain when the word lists changed."""
        return Path({**cls.get_default_config(), **config}["words"]).read_text(encoding="utf-8")

    def __init__(
        self, config: dict[str, Any], storage: ModelStorage, resource: Resource, details: PersonalDetails | None = None
    ) -> None:
        self._config = config
        self._storage = storage
        self._resource = resource
        self._details = details

    @classmethod
    def create(
        cls,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
    ) -> PersonalDetailsNeutralizer:
        return cls(config, model_storage, resource)

    def train(self, training_data: TrainingData) -> Resource:
        """Store the word lists with the model."""
        words = yaml.safe_load(Path(self._config["words"]).read_text(encoding="utf-8"))
        self._details = PersonalDetails(words)
        with self._storage.write_to(self._resource) as directory:
            (directory / _WORDS).write_text(json.dumps(words), encoding="utf-8")
        return self._resource

    @classmethod
    def load(
        cls,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
        **kwargs: Any,
    ) -> PersonalDetailsNeutralizer:
        """Load the word lists of a trained model."""
        with model_storage.read_from(resource) as directory:
            words = json.loads((directory / _WORDS).read_text(encoding="utf-8"))
        return cls(config, model_storage, resource, PersonalDetails(words))

    def process(self, messages: list[Message]) -> list[Message]:
        """Replace the normalised text of each message by its neutral form."""
        for message in messages:
            text = normalised(message)
            if self._details and text.tokens:
                message.set(NORMALISED, self._details.neutral(str(message.get(TEXT)), text))
        return messages

    def process_training_data(self, training_data: TrainingData) -> TrainingData:
        """The same for all examples, so that training and use agree."""
        self.process(training_data.training_examples)
        return training_data
