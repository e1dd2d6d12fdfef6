"""Rasa tokenizer that normalises spelling, so that every later component reads the same cleaned words."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import yaml
from rasa.engine.graph import ExecutionContext
from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.engine.storage.resource import Resource
from rasa.engine.storage.storage import ModelStorage
from rasa.nlu.tokenizers.tokenizer import Token as RasaToken
from rasa.nlu.tokenizers.tokenizer import Tokenizer
from rasa.shared.nlu.constants import TEXT
from rasa.shared.nlu.training_data.message import Message
from rasa.shared.nlu.training_data.training_data import TrainingData

from bot.knowledge import load_knowledge
from bot.language.spelling import NormalisedText, Speller

NORMALISED = "normalised"
"""Message property with the :class:`NormalisedText`; it is working data and not part of the parse result."""

_VOCABULARY = "vocabulary.json"


class Word(RasaToken):  # type: ignore[misc, unused-ignore]
    """A token whose fingerprint, which Rasa takes of each word of each example, is quick to make."""

    def fingerprint(self) -> str:
        """What tells this token from others; ours have no data and no lemma of their own."""
        return f"{self.text} {self.start} {self.end}"


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.MESSAGE_TOKENIZER, is_trainable=True)
class NormalizingTokenizer(Tokenizer):
    """Splits messages into words, spells out shorthand and mends typos (see :mod:`bot.language.spelling`)."""

    @staticmethod
    def get_default_config() -> dict[str, Any]:
        """Configuration: where the shorthand table and the knowledge base are, relative to the project."""
        return {
            "intent_tokenization_flag": False,
            "intent_split_symbol": "_",
            "token_pattern": None,
            "lexicon": "data/lexicon.yml",
            "knowledge": "data/knowledge",
        }

    @classmethod
    def fingerprint_addon(cls, config: dict[str, Any]) -> str | None:
        """Retrain when the shorthand table or the knowledge base changed."""
        config = {**cls.get_default_config(), **config}
        return Path(config["lexicon"]).read_text(encoding="utf-8") + load_knowledge(config["knowledge"]).fingerprint()

    def __init__(
        self, config: dict[str, Any], storage: ModelStorage, resource: Resource, speller: Speller | None = None
    ) -> None:
        super().__init__(config)
        self._storage = storage
        self._resource = resource
        self._speller = speller or Speller({}, {})

    @classmethod
    def create(
        cls,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
    ) -> NormalizingTokenizer:
        return cls(config, model_storage, resource)

    def train(self, training_data: TrainingData) -> Resource:
        """Learn the vocabulary from the NLU examples and the knowledge base, and store it with the model."""
        shorthand = yaml.safe_load(Path(self._config["lexicon"]).read_text(encoding="utf-8"))["shorthand"]
        knowledge = load_knowledge(self._config["knowledge"])
        texts = [str(m.get(TEXT)) for m in training_data.training_examples if m.get(TEXT)]
        aliases = [alias for _, _, alias in knowledge.phrases()]
        facts = [fact.text for fact in knowledge.facts.values()]
        # Aliases count twice: a thing's name is known even where only one example uses it.
        self._speller = Speller.from_texts([*texts, *aliases, *aliases, *facts], shorthand)
        with self._storage.write_to(self._resource) as directory:
            payload = {"vocabulary": self._speller.vocabulary, "shorthand": self._speller.shorthand}
            (directory / _VOCABULARY).write_text(json.dumps(payload), encoding="utf-8")
        return self._resource

    @classmethod
    def load(
        cls,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
        **kwargs: Any,
    ) -> NormalizingTokenizer:
        """Load the vocabulary of a trained model."""
        with model_storage.read_from(resource) as directory:
            payload = json.loads((directory / _VOCABULARY).read_text(encoding="utf-8"))
        return cls(config, model_storage, resource, Speller(payload["vocabulary"], payload["shorthand"]))

    def tokenize(self, message: Message, attribute: str) -> list[RasaToken]:
        """Return Rasa tokens: normalised words with the offsets of the original text."""
        text = self._speller.normalise(str(message.get(attribute)))
        if attribute == TEXT:
            message.set(NORMALISED, text)
        return [Word(t.text, t.start, t.end) for t in text.tokens]


def normalised(message: Message) -> NormalisedText:
    """The normalised text of a message that the tokenizer has seen; an empty one otherwise."""
    found = message.get(NORMALISED)
    return found if isinstance(found, NormalisedText) else NormalisedText(())
