"""Rasa component: which facts answer a question, in competition with what no source covers and what is off topic.

The index (:mod:`bot.language.answer_index`) learns from the questions that stand with each fact in the knowledge base,
from the examples of the topics' intents in the NLU data, which ask for a topic's overview, from the examples of what is
not covered, and from off-topic messages. What a question gets are its best candidates with their probabilities; which of
them is said, and how, is decided in ``bot.advice`` where the conversation is known.
"""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.nlu.featurizers.featurizer import Featurizer
from rasa.shared.nlu.constants import ENTITIES, INTENT, INTENT_RANKING_KEY, TEXT
from rasa.shared.nlu.training_data.message import Message
from rasa.shared.nlu.training_data.training_data import TrainingData

from bot.knowledge import KnowledgeBase
from bot.knowledge.current import knowledge
from bot.language.answer_index import AnswerIndex, Candidate, texts_of
from bot.language.embedding_cache import embed_for_training
from bot.language.encoder import shared_encoder
from bot.nlu.classifier import QUESTIONS, TOLD
from bot.nlu.component import LearningComponent
from bot.nlu.tokenizer import normalised

_LEAST = 0.01
"""Neither source of evidence is ever sure."""

UNCOVERED, OFF_TOPIC = "uncovered:", "off:"
"""What the keys of candidates that are no facts begin with."""

COMPARES = "ask_difference"
"""The intent whose examples ask for a comparison of the roles."""


# Registered as a classifier because Rasa asks only those for nothing but `train` and `process`.
@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.INTENT_CLASSIFIER, is_trainable=True)
class CandidateRanker(LearningComponent[AnswerIndex]):
    """Adds ``candidates``, a list of [key, score, probability], best first, to each question and to what is told."""

    FILE = "answers.npz"

    @classmethod
    def required_components(cls) -> list[type]:
        return [Featurizer]

    @staticmethod
    def get_default_config() -> dict[str, Any]:
        """Configuration.

        top: how many candidates a question gets. part: what is taken off the score of a part of a message, so that the
        whole message wins where they agree. off_topic: prefix of intents whose examples are off topic. talk: intents
        that a question of ours is easily mistaken for. question: the intent of a question that is answered by what it is
        near to. ours: how much more probable (logarithm) a question of ours has to be than an off-topic one.
        """
        return {
            "top": 24,
            "part": 0.3,
            "off_topic": "offtopic_",
            "talk": ["chitchat", "nlu_fallback", "help", "other_language", "abuse", "tell_about_me", "vague_start"],
            "question": "ask_fact",
            "ours": 0.0,
        }

    @classmethod
    def fingerprint_addon(cls, config: dict[str, Any]) -> str | None:
        """Retrain when the knowledge base changed."""
        return knowledge().fingerprint()

    def learn(self, training_data: TrainingData) -> AnswerIndex:
        """The index over everything a question may be about."""
        examples: dict[str, list[tuple[str, list[dict[str, Any]]]]] = defaultdict(list)
        for message in training_data.intent_examples:
            text = normalised(message).text
            if text and message.get(INTENT):
                examples[str(message.get(INTENT))].append((text, message.get(ENTITIES) or []))
        candidates = candidates_of(knowledge(), examples, self._config["off_topic"])
        texts = texts_of(candidates)
        vectors = dict(zip(texts, embed_for_training(shared_encoder(), texts), strict=True))
        return AnswerIndex.fit(candidates, vectors)

    @staticmethod
    def write(learnt: AnswerIndex, path: Path) -> None:
        learnt.save(path)

    @staticmethod
    def read(path: Path) -> AnswerIndex:
        return AnswerIndex.read(path)

    def process(self, messages: list[Message]) -> list[Message]:
        """Add the best candidates to each question of each message, and to what people tell about themselves."""
        for message in messages:
            if self.learnt is not None and message.get(TEXT):
                for question in message.get(QUESTIONS, []):
                    question["candidates"] = self._rank(self.learnt, question["text"], question.pop("clauses", []))
                for part in message.get(TOLD, []):
                    part["candidates"] = self._rank(self.learnt, part["text"], [])
                self._settle(message)
        return messages

    def _settle(self, message: Message) -> None:
        """Whether a message of one question is about the subject at all: what its intent and its candidates say together.

        Words decide the intent, meaning the candidates; each is wrong where the other is right.
        """
        questions = message.get(QUESTIONS, [])
        if len(questions) != 1 or not questions[0]["candidates"]:
            return
        question = questions[0]
        name = question["intent"]
        off = name.startswith(self._config["off_topic"])
        asks = question["asks"] > 0 and not off and name not in self._config["talk"]
        ours = self._ours(question)
        if (off or name in self._config["talk"]) and ours > self._config["ours"]:
            self._read_as(message, question, self._config["question"])
        elif asks and question["asks"] >= 0.5 and ours < -self._config["ours"] and not question["entities"]:
            stray = next((n for n, _ in question["ranking"] if n.startswith(self._config["off_topic"])), None)
            best = next(k for k, _, _ in question["candidates"] if k.startswith(OFF_TOPIC))
            self._read_as(message, question, stray or self._config["off_topic"] + best.removeprefix(OFF_TOPIC))

    def _ours(self, question: dict[str, Any]) -> float:
        """The logarithm of how much more probable it is that a question is ours than that it is off topic."""
        off = sum(p for key, _, p in question["candidates"] if key.startswith(OFF_TOPIC))
        near = sum(p for key, _, p in question["candidates"] if not key.startswith(OFF_TOPIC))
        by_words = math.log((question["asks"] + _LEAST) / (1 - question["asks"] + _LEAST))
        return by_words + math.log((near + _LEAST) / (off + _LEAST))

    @staticmethod
    def _read_as(message: Message, question: dict[str, Any], intent: str) -> None:
        question["intent"] = intent
        found = {"name": intent, "confidence": question["confidence"]}
        message.set(INTENT, found, add_to_output=True)
        ranking = [r for r in message.get(INTENT_RANKING_KEY, []) if r["name"] != intent]
        message.set(INTENT_RANKING_KEY, [found, *ranking], add_to_output=True)

    def _rank(self, index: AnswerIndex, text: str, clauses: list[str]) -> list[tuple[str, float, float]]:
        if not text:
            return []
        scores = index.scores(shared_encoder().encode([text, *clauses]))
        scores[1:] -= self._config["part"]
        best = index.best(scores.max(axis=0), self._config["top"])
        return [(key, round(score, 3), round(p, 4)) for key, score, p in best]


