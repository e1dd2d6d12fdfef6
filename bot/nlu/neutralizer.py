"""Rasa component that leaves out what people say about who they are (see :mod:`bot.language.personal`)."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import yaml
from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.nlu.tokenizers.tokenizer import Tokenizer
from rasa.shared.nlu.constants import TEXT
from rasa.shared.nlu.training_data.message import Message
from rasa.shared.nlu.training_data.training_data import TrainingData

from bot.language.personal import PersonalDetails
from bot.nlu.component import LearningComponent
from bot.nlu.tokenizer import NORMALISED, normalised


# Registered as a featurizer because Rasa runs those after the tokenizer, in training and in use.
@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.MESSAGE_FEATURIZER, is_trainable=True)
class PersonalDetailsNeutralizer(LearningComponent[PersonalDetails]):
    """Takes self-descriptions out of the normalised text that all later components read.

    The message itself, its Rasa tokens and its stored event stay as they were typed. Stands right after the tokenizer.
    """

    FILE = "personal_details.json"

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

    def learn(self, training_data: TrainingData) -> PersonalDetails:
        """The word lists."""
        return PersonalDetails(yaml.safe_load(Path(self._config["words"]).read_text(encoding="utf-8")))

    @staticmethod
    def write(learnt: PersonalDetails, path: Path) -> None:
        path.write_text(json.dumps(learnt.lists), encoding="utf-8")

    @staticmethod
    def read(path: Path) -> PersonalDetails:
        return PersonalDetails(json.loads(path.read_text(encoding="utf-8")))

    def process(self, messages: list[Message]) -> list[Message]:
        """Replace the normalised text of each message by its neutral form."""
        for message in messages:
            text = normalised(message)
            if self.learnt and text.tokens:
                message.set(NORMALISED, self.learnt.neutral(str(message.get(TEXT)), text))
        return messages

    def process_training_data(self, training_data: TrainingData) -> TrainingData:
        """The same for all examples, so that training and use agree."""
        self.process(training_data.training_examples)
        return training_data
