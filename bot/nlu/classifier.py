"""Rasa intent classifier: logistic regression on sentence embeddings, for the message and for each question in it."""

from __future__ import annotations

import re
from typing import Any

import numpy as np
from rasa.engine.graph import ExecutionContext, GraphComponent
from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.engine.storage.resource import Resource
from rasa.engine.storage.storage import ModelStorage
from rasa.nlu.classifiers.classifier import IntentClassifier
from rasa.nlu.featurizers.featurizer import Featurizer
from rasa.shared.nlu.constants import ENTITIES, INTENT, INTENT_RANKING_KEY, TEXT
from rasa.shared.nlu.training_data.message import Message
from rasa.shared.nlu.training_data.training_data import TrainingData

from bot.language.encoder import Vectors, shared_encoder
from bot.language.softmax import SoftmaxClassifier
from bot.language.spelling import NormalisedText
from bot.language.splitting import split_questions
from bot.nlu.featurizer import sentence_vector
from bot.nlu.tokenizer import normalised

QUESTIONS = "questions"
"""Message property, part of the parse result: one dictionary for each question of the message, in order."""

FALLBACK = "nlu_fallback"
_REFERS_BACK = re.compile(r"\bwhich (?:one |ones |part )?of (?:these|those|them)\b")
_RANKING_LENGTH = 4
_WEIGHTS = "softmax.npz"


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.INTENT_CLASSIFIER, is_trainable=True)
class EmbeddingIntentClassifier(IntentClassifier, GraphComponent):
    """Sets intent and ranking, and splits messages that ask several things (intent ``several_questions``)."""

    @classmethod
    def required_components(cls) -> list[type]:
        return [Featurizer]

    @staticmethod
    def required_packages() -> list[str]:
        return ["sklearn"]

    @staticmethod
    def get_default_config() -> dict[str, Any]:
        """Configuration.

        strength: scikit-learn's C. word_weight: how much the exact words count beside the embedding.
        threshold: below this probability the intent is ``nlu_fallback``; chosen from the
        curve of ``make nlu-curve``. split_threshold: a part of a message counts as a question of its own from here on.
        ours: a second reading as a question of ours wins over a stray one (prefixes of intents in ``stray``) from this
        share of its probability on, if the message names something of ours.
        questions: prefixes of the intents that are questions. refers_back: what a stray reading gives way to where the
        message asks "which of those ...".
        """
        return {
            "strength": 20.0,
            "word_weight": 0.7,
            "threshold": 0.15,
            "split_threshold": 0.35,
            "ours": 0.5,
            "stray": ["offtopic_", "chitchat", "help", "other_language"],
            "questions": ["ask_", "uncovered_"],
            "several": "several_questions",
            "refers_back": "pick_option",
            "about_people": ["tell_about_me", "ask_choosing"],
        }

    def __init__(
        self,
        config: dict[str, Any],
        storage: ModelStorage,
        resource: Resource,
        model: SoftmaxClassifier | None = None,
    ) -> None:
        self._config = config
        self._storage = storage
        self._resource = resource
        self._model = model

    @classmethod
    def create(
        cls,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
    ) -> EmbeddingIntentClassifier:
        return cls(config, model_storage, resource)

    def train(self, training_data: TrainingData) -> Resource:
        """Fit on all examples that have an intent and features, and store the weights with the model."""
        kept = [
            (normalised(m).text, vector, str(m.get(INTENT)))
            for m in training_data.intent_examples
            if (vector := sentence_vector(m)) is not None and m.get(INTENT)
        ]
        if len({intent for _, _, intent in kept}) > 1:
            texts, vectors, intents = zip(*kept, strict=True)
            strength, word_weight = self._config["strength"], self._config["word_weight"]
            self._model = SoftmaxClassifier.fit(texts, np.stack(vectors), intents, strength, word_weight)
            with self._storage.write_to(self._resource) as directory:
                self._model.save(directory / _WEIGHTS)
        return self._resource

    @classmethod
    def load(
        cls,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
        **kwargs: Any,
    ) -> EmbeddingIntentClassifier:
        """Load the weights of a trained model."""
        with model_storage.read_from(resource) as directory:
            return cls(config, model_storage, resource, SoftmaxClassifier.read(directory / _WEIGHTS))

    def process(self, messages: list[Message]) -> list[Message]:
        """Set the intent of each message that has a text and none yet (``/intent`` payloads have one)."""
        for message in messages:
            if message.get(TEXT) and not (message.get(INTENT) or {}).get("name"):
                self._classify(message)
        return messages

    def _classify(self, message: Message) -> None:
        vector = sentence_vector(message)
        if self._model is None or vector is None:
            message.set(INTENT, {"name": FALLBACK, "confidence": 0.0}, add_to_output=True)
            return
        text = normalised(message)
        entities = message.get(ENTITIES, [])
        whole = self._question(text, vector, entities)
        parts, said = self._parts(text, entities)
        if said and whole["intent"] in self._config["about_people"]:
            # What people say about themselves finds its facts apart from the question beside it.
            whole["clauses"] = said
        message.set(QUESTIONS, parts if len(parts) > 1 else [whole], add_to_output=True)
        ranking = [{"name": name, "confidence": p} for name, p in whole["ranking"]]
        intent = {"name": whole["intent"], "confidence": whole["confidence"]}
        if len(parts) > 1:
            intent = {"name": self._config["several"], "confidence": min(p["confidence"] for p in parts)}
            ranking.insert(0, intent)
        elif intent["name"] == FALLBACK:
            ranking.insert(0, intent)
        message.set(INTENT, intent, add_to_output=True)
        message.set(INTENT_RANKING_KEY, ranking, add_to_output=True)

    def _question(self, text: NormalisedText, vector: Vectors, entities: list[dict[str, Any]]) -> dict[str, Any]:
        assert self._model is not None
        ranking = self._model.ranking(text.text, vector, _RANKING_LENGTH)
        name, confidence = ranking[0]
        if name.startswith(tuple(self._config["stray"])) and entities:
            # Naming one of our roles, topics or things makes a likely question of ours likelier than a stray one.
            ours = next(((n, p) for n, p in ranking if n.startswith("ask_")), ("", 0.0))
            if ours[1] >= self._config["ours"] * confidence:
                name, confidence = ours
        if name.startswith(tuple(self._config["stray"])) and _REFERS_BACK.search(text.text):
            name = self._config["refers_back"]
        if confidence < self._config["threshold"]:
            name, confidence = FALLBACK, 1 - confidence
        start = text.tokens[0].start if text.tokens else 0
        end = text.tokens[-1].end if text.tokens else 0
        inside = [e for e in entities if e["start"] >= start and e["end"] <= end]
        return {
            "text": text.text,
            "intent": name,
            "confidence": confidence,
            "ranking": ranking,
            "entities": [{"entity": e["entity"], "value": e["value"]} for e in inside],
        }

    def _parts(self, text: NormalisedText, entities: list[dict[str, Any]]) -> tuple[list[dict[str, Any]], list[str]]:
        """The questions of a message in order without repeats, and the texts of the parts that ask nothing."""
        pieces = split_questions(text)
        if len(pieces) < 2:
            return [], []
        vectors = shared_encoder().encode([piece.text for piece in pieces])
        found: list[dict[str, Any]] = []
        said: list[str] = []
        seen: set[str] = set()
        for piece, vector in zip(pieces, vectors, strict=True):
            question = self._question(piece, vector, entities)
            asks = question["intent"].startswith(tuple(self._config["questions"]))
            if not asks:
                said.append(piece.text)
            same = question["intent"] + str(sorted((e["entity"], e["value"]) for e in question["entities"]))
            if asks and question["confidence"] >= self._config["split_threshold"] and same not in seen:
                seen.add(same)
                found.append(question)
        return found, said
