"""Rasa component: which facts answer a question, in competition with what no source covers and what is off topic.

The index (:mod:`bot.language.answer_index`) learns from the questions that stand with each fact in the knowledge base,
from the examples of the topics' intents in the NLU data, which ask for a topic's overview, from the examples of what is
not covered, and from off-topic messages. What a question gets are its best candidates with their probabilities; which
of them is said, and how, is decided in ``bot.advice`` where the conversation is known.
"""

from __future__ import annotations

import math
from collections import defaultdict
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.nlu.featurizers.featurizer import Featurizer
from rasa.shared.nlu.constants import ENTITIES, INTENT, INTENT_RANKING_KEY, TEXT
from rasa.shared.nlu.training_data.message import Message
from rasa.shared.nlu.training_data.training_data import TrainingData

from bot.knowledge.current import knowledge
from bot.language.answer_index import AnswerIndex, texts_of
from bot.language.candidates import (
    INDEX_FILE,
    OFF_TOPIC,
    OFF_TOPIC_INTENTS,
    UNCOVERED,
    candidates_of,
    mixed_intents,
)
from bot.language.embedding_cache import embed_for_training
from bot.language.encoder import Vectors, shared_encoder
from bot.language.kernel import KernelClassifier
from bot.language.softmax import SoftmaxClassifier
from bot.language.wording import wording
from bot.nlu.classifier import QUESTIONS, TOLD
from bot.nlu.component import LearningComponent
from bot.nlu.tokenizer import normalised

COVERED, NOT_COVERED, OTHER = "covered", "uncovered", "other"
_COVERED = ("ask_who", "ask_if_role_does", "ask_about_thing", "ask_how_to", "ask_industries", "ask_role_profile")
"""Intents of questions about the subject that belong to no topic."""
_KINDS_FILE, _NEAR_FILE = "kinds.npz", "near.npz"
_COVERED_BELOW = -0.3
_A_FEW = 4
_ABOUT_THINGS = ("ask_about_thing", "ask_who", "ask_if_role_does")
"""Intents of questions that name a thing of the subject."""
_SURELY_OURS = ("role", "uncovered")
"""Entities that only questions about the subject name."""
_LEAST, _ASKS, _UNSURE, _STRAY, _TINY, _SMALL = 0.01, 0.5, 0.65, 1.5, 1e-4, 0.01


class Answers(NamedTuple):
    """What is learnt: the index of answers, a classifier that tells covered, uncovered and off-topic questions apart,
    and one that tells the first two apart by the examples that are near."""

    answers: AnswerIndex
    kinds: SoftmaxClassifier | None
    near: KernelClassifier | None


