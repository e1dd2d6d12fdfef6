"""Rasa entity extractor that knows every role, topic, thing and uncovered subject of the knowledge base."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import yaml
from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.nlu.extractors.extractor import EntityExtractorMixin
from rasa.nlu.tokenizers.tokenizer import Tokenizer
from rasa.shared.nlu.constants import ENTITIES, TEXT
from rasa.shared.nlu.training_data.message import Message
from rasa.shared.nlu.training_data.training_data import TrainingData

from bot.knowledge.current import knowledge
from bot.language.phrases import Phrase, PhraseFinder
from bot.language.spelling import NormalisedText, english_words, words
from bot.nlu.component import LearningComponent
from bot.nlu.tokenizer import normalised


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.ENTITY_EXTRACTOR, is_trainable=True)
class KnowledgeEntityExtractor(LearningComponent[PhraseFinder], EntityExtractorMixin):
    """Finds the knowledge base's names in messages; offsets point into the original text, values are ids."""

    FILE = "phrases.json"

    @classmethod
    def required_components(cls) -> list[type]:
        return [Tokenizer]

    @staticmethod
    def get_default_config() -> dict[str, Any]:
        """Configuration: where the names of other things are. The knowledge base is that of ``KNOWLEDGE_DIR``."""
        return {"lexicon": "data/lexicon.yml"}

    @classmethod
    def fingerprint_addon(cls, config: dict[str, Any]) -> str | None:
        """Retrain when the knowledge base changed."""
        return knowledge().fingerprint()

    def learn(self, training_data: TrainingData) -> PhraseFinder:
        """The phrases of the knowledge base; the examples' annotations are not needed."""
        lexicon = yaml.safe_load(Path(self._config["lexicon"]).read_text(encoding="utf-8"))
        return PhraseFinder([Phrase(*phrase) for phrase in knowledge().phrases()], words, lexicon["other_names"])

    @staticmethod
    def write(learnt: PhraseFinder, path: Path) -> None:
        payload: dict[str, Any] = {
            "phrases": [[p.kind, p.value, p.text] for p in learnt.given],
            "other_names": sorted(learnt.other_names),
        }
        path.write_text(json.dumps(payload), encoding="utf-8")

    @staticmethod
    def read(path: Path) -> PhraseFinder:
        payload = json.loads(path.read_text(encoding="utf-8"))
        return PhraseFinder([Phrase(*p) for p in payload["phrases"]], words, payload["other_names"])

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
        for match in self.learnt.find(tokens, unknown) if self.learnt else ():
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
