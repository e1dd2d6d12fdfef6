"""Rasa component that leaves out what people say about who they are (see :mod:`bot.language.personal_details`)."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
import yaml
from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.nlu.tokenizers.tokenizer import Tokenizer
from rasa.shared.nlu.constants import INTENT, TEXT
from rasa.shared.nlu.training_data.message import Message
from rasa.shared.nlu.training_data.training_data import TrainingData

from bot.language.embedding_cache import embed_for_training
from bot.language.encoder import Vectors, shared_encoder
from bot.language.personal_details import PersonalDetails
from bot.language.personal_details.words import DETAIL_WORDS, detail_words
from bot.language.spelling import Speller
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
        """Configuration.

        lexicon: where the shorthand table is, relative to the project. mixed: intents whose examples may say who
        somebody is; those of the others are examples of what says nothing of that kind. urgent: the intent of cries for
        help, which are never cut. each: every so many-th of the others' examples is learnt from.
        """
        return {
            "lexicon": "data/lexicon.yml",
            "mixed": ["tell_about_me", "which_fits"],
            "urgent": "distress",
            "each": 2,
        }

    @classmethod
    def fingerprint_addon(cls, config: dict[str, Any]) -> str | None:
        """Retrain when the word lists changed."""
        lexicon = Path({**cls.get_default_config(), **config}["lexicon"])
        return DETAIL_WORDS.read_text(encoding="utf-8") + lexicon.read_text(encoding="utf-8")

    def learn(self, training_data: TrainingData) -> PersonalDetails:
        """Word lists, and a classifier of clauses."""
        shorthand = yaml.safe_load(Path(self._config["lexicon"]).read_text(encoding="utf-8"))["shorthand"]
        urgent: list[str] = []
        others: list[str] = []
        for message in training_data.intent_examples:
            text, intent = normalised(message).text, message.get(INTENT)
            if text and intent and intent not in self._config["mixed"]:
                (urgent if intent == self._config["urgent"] else others).append(text)
        speller = Speller({}, shorthand)
        return PersonalDetails.fit(detail_words(), speller.normalise, _embed, others[:: self._config["each"]], urgent)

    @staticmethod
    def write(learnt: PersonalDetails, path: Path) -> None:
        learnt.save(path)

    @staticmethod
    def read(path: Path) -> PersonalDetails:
        return PersonalDetails.read(path)

    def process(self, messages: list[Message]) -> list[Message]:
        """Replace the normalised text of each message by its neutral form."""
        for message in messages:
            text = normalised(message)
            if self.learnt and text.tokens:
                message.set(NORMALISED, self.learnt.neutral(str(message.get(TEXT)), text))
        return messages

    def process_training_data(self, training_data: TrainingData) -> TrainingData:
        """The same for all examples, so that training and use agree."""
        messages = [m for m in training_data.training_examples if normalised(m).tokens]
        if self.learnt is not None:
            clauses = {c for m in messages for c in self.learnt.texts(str(m.get(TEXT)), normalised(m))}
            texts = sorted(clauses)
            known = dict(zip(texts, _embed(texts), strict=True))

            def embed(asked: Sequence[str]) -> Vectors:
                return np.stack([known[text] for text in asked])

            for m in messages:
                m.set(NORMALISED, self.learnt.neutral(str(m.get(TEXT)), normalised(m), embed))
        return training_data


def _embed(texts: Sequence[str]) -> Vectors:
    return embed_for_training(shared_encoder(), texts)
