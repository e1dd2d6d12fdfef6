"""What a question may be about, as candidates that compete: facts, kinds of questions no source covers, off topic.

Each candidate has a statement, or the mean of its example questions, and example questions. A question's score for a
candidate is the cosine to its statement in a learnt space (:mod:`bot.language.projection`), plus a share of the cosine
to the nearest of its example questions; a softmax over all candidates makes probabilities of the scores. What a
candidate means is not known here: its key is a text.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import IO

import numpy as np

from bot.language.encoder import Vectors
from bot.language.projection import Projection, softmax

EXAMPLE_SHARE = 0.4
"""What the nearest example question counts beside the statement. Chosen by ``make nlu-curve``."""

TEMPERATURE = 0.065
"""Scores are divided by it before the softmax: the value at which probabilities are right about as often as they say,
on example questions that were left out (``make nlu-curve``)."""


@dataclass(frozen=True)
class Candidate:
    """``key`` names it; ``text`` and ``short`` state it, or are empty where only example questions do."""

    key: str
    text: str
    short: str
    examples: tuple[str, ...] = ()


class AnswerIndex:
    """Scores of all candidates for the embedding of a question."""

    def __init__(
        self, keys: Sequence[str], projection: Projection, statements: Vectors, examples: Vectors, owners: Vectors
    ) -> None:
        """Shapes: ``statements`` (m, 384), ``examples`` (n, 384), both in the projection's space; ``owners`` (n,)."""
        self.keys = tuple(keys)
        self._projection = projection
        self._statements = statements
        self._examples = examples
        self._owners = owners
        starts = np.flatnonzero(np.diff(owners, prepend=-1)) if len(owners) else np.zeros(0, np.intp)
        self._starts = starts
        self._with_examples = owners[starts] if len(owners) else np.zeros(0, np.intp)

    @classmethod
    def fit(cls, candidates: Sequence[Candidate], vectors: Mapping[str, Vectors]) -> AnswerIndex:
        """Learn from the candidates' example questions; ``vectors`` has the embedding (384,) of every text in them.

        An example question of several candidates counts for each of them.
        """
        empty = np.zeros(384, np.float32)
        texts, shorts = [], []
        for candidate in candidates:
            mean = np.mean([vectors[e] for e in candidate.examples], axis=0) if candidate.examples else empty
            texts.append(vectors[candidate.text] if candidate.text else mean / max(float(np.linalg.norm(mean)), 1e-6))
            shorts.append(vectors[candidate.short] if candidate.short else empty)
        right: dict[str, list[int]] = {}
        for number, candidate in enumerate(candidates):
            for example in candidate.examples:
                right.setdefault(example, []).append(number)
        statements, short_forms = np.stack(texts), np.stack(shorts)
        questions = np.stack([vectors[q] for q in right]) if right else np.zeros((0, 384), np.float32)
        projection = Projection.fit(questions, list(right.values()), statements, short_forms)
        owned = [(number, example) for number, candidate in enumerate(candidates) for example in candidate.examples]
        examples = np.stack([vectors[e] for _, e in owned]) if owned else np.zeros((0, 384), np.float32)
        return cls(
            [candidate.key for candidate in candidates],
            projection,
            projection.of_statements(statements, short_forms).astype(np.float32),
            projection.of_questions(examples).astype(np.float32),
            np.array([number for number, _ in owned], dtype=np.intp),
        )

    def scores(self, questions: Vectors) -> Vectors:
        """For ``questions`` (n, 384) a score for each candidate: shape (n, m), before the softmax."""
        asked = self._projection.of_questions(questions)
        found = asked @ self._statements.T
        nearest = found.copy()  # what has no examples is its own
        if len(self._starts):
            nearest[:, self._with_examples] = np.maximum.reduceat(asked @ self._examples.T, self._starts, axis=1)
        found += EXAMPLE_SHARE * nearest
        result: Vectors = (found / TEMPERATURE).astype(np.float32)
        return result

    def nearest(self, questions: Vectors, keys: Collection[str]) -> list[tuple[str, float]]:
        """For each of ``questions`` (n, 384) the nearest statement of ``keys`` and its cosine in the learnt space.

        Examples do not count here. Raises ValueError where the index has none of the keys.
        """
        places = np.array([place for place, key in enumerate(self.keys) if key in keys], dtype=np.intp)
        similar = self._projection.of_questions(questions) @ self._statements[places].T
        best = similar.argmax(axis=1)
        return [(self.keys[places[b]], float(row[b])) for b, row in zip(best, similar, strict=True)]

    def best(self, scores: Vectors, most: int) -> list[tuple[str, float, float]]:
        """The ``most`` best candidates of one row of :meth:`scores`: key, score and probability, best first."""
        probabilities = softmax(scores)
        order = np.argsort(-scores, kind="stable")[:most]
        return [(self.keys[i], float(scores[i]), float(probabilities[i])) for i in order]

    def save(self, path: Path) -> None:
        """Write everything to an .npz file."""
        np.savez(
            path,
            keys=np.array(self.keys),
            index_statements=self._statements,
            examples=self._examples.astype(np.float16),
            owners=self._owners,
            **self._projection.arrays(),
        )

    @classmethod
    def read(cls, file: Path | IO[bytes]) -> AnswerIndex:
        """Read what :meth:`save` wrote; nothing in the file is executed. Raises OSError, ValueError and KeyError."""
        with np.load(file, allow_pickle=False) as data:
            keys = [str(key) for key in data["keys"]]
            projection = Projection.of_arrays(data)
            examples = data["examples"].astype(np.float32)
            return cls(keys, projection, data["index_statements"], examples, data["owners"])


def texts_of(candidates: Iterable[Candidate]) -> list[str]:
    """Every text whose embedding :meth:`AnswerIndex.fit` needs, each once."""
    found = (text for c in candidates for text in (c.text, c.short, *c.examples) if text)
    return list(dict.fromkeys(found))
