"""Multinomial logistic regression on unit vectors: trained with scikit-learn, stored as plain arrays, applied with NumPy.

Storing arrays instead of a pickled estimator means that a model file can hold no code.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt
from sklearn.linear_model import LogisticRegression

from bot.nlu.encoder import Vectors


@dataclass(frozen=True)
class SoftmaxClassifier:
    """Weights of shape (labels, dimensions), bias of shape (labels,), and the label names in that order."""

    labels: tuple[str, ...]
    weights: npt.NDArray[np.float32]
    bias: npt.NDArray[np.float32]

    @classmethod
    def fit(cls, vectors: Vectors, labels: list[str], strength: float, iterations: int = 300) -> SoftmaxClassifier:
        """Fit on ``vectors`` of shape (examples, dimensions); ``strength`` is scikit-learn's C (inverse penalty)."""
        model = LogisticRegression(C=strength, max_iter=iterations, class_weight="balanced", tol=1e-3)
        model.fit(vectors, labels)
        return cls(
            tuple(str(c) for c in model.classes_),
            model.coef_.astype(np.float32),
            model.intercept_.astype(np.float32),
        )

    def probabilities(self, vector: Vectors) -> npt.NDArray[np.float32]:
        """Return the probability of each label for one vector of shape (dimensions,)."""
        scores = self.weights @ vector + self.bias
        exponentials = np.exp(scores - scores.max())
        result: npt.NDArray[np.float32] = exponentials / exponentials.sum()
        return result

    def ranking(self, vector: Vectors, length: int) -> list[tuple[str, float]]:
        """Return the ``length`` most probable labels, best first."""
        probabilities = self.probabilities(vector)
        best = np.argsort(-probabilities)[:length]
        return [(self.labels[i], float(probabilities[i])) for i in best]

    def save(self, path: Path) -> None:
        """Write the arrays to an .npz file."""
        np.savez(path, labels=np.array(self.labels), weights=self.weights, bias=self.bias)

    @classmethod
    def read(cls, path: Path) -> SoftmaxClassifier:
        """Read what :meth:`save` wrote; nothing in the file is executed."""
        with np.load(path, allow_pickle=False) as data:
            return cls(tuple(str(label) for label in data["labels"]), data["weights"], data["bias"])
