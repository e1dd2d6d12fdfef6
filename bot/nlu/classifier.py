"""Rasa intent classifier: logistic regression on sentence embeddings, for the message and for each part of it.

A message may tell a story and then ask, thank and then ask, or ask several things. So the parts are read as well as the
whole: what asks is answered, what tells about the person is kept for the conversation, and distress in any part comes
before everything else.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.nlu.classifiers.classifier import IntentClassifier
from rasa.nlu.featurizers.featurizer import Featurizer
from rasa.shared.nlu.constants import ENTITIES, INTENT, INTENT_RANKING_KEY, TEXT
from rasa.shared.nlu.training_data.message import Message
from rasa.shared.nlu.training_data.training_data import TrainingData

from bot.language.encoder import Vectors, shared_encoder
from bot.language.softmax import SoftmaxClassifier
from bot.language.spelling import NormalisedText
from bot.language.splitting import split_clauses, split_questions
from bot.language.wording import wording
from bot.nlu.component import LearningComponent
from bot.nlu.featurizer import sentence_vector
from bot.nlu.tokenizer import normalised

QUESTIONS = "questions"
"""Message property, part of the parse result: one dictionary for each question of the message, in order."""

TOLD = "told"
"""Message property, part of the parse result: the parts in which somebody tells about themselves."""

FALLBACK = "nlu_fallback"
_RANKING_LENGTH = 6
_SURE, _TELLS = 0.6, 0.05
"""A statement in the first person tells something unless it is surely a question; from this probability on."""


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.INTENT_CLASSIFIER, is_trainable=True)
class EmbeddingIntentClassifier(LearningComponent[SoftmaxClassifier], IntentClassifier):
    """Sets intent and ranking, and splits messages that ask several things (intent ``several_questions``)."""

    FILE = "softmax.npz"

    @classmethod
    def required_components(cls) -> list[type]:
        return [Featurizer]

    @staticmethod
    def required_packages() -> list[str]:
        return ["scipy"]

    @staticmethod
    def get_default_config() -> dict[str, Any]:
        """Configuration.

        strength: how little the weights are held back (scikit-learn's C). word_weight: how much the exact words count
        beside the embedding. threshold: below this probability the intent is ``nlu_fallback``. split_threshold: a part
        of a message counts as a question of its own from here on. urgent: the intent that comes before all others from
        urgent_threshold on for the message, or urgent_in_part for a part of it. Chosen from the curves of
        ``make nlu-curve``.
        about_name: the intent of a question about nothing but what it names.
        questions: prefixes of the intents that are questions about the subject, other than those in not_questions.
        tells: intents of parts in which people tell about themselves.
        """
        return {
            "strength": 20.0,
            "word_weight": 0.7,
            "threshold": 0.12,
            "split_threshold": 0.3,
            "urgent": "distress",
            "urgent_threshold": 0.4,
            "urgent_in_part": 0.75,
            "questions": ["ask_", "uncovered_"],
            "not_questions": ["ask_source"],
            "tells": ["tell_about_me", "feelings"],
            "several": "several_questions",
            "about_name": "ask_about_thing",
        }

    def learn(self, training_data: TrainingData) -> SoftmaxClassifier | None:
        """Weights fitted on all examples that have an intent and features."""
        kept = [
            (normalised(m).text, vector, str(m.get(INTENT)))
            for m in training_data.intent_examples
            if (vector := sentence_vector(m)) is not None and m.get(INTENT)
        ]
        if len({intent for _, _, intent in kept}) < 2:
            return None
        texts, vectors, intents = zip(*kept, strict=True)
        return SoftmaxClassifier.fit(
            texts, np.stack(vectors), intents, self._config["strength"], self._config["word_weight"]
        )

    @staticmethod
    def write(learnt: SoftmaxClassifier, path: Path) -> None:
        learnt.save(path)

    @staticmethod
    def read(path: Path) -> SoftmaxClassifier:
        return SoftmaxClassifier.read(path)

    def process(self, messages: list[Message]) -> list[Message]:
        """Set the intent of each message that has a text and none yet (``/intent`` payloads have one)."""
        for message in messages:
            if message.get(TEXT) and not (message.get(INTENT) or {}).get("name"):
                self._classify(message)
        return messages

    def _classify(self, message: Message) -> None:
        vector = sentence_vector(message)
        if self.learnt is None or vector is None:
            message.set(INTENT, {"name": FALLBACK, "confidence": 0.0}, add_to_output=True)
            return
        text, entities = normalised(message), message.get(ENTITIES, [])
        whole = self._reading(self.learnt, text, vector, entities)
        pieces = split_questions(text)
        parts = [whole]
        if len(pieces) > 1:
            vectors = shared_encoder().encode([piece.text for piece in pieces])
            parts = [self._reading(self.learnt, p, v, entities) for p, v in zip(pieces, vectors, strict=True)]
        in_part = max(float(part["urgent"]) for part in parts)
        if whole["urgent"] >= self._config["urgent_threshold"] or in_part >= self._config["urgent_in_part"]:
            whole["intent"], whole["confidence"] = self._config["urgent"], max(in_part, whole["urgent"])
            self._set(message, whole, [whole])
            return
        told = [part for part in parts if part["intent"] in self._config["tells"]]
        if told:
            message.set(
                TOLD, [each for part in told for each in self._clauses(text, part, entities)], add_to_output=True
            )
        asking = self._asking(parts) if len(parts) > 1 else []
        if len(asking) == 1:
            self._set(message, self._of_story(whole, asking[0]), asking)
        elif asking:
            self._set(message, {**whole, "intent": self._config["several"]}, asking)
        else:
            whole = self._without_story(whole, parts)
            self._set(message, whole, [whole])

    def _clauses(
        self, text: NormalisedText, part: dict[str, Any], entities: list[dict[str, Any]]
    ) -> list[dict[str, Any]]:
        """What a part tells, clause by clause: likes and dislikes stand side by side."""
        piece = next((p for p in split_questions(text) if p.text == part["text"]), text)
        found = []
        for clause in split_clauses(piece):
            start, end = clause.tokens[0].start, clause.tokens[-1].end
            inside = [e for e in entities if e["start"] >= start and e["end"] <= end]
            named = [{"entity": e["entity"], "value": e["value"]} for e in inside]
            found.append({"text": clause.text, "intent": part["intent"], "entities": named})
        return found

    def _set(self, message: Message, whole: dict[str, Any], questions: list[dict[str, Any]]) -> None:
        several = len(questions) > 1
        confidence = min(q["confidence"] for q in questions) if several else whole["confidence"]
        message.set(QUESTIONS, questions if several else [whole], add_to_output=True)
        intent = {"name": whole["intent"], "confidence": confidence}
        ranking = [{"name": name, "confidence": p} for name, p in whole["ranking"]]
        if not ranking or ranking[0]["name"] != intent["name"]:
            ranking.insert(0, intent)
        message.set(INTENT, intent, add_to_output=True)
        message.set(INTENT_RANKING_KEY, ranking, add_to_output=True)

    def _of_story(self, whole: dict[str, Any], asking: dict[str, Any]) -> dict[str, Any]:
        """The reading of a message of which one part asks: its intent is that part's, its words are all."""
        found = {**whole, "clauses": [] if wording().says("bare_who", asking["text"]) else [asking["text"]]}
        if not self._is_question(whole["intent"]) or asking["confidence"] > whole["confidence"]:
            found.update({key: asking[key] for key in ("intent", "confidence", "ranking", "asks")})
        return found

    def _without_story(self, whole: dict[str, Any], parts: list[dict[str, Any]]) -> dict[str, Any]:
        """The reading of a message that tells something and does one thing more: what it is, that part alone says."""
        rest = [part for part in parts if part["intent"] not in self._config["tells"]]
        if len(rest) != 1 or len(rest) == len(parts) or whole["intent"] in self._config["tells"]:
            return whole
        return whole | {key: rest[0][key] for key in ("intent", "confidence", "ranking")}

    def _is_question(self, intent: str) -> bool:
        return intent.startswith(tuple(self._config["questions"])) and intent not in self._config["not_questions"]

    def _not_told(self, ranking: list[tuple[str, float]]) -> tuple[str, float]:
        """The likeliest intent that is no telling about oneself: what ends in a question mark asks something."""
        return next(((n, p) for n, p in ranking if n not in self._config["tells"]), ranking[0])

    def _reading(
        self, model: SoftmaxClassifier, text: NormalisedText, vector: Vectors, entities: list[dict[str, Any]]
    ) -> dict[str, Any]:
        probabilities = model.probabilities(text.text, vector)
        best = np.argsort(-probabilities)[:_RANKING_LENGTH]
        ranking = [(model.labels[i], float(probabilities[i])) for i in best]
        by_label = dict(zip(model.labels, probabilities.tolist(), strict=True))
        name, confidence = ranking[0]
        if name in self._config["tells"] and text.text.endswith("?"):
            name, confidence = self._not_told(ranking)
        patterns = wording()
        if self._is_question(name) and confidence < _SURE and not patterns.says("asks", text.text):
            tells = next(((n, p) for n, p in ranking if n in self._config["tells"]), (name, 0.0))
            if patterns.says("first_person", text.text) and tells[1] >= _TELLS:
                name, confidence = tells
        if confidence < self._config["threshold"]:
            name, confidence = FALLBACK, 1 - confidence
        start = text.tokens[0].start if text.tokens else 0
        end = text.tokens[-1].end if text.tokens else 0
        inside = [e for e in entities if e["start"] >= start and e["end"] <= end]
        bare = _names_only(text, inside, ("thing", "uncovered"))
        asks = sum(p for label, p in by_label.items() if self._is_question(label))
        if bare and patterns.says("asks", text.text):
            # A name is no word like others: nothing else in "what about Kafka?" says what it is about.
            name, asks = name if self._is_question(name) else self._config["about_name"], 1.0
        return {
            "text": text.text,
            "intent": name,
            "confidence": confidence,
            "ranking": ranking,
            "bare": bare,
            "topical": _names_only(text, inside, ("topic",)),
            "asks": asks,
            "strays": sum(p for label, p in by_label.items() if label.startswith("offtopic_")),
            "urgent": by_label.get(self._config["urgent"], 0.0),
            "entities": [{"entity": e["entity"], "value": e["value"]} for e in inside],
        }

    def _asking(self, parts: list[dict[str, Any]]) -> list[dict[str, Any]]:
        """The parts that ask something about the subject, in order and without repeats."""
        if any(wording().says("bare_who", part["text"]) for part in parts):
            return []  # what the other parts say is what "which of the two is it?" asks about
        found: list[dict[str, Any]] = []
        for part in parts:
            if part["asks"] < self._config["split_threshold"]:
                continue
            if not any(part["text"] == other["text"] for other in found):
                found.append(part)
        patterns = wording()
        put = [p for p in found if patterns.says("asks", p["text"]) and not patterns.says("refuses", p["text"])]
        return put or found


def _names_only(text: NormalisedText, entities: list[dict[str, Any]], kinds: Sequence[str]) -> bool:
    """Whether a text names something of these ``kinds``, and besides it and roles has only words that stand around.

    Not so where it asks the bot about itself ("are you a robot?").
    """
    patterns = wording()
    if not any(e["entity"] in kinds for e in entities) or patterns.says("asks_the_bot", text.text):
        return False
    around = patterns.around_names | (patterns.around_topics if "topic" in kinds else frozenset())
    names = [e for e in entities if e["entity"] in (*kinds, "role")]
    words = [t.text for t in text.tokens if not any(e["start"] <= t.start < e["end"] for e in names)]
    return all(word in around for word in words if any(letter.isalpha() for letter in word))
