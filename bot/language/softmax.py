"""Multinomial logistic regression over sentence embedding and words: trained with scikit-learn, stored as plain arrays.

Storing arrays instead of a pickled estimator means that a model file can hold no code.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import numpy as np
import numpy.typing as npt
from scipy.sparse import csr_matrix, hstack
from sklearn.linear_model import LogisticRegression

from bot.language.encoder import DIMENSIONS, Vectors
from bot.language.words import WordFeatures

Scores = npt.NDArray[np.float32]


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
        """Fit on normalised ``texts`` and their ``vectors`` (examples, 384); ``strength`` is scikit-learn's C."""
        words = WordFeatures.fit(texts)
        features = hstack([csr_matrix(vectors), words.matrix(texts) * word_weight]).tocsr()
        model = LogisticRegression(C=strength, max_iter=300, class_weight="balanced", tol=1e-3)
        model.fit(features, list(labels))
        weights, bias = model.coef_.astype(np.float32), model.intercept_.astype(np.float32)
        return cls([str(c) for c in model.classes_], weights, bias, words, word_weight)

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