# Registered as a classifier because Rasa asks only those for nothing but `train` and `process`.
@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.INTENT_CLASSIFIER, is_trainable=True)
class CandidateRanker(LearningComponent[Answers]):
    """Adds ``candidates``, a list of [key, score, probability], best first, to each question and to what is told.

    It also has the last word on whether a message is about the subject at all.
    """

    FILE = INDEX_FILE

    @classmethod
    def required_components(cls) -> list[type]:
        return [Featurizer]

    @staticmethod
    def get_default_config() -> dict[str, Any]:
        """Configuration.

        top: how many candidates a question gets. part: what is taken off the score of a part of a message, so that the
        whole message wins where they agree. off_topic: prefix of intents whose examples are off topic. talk: intents
        that a question of ours is easily mistaken for. question: the intent of a question that is answered by what it
        is near to. sure: intents that are never off topic. weights: what speaks for a question of ours (:meth:`ours`),
        a logistic regression on the held-out questions of ``tests/nlu`` and the messages of ``evaluation``; ours: from
        which sum on a message counts as ours, chosen from the curve of ``make nlu-curve``. kind_weight: what the
        odds of an uncovered question count, near_weight: what near examples count in them. strength, word_weight: as
        for the intents.
        """
        return {
            "top": 24,
            "part": 0.3,
            "off_topic": OFF_TOPIC_INTENTS,
            "talk": ["chitchat", "nlu_fallback", "help"],
            "sure": [
                "distress",
                "greet",
                "thanks",
                "goodbye",
                "affirm",
                "deny",
                "react",
                "feelings",
                "privacy",
                "start_fit_check",
            ],
            "question": "ask_fact",
            "weights": {"near": 0.35, "off": -0.3, "odds": 0.5, "asks": 0.5, "strays": -0.25},
            "ours": 4.5,
            "kind_weight": 0.15,
            "near_weight": 8.0,
            "strength": 20.0,
            "word_weight": 1.0,
        }

    @classmethod
    def fingerprint_addon(cls, config: dict[str, Any]) -> str | None:
        """Retrain when the knowledge base changed."""
        return knowledge().fingerprint()

    def learn(self, training_data: TrainingData) -> Answers:
        """The index over everything a question may be about, and what is no question of ours."""
        examples: dict[str, list[tuple[str, list[dict[str, Any]]]]] = defaultdict(list)
        for message in training_data.intent_examples:
            text = normalised(message).text
            if text and message.get(INTENT):
                examples[str(message.get(INTENT))].append((text, message.get(ENTITIES) or []))
        off_topic = self._config["off_topic"]
        # Read as messages will be: spelt out, and without who asks.
        read = {str(m.get(TEXT)): normalised(m).text for m in training_data.intent_examples}
        vectors: dict[str, Vectors] = {}
        mixed = mixed_intents(knowledge())
        plain = {intent: asked for intent, asked in examples.items() if intent not in mixed}
        near = None
        for told in (plain, examples):
            if near is not None:  # what is nearer to covered questions than to others asks for an overview
                told = plain | {
                    i: [e for e in examples[i] if _is_covered(near, e[0], vectors)] for i in mixed & {*told}
                }
            candidates = candidates_of(knowledge(), told, off_topic, read)
            labelled = {text: COVERED for intent in _COVERED for text, _ in examples.get(intent, [])}
            labelled |= {text: COVERED for c in candidates if ":" not in c.key for text in c.examples}
            labelled |= {text: OTHER for c in candidates if c.key.startswith(OFF_TOPIC) for text in c.examples}
            # A question with a part that no source covers is an example of both, and counts for what is missing here.
            labelled |= {text: NOT_COVERED for c in candidates if c.key.startswith(UNCOVERED) for text in c.examples}
            wanted = [text for i in mixed & {*examples} for text, _ in examples[i]]
            texts = [t for t in dict.fromkeys([*texts_of(candidates), *labelled, *wanted]) if t not in vectors]
            vectors |= dict(zip(texts, embed_for_training(shared_encoder(), texts), strict=True))
            stacked, of = np.stack([vectors[text] for text in labelled]), np.array(list(labelled.values()))
            if {*of} != {COVERED, NOT_COVERED, OTHER}:
                return Answers(AnswerIndex.fit(candidates, vectors), None, None)
            near = KernelClassifier.fit(stacked[of == NOT_COVERED], stacked[of == COVERED])
        strength, word_weight = self._config["strength"], self._config["word_weight"]
        kinds = SoftmaxClassifier.fit(list(labelled), stacked, list(of), strength, word_weight)
        return Answers(AnswerIndex.fit(candidates, vectors), kinds, near)

    @staticmethod
    def write(learnt: Answers, path: Path) -> None:
        learnt.answers.save(path)
        if learnt.kinds is not None:
            learnt.kinds.save(path.with_name(_KINDS_FILE))
        if learnt.near is not None:
            learnt.near.save(path.with_name(_NEAR_FILE))

    @staticmethod
    def read(path: Path) -> Answers:
        kinds, near = path.with_name(_KINDS_FILE), path.with_name(_NEAR_FILE)
        return Answers(
            AnswerIndex.read(path),
            SoftmaxClassifier.read(kinds) if kinds.is_file() else None,
            KernelClassifier.read(near) if near.is_file() else None,
        )

    def process(self, messages: list[Message]) -> list[Message]:
        """Add the best candidates to each question of each message, and to what people tell about themselves."""
        for message in messages:
            if self.learnt is not None and message.get(TEXT):
                for question in message.get(QUESTIONS, []):
                    question["candidates"] = self._rank(self.learnt, question["text"], question.pop("clauses", []))
                for part in message.get(TOLD, []):
                    part["candidates"] = self._rank(self.learnt, part["text"], [])
                self._settle(self.learnt, message)
        return messages

    def _settle(self, learnt: Answers, message: Message) -> None:
        """Whether a message of one question is about the subject at all: what intent and candidates say together.

        Words decide the intent, meaning the candidates; each is wrong where the other is right.
        """
        questions = message.get(QUESTIONS, [])
        if len(questions) != 1 or not questions[0]["candidates"]:
            return
        question = questions[0]
        name = question["intent"]
        stray = name.startswith(self._config["off_topic"]) or name in self._config["talk"]
        named = any(e["entity"] == "uncovered" for e in question["entities"])
        ours = question["bare"] or question["topical"] or named or self.ours(learnt, question) > self._config["ours"]
        if (
            stray
            and ours
            and (question["bare"] or question["asks"] > _LEAST or not name.startswith(self._config["off_topic"]))
        ):
            self._read_as(message, question, self._config["question"])
        elif not ours and self._may_stray(learnt, question):
            likely = next((n for n, _ in question["ranking"] if n.startswith(self._config["off_topic"])), None)
            best = next((k for k, _, _ in question["candidates"] if k.startswith(OFF_TOPIC)), "")
            if likely or best:
                self._read_as(message, question, likely or self._config["off_topic"] + best.removeprefix(OFF_TOPIC))

    def _may_stray(self, learnt: Answers, question: dict[str, Any]) -> bool:
        """Whether what is no question of ours may be off topic: it names nothing that must be, and is no sure talk."""
        if any(e["entity"] in _SURELY_OURS for e in question["entities"]) or question["intent"] in self._config["sure"]:
            return False
        if question["asks"] < _ASKS and len(question["text"].split()) <= _A_FEW:
            return False  # "in simple words" means what was said before
        if question["intent"] in _ABOUT_THINGS and any(e["entity"] == "thing" for e in question["entities"]):
            return False
        key = question["candidates"][0][0]
        if not key.startswith(OFF_TOPIC) and wording().says("points_back", question["text"]):
            return False  # "where can they work?" means whom was spoken of
        stray = self._odds(learnt, question["text"], OTHER, COVERED) > _STRAY
        return question["asks"] >= _ASKS or (stray and question["confidence"] < _UNSURE)

    def ours(self, learnt: Answers, question: dict[str, Any]) -> float:
        """How much speaks for a question of ours, as a weighted sum.

        near, off: the best score of a candidate of ours, and of an off-topic one. odds: the classifier's log odds.
        asks, strays: the logarithms of how probable the intents say that it asks about the subject, or is off topic.
        """
        if learnt.kinds is None:
            return math.inf
        candidates = question["candidates"]
        least = candidates[-1][1]
        off = [score for key, score, _ in candidates if key.startswith(OFF_TOPIC)]
        near = [score for key, score, _ in candidates if not key.startswith(OFF_TOPIC)]
        found = {
            "near": max(near, default=least),
            "off": max(off, default=least),
            "odds": max(self._odds(learnt, question["text"], kind, OTHER) for kind in (COVERED, NOT_COVERED)),
            "asks": math.log(question["asks"] + _SMALL),
            "strays": math.log(question["strays"] + _SMALL),
        }
        return float(sum(weight * found[name] for name, weight in self._config["weights"].items()))

    @staticmethod
    def _read_as(message: Message, question: dict[str, Any], intent: str) -> None:
        question["intent"] = intent
        found = {"name": intent, "confidence": question["confidence"]}
        message.set(INTENT, found, add_to_output=True)
        ranking = [r for r in message.get(INTENT_RANKING_KEY, []) if r["name"] != intent]
        message.set(INTENT_RANKING_KEY, [found, *ranking], add_to_output=True)

    def _rank(self, learnt: Answers, text: str, clauses: list[str]) -> list[tuple[str, float, float]]:
        if not text:
            return []
        index = learnt.answers
        vectors = shared_encoder().encode([text, *clauses])
        scores = index.scores(vectors)
        scores[1:] -= self._config["part"]
        merged = scores.max(axis=0)
        # Which kind a question is shows in its words more than in its meaning, which is near a covered one's.
        odds = max(self._odds(learnt, each, NOT_COVERED, COVERED) for each in (text, *clauses))
        if learnt.near is not None:
            odds += self._config["near_weight"] * float(learnt.near.values(vectors).max())
        merged[[key.startswith(UNCOVERED) for key in index.keys]] += self._config["kind_weight"] * odds
        best = index.best(merged, self._config["top"])
        return [(key, round(score, 3), round(p, 4)) for key, score, p in best]

    @staticmethod
    def _odds(learnt: Answers, text: str, one: str, other: str) -> float:
        """The logarithm of how much more probable one kind of question is than another."""
        if learnt.kinds is None:
            return 0.0
        p = learnt.kinds.probabilities(text, shared_encoder().encode([text])[0])
        by_label = dict(zip(learnt.kinds.labels, p.tolist(), strict=True))
        return math.log((by_label[one] + _TINY) / (by_label[other] + _TINY))


def _is_covered(near: KernelClassifier, text: str, vectors: dict[str, Vectors]) -> bool:
    return float(near.values(vectors[text][np.newaxis])[0]) < _COVERED_BELOW