def candidates_of(
    kb: KnowledgeBase, examples: Mapping[str, list[tuple[str, list[dict[str, Any]]]]], off_topic: str
) -> list[Candidate]:
    """All candidates of a knowledge base; ``examples`` are the NLU examples of each intent, with their entities."""
    questions: dict[str, list[str]] = defaultdict(list)
    for topic in kb.topics.values():
        for text, entities in examples.get(topic.intent, []):
            for fact in _asked_for(kb, topic.id, entities):
                questions[fact].append(text)
    found = [Candidate(f.id, f.text, f.point, _distinct([*f.questions, *questions[f.id]])) for f in kb.facts.values()]
    for kind in kb.uncovered.values():
        asked = [text for text, _ in examples.get(f"uncovered_{kind.id}", [])]
        found.append(Candidate(UNCOVERED + kind.id, kind.name, kind.phrase, _distinct([*kind.examples, *asked])))
    for intent, asked_there in examples.items():
        if intent.startswith(off_topic):
            name = OFF_TOPIC + intent.removeprefix(off_topic)
            found.append(Candidate(name, "", "", _distinct(text for text, _ in asked_there)))
    return found


def _asked_for(kb: KnowledgeBase, topic: str, entities: Iterable[Mapping[str, Any]]) -> list[str]:
    """The facts that answer an example question about a topic: its overview for the roles that it names, or for all."""
    if _names_thing(entities):
        return []
    named = [str(e["value"]) for e in entities if e["entity"] == "role"]
    roles = [role for role in named if role in kb.roles] or list(kb.main_roles)
    facts = [kb.overview(role, topic) for role in roles]
    return list(dict.fromkeys(fact.id for fact in facts if fact))


def _names_thing(entities: Iterable[Mapping[str, Any]]) -> bool:
    return any(e["entity"] in ("thing", "topic") for e in entities)


def _distinct(texts: Iterable[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(text.lower() for text in texts))
