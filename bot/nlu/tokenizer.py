"""Rasa tokenizer that normalises spelling, so that every later component reads the same cleaned words."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import yaml
from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.engine.storage.resource import Resource
from rasa.engine.storage.storage import ModelStorage
from rasa.nlu.tokenizers.tokenizer import Token as RasaToken
from rasa.nlu.tokenizers.tokenizer import Tokenizer
from rasa.shared.nlu.constants import TEXT
from rasa.shared.nlu.training_data.message import Message
from rasa.shared.nlu.training_data.training_data import TrainingData

from bot.knowledge.current import knowledge
from bot.language.spelling import NormalisedText, Speller
from bot.nlu.component import LearningComponent

NORMALISED = "normalised"
"""Message property with the :class:`NormalisedText`; it is working data and not part of the parse result."""


class Word(RasaToken):  # type: ignore[misc, unused-ignore]
    """A token whose fingerprint, which Rasa takes of each word of each example, is quick to make."""

    def fingerprint(self) -> str:
        """What tells this token from others; ours have no data and no lemma of their own."""
        return f"{self.text} {self.start} {self.end}"


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.MESSAGE_TOKENIZER, is_trainable=True)
class NormalizingTokenizer(LearningComponent[Speller], Tokenizer):
    """Splits messages into words, spells out shorthand and mends typos (see :mod:`bot.language.spelling`)."""

    FILE = "vocabulary.json"

    @staticmethod
    def get_default_config() -> dict[str, Any]:
        """Configuration: where the shorthand table is, relative to the project; the rest is Rasa's."""
        return {
            "intent_tokenization_flag": False,
            "intent_split_symbol": "_",
            "token_pattern": None,
            "lexicon": "data/lexicon.yml",
        }

    @classmethod
    def fingerprint_addon(cls, config: dict[str, Any]) -> str | None:
        """Retrain when the shorthand table or the knowledge base changed."""
        config = {**cls.get_default_config(), **config}
        return Path(config["lexicon"]).read_text(encoding="utf-8") + knowledge().fingerprint()

    def __init__(
        self, config: dict[str, Any], storage: ModelStorage, resource: Resource, learnt: Speller | None = None
    ) -> None:
        Tokenizer.__init__(self, config)
        LearningComponent.__init__(self, config, storage, resource, learnt)

    def learn(self, training_data: TrainingData) -> Speller:
        """The vocabulary of the NLU examples and the knowledge base."""
        lexicon = yaml.safe_load(Path(self._config["lexicon"]).read_text(encoding="utf-8"))
        kb = knowledge()
        texts = [str(m.get(TEXT)) for m in training_data.training_examples if m.get(TEXT)]
        aliases = [alias for _, _, alias in kb.phrases()]
        said = [text for fact in kb.facts.values() for text in (fact.text, *fact.questions)]
        # Aliases count twice: a thing's name is known even where only one example uses it.
        return Speller.from_texts([*texts, *aliases, *aliases, *said], lexicon["shorthand"], lexicon["other_names"])

    @staticmethod
    def write(learnt: Speller, path: Path) -> None:
        payload: dict[str, Any] = {
            "vocabulary": learnt.vocabulary,
            "shorthand": learnt.shorthand,
            "other_names": sorted(learnt.other_names),
        }
        path.write_text(json.dumps(payload), encoding="utf-8")

    @staticmethod
    def read(path: Path) -> Speller:
        payload = json.loads(path.read_text(encoding="utf-8"))
        return Speller(payload["vocabulary"], payload["shorthand"], payload["other_names"])

    def tokenize(self, message: Message, attribute: str) -> list[RasaToken]:
        """Return Rasa tokens: normalised words with the offsets of the original text."""
        text = (self.learnt or Speller({}, {})).normalise(str(message.get(attribute)))
        if attribute == TEXT:
            message.set(NORMALISED, text)
        return [Word(t.text, t.start, t.end) for t in text.tokens]


def normalised(message: Message) -> NormalisedText:
    """The normalised text of a message that the tokenizer has seen; an empty one otherwise."""
    found = message.get(NORMALISED)
    return found if isinstance(found, NormalisedText) else NormalisedText(())
