"""A learnt projection: one space in which a question lies near the statements that answer it.

Sentence embeddings put a question near whatever shares its subject or its shape. Two square matrices, one for questions
and one for statements, both starting at the identity and held near it, are learnt from pairs of question and statement:
softmax over all statements, several right ones to a question (log of their summed probability). The loss is that of
contrastive learning with all other statements as negatives (van den Oord et al. 2018, "InfoNCE"); Adam as in Kingma and
Ba 2015. Nothing here knows what a statement is: facts, kinds of questions that are not covered, and whatever else a
question may be about compete with each other.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from bot.language.encoder import DIMENSIONS, Vectors

TEMPERATURE = 0.05
"""Scores are cosines divided by this, so that a softmax over them can be sharp."""

_PASSES, _BATCH, _RATE = 16, 256, 2e-3
_HOLD = 0.02
"""What squared distance from the identity costs."""
_DROPOUT = 0.1
_DECAY = (0.9, 0.999)
_SEED = 12


@dataclass(frozen=True)
class Projection:
    """``questions`` and ``statements`` are (384, 384); ``short`` is the share of a statement's short form."""

    questions: Vectors
    statements: Vectors
    short: float

    @classmethod
    def identity(cls) -> Projection:
        """The projection that changes nothing."""
        return cls(np.eye(DIMENSIONS, dtype=np.float32), np.eye(DIMENSIONS, dtype=np.float32), 0.3)

    @classmethod
    def fit(
        cls, questions: Vectors, right: Sequence[Sequence[int]], texts: Vectors, shorts: Vectors, passes: int = _PASSES
    ) -> Projection:
        """Learn from ``questions`` (n, 384), each with the numbers of the statements that answer it.

        ``texts`` and ``shorts`` are the embeddings (m, 384) of the statements and of their short forms. The same input
        gives the same projection, up to rounding.
        """
        if not len(questions):
            return cls.identity()
        chance = np.random.default_rng(_SEED)
        answers = np.zeros((len(questions), len(texts)), dtype=bool)
        for row, numbers in enumerate(right):
            answers[row, list(numbers)] = True
        first = cls.identity()
        values: dict[str, Any] = {"q": first.questions, "s": first.statements, "a": np.float32(first.short)}
        adam = _Adam(values)
        steps = -(-len(questions) // _BATCH)
        for turn in range(passes):
            order = chance.permutation(len(questions))
            for step in range(steps):
                rows = order[step * _BATCH : (step + 1) * _BATCH]
                kept = chance.random((len(rows), DIMENSIONS), dtype=np.float32) >= _DROPOUT
                batch = questions[rows] * kept / (1 - _DROPOUT)
                gradients = _gradients(values, batch, answers[rows], texts, shorts, 1 / steps)
                adam.step(values, gradients, _RATE * min(1.0, 2 * (1 - turn / passes)))
        return cls(values["q"], values["s"], float(values["a"]))

    def of_questions(self, vectors: Vectors) -> Vectors:
        """Questions (n, 384) in the common space, rows of length 1."""
        return _unit(vectors @ self.questions)

    def of_statements(self, texts: Vectors, shorts: Vectors) -> Vectors:
        """Statements (m, 384) and their short forms in the common space, rows of length 1."""
        return _unit((texts + self.short * shorts) @ self.statements)

    def arrays(self) -> Mapping[str, Any]:
        """Everything as arrays, for ``np.savez``."""
        return {"questions": self.questions, "statements": self.statements, "short": np.float32(self.short)}

    @classmethod
    def of_arrays(cls, arrays: Mapping[str, Any]) -> Projection:
        """The inverse of :meth:`arrays`. Raises KeyError where one is missing."""
        return cls(arrays["questions"], arrays["statements"], float(arrays["short"]))


class _Adam:
    def __init__(self, values: Mapping[str, Any]) -> None:
        self._first = {name: np.zeros_like(value) for name, value in values.items()}
        self._second = {name: np.zeros_like(value) for name, value in values.items()}
        self._steps = 0

    def step(self, values: dict[str, Any], gradients: Mapping[str, Any], rate: float) -> None:
        self._steps += 1
        one, two = _DECAY
        for name, gradient in gradients.items():
            self._first[name] = one * self._first[name] + (1 - one) * gradient
            self._second[name] = two * self._second[name] + (1 - two) * gradient**2
            first = self._first[name] / (1 - one**self._steps)
            second = self._second[name] / (1 - two**self._steps)
            values[name] = values[name] - np.float32(rate) * first / (np.sqrt(second) + np.float32(1e-8))


def _gradients(
    values: Mapping[str, Any], batch: Vectors, answers: Any, texts: Vectors, shorts: Vectors, share: float
) -> dict[str, Any]:
    """Of the mean loss of a batch and of ``share`` of what the distance from the identity costs."""
    asked = batch @ values["q"]
    told_in = texts + values["a"] * shorts
    told = told_in @ values["s"]
    asked_unit, told_unit = _unit(asked), _unit(told)
    p = softmax(asked_unit @ told_unit.T / TEMPERATURE)
    rightly = p * answers
    d = (p - rightly / np.maximum(rightly.sum(axis=1, keepdims=True), 1e-9)) / (TEMPERATURE * len(batch))
    d_asked = _through_unit(d @ told_unit, asked, asked_unit)
    d_told = _through_unit(d.T @ asked_unit, told, told_unit)
    d_told_in = d_told @ values["s"].T
    eye = np.eye(DIMENSIONS, dtype=np.float32)
    return {
        "q": batch.T @ d_asked + 2 * _HOLD * share * (values["q"] - eye),
        "s": told_in.T @ d_told + 2 * _HOLD * share * (values["s"] - eye),
        "a": np.float32((d_told_in * shorts).sum()),
    }


def softmax(scores: Vectors) -> Vectors:
    """Probabilities along the last axis."""
    exponentials = np.exp(scores - scores.max(axis=-1, keepdims=True))
    result: Vectors = exponentials / exponentials.sum(axis=-1, keepdims=True)
    return result


def _unit(vectors: Vectors) -> Vectors:
    result: Vectors = vectors / np.maximum(np.linalg.norm(vectors, axis=-1, keepdims=True), 1e-9)
    return result


def _through_unit(gradient: Vectors, vectors: Vectors, units: Vectors) -> Vectors:
    """The gradient before scaling to length 1, from the one after it."""
    along = (gradient * units).sum(axis=-1, keepdims=True)
    result: Vectors = (gradient - along * units) / np.maximum(np.linalg.norm(vectors, axis=-1, keepdims=True), 1e-9)
    return result
