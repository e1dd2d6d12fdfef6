"""Multinomial logistic regression over sentence embedding and words: fitted with SciPy, stored as plain arrays.

Storing arrays instead of a pickled estimator means that a model file can hold no code.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import numpy as np
import numpy.typing as npt
from scipy.optimize import minimize
from scipy.sparse import csr_matrix

from bot.language.encoder import DIMENSIONS, Vectors
from bot.language.words import WordFeatures

Scores = npt.NDArray[np.float32]

_MOST_STEPS = 60
"""More steps change the probabilities, and hardly ever what is read."""


class SoftmaxClassifier:
    """Probability of each label for a text and its embedding."""

    def __init__(
        self, labels: Sequence[str], weights: Scores, bias: Scores, words: WordFeatures, word_weight: float
    ) -> None:
        """``weights`` has shape (labels, 384 + words), ``bias`` (labels,); words count ``word_weight`` times."""
        self.labels = tuple(labels)
        self._weights = weights
        self._dense = np.ascontiguousarray(weights[:, :DIMENSIONS])
        self._sparse = np.ascontiguousarray(weights[:, DIMENSIONS:].T)
        self._bias = bias
        self._words = words
        self._word_weight = word_weight

    @classmethod
    def fit(
        cls, texts: Sequence[str], vectors: Vectors, labels: Sequence[str], strength: float, word_weight: float
    ) -> SoftmaxClassifier:
        """Fit on normalised ``texts`` and their ``vectors`` (examples, 384).

        ``strength`` is scikit-learn's C, with weights that give each label the same say. scikit-learn's own estimator
        takes one matrix, in which the dense embeddings are stored as sparse ones: several times the time of this.
        """
        words = WordFeatures.fit(texts)
        names = sorted(set(labels))
        number = {name: place for place, name in enumerate(names)}
        right = np.array([number[label] for label in labels])
        weights, bias = _fit(vectors, words.matrix(texts) * word_weight, right, len(names), strength)
        return cls(names, weights, bias, words, word_weight)

    def probabilities(self, text: str, vector: Vectors) -> Scores:
        """Return the probability of each label for one normalised text and its vector of shape (384,)."""
        columns, values = self._words.row(text)
        scores = self._dense @ vector + self._bias
        if len(columns):
            scores = scores + (values * self._word_weight) @ self._sparse[columns]
        exponentials = np.exp(scores - scores.max())
        result: Scores = exponentials / exponentials.sum()
        return result

    def ranking(self, text: str, vector: Vectors, length: int) -> list[tuple[str, float]]:
        """Return the ``length`` most probable labels, best first."""
        probabilities = self.probabilities(text, vector)
        best = np.argsort(-probabilities)[:length]
        return [(self.labels[i], float(probabilities[i])) for i in best]

    def save(self, path: Path) -> None:
        """Write everything to an .npz file."""
        np.savez(
            path,
            labels=np.array(self.labels),
            weights=self._weights,
            bias=self._bias,
            vocabulary=np.array(self._words.vocabulary),
            idf=self._words.idf,
            word_weight=np.array(self._word_weight),
        )

    @classmethod
    def read(cls, path: Path) -> SoftmaxClassifier:
        """Read what :meth:`save` wrote; nothing in the file is executed."""
        with np.load(path, allow_pickle=False) as data:
            words = WordFeatures([str(w) for w in data["vocabulary"]], data["idf"])
            labels = [str(label) for label in data["labels"]]
            return cls(labels, data["weights"], data["bias"], words, float(data["word_weight"]))


def _fit(
    vectors: Vectors, words: csr_matrix, right: npt.NDArray[np.intp], labels: int, strength: float
) -> tuple[Scores, Scores]:
    """Weights (labels, 384 + words) and bias (labels,) of the smallest regularised cross entropy, by L-BFGS."""
    counts = np.bincount(right, minlength=labels)
    share = (len(right) / (labels * counts[right])).astype(np.float32) * np.float32(strength)
    vectors = np.ascontiguousarray(vectors, np.float32)
    words, transposed = words.tocsr(), words.T.tocsr()
    rows = np.arange(len(right))
    dense, sparse = vectors.shape[1], words.shape[1]

    def loss(flat: npt.NDArray[np.float64]) -> tuple[float, npt.NDArray[np.float64]]:
        weights = flat.reshape(dense + sparse + 1, labels).astype(np.float32)
        scores = vectors @ weights[:dense] + words @ weights[dense:-1] + weights[-1]
        scores -= scores.max(axis=1, keepdims=True)
        exponentials = np.exp(scores)
        sums = exponentials.sum(axis=1, keepdims=True)
        value = float((share * (np.log(sums[:, 0]) - scores[rows, right])).sum(dtype=np.float64))
        d = exponentials / sums
        d[rows, right] -= 1
        d *= share[:, None]
        gradient = np.concatenate([vectors.T @ d, transposed @ d, d.sum(axis=0, keepdims=True)])
        gradient[:-1] += weights[:-1]
        value += 0.5 * float((weights[:-1] ** 2).sum(dtype=np.float64))
        return value, gradient.ravel().astype(np.float64)

    start = np.zeros((dense + sparse + 1) * labels)
    found = minimize(loss, start, jac=True, method="L-BFGS-B", options={"maxiter": _MOST_STEPS, "maxcor": 6})
    fitted = found.x.reshape(dense + sparse + 1, labels).astype(np.float32)
    return np.ascontiguousarray(fitted[:-1].T), fitted[-1]
