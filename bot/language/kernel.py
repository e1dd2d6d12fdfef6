"""Kernel ridge regression over sentence embeddings: on which side of two kinds of sentences a new one lies.

Two kinds of questions that differ in what they ask and hardly in what they are about are not parted by a plane through
the space of embeddings; near their examples they are. The weights are those of Rasmussen & Williams, Gaussian Processes
for Machine Learning (2006), equation 2.25, with a Gaussian kernel.
"""

from __future__ import annotations

from pathlib import Path

import numpy as np
from scipy.linalg import cho_factor, cho_solve

from bot.language.encoder import Vectors

GAMMA = 1.5
"""The kernel of two unit vectors is exp(-GAMMA * squared distance)."""

RIDGE = 0.2
"""How far a single example may be believed: the variance of its label. Both chosen by cross-validation."""


class KernelClassifier:
    """How much a sentence is of the first of two kinds: about 1 for the first, about -1 for the second."""

    def __init__(self, examples: Vectors, weights: Vectors) -> None:
        """``examples`` (n, 384) are unit vectors, ``weights`` (n,) belongs to them."""
        self._examples = examples
        self._weights = weights

    @classmethod
    def fit(cls, first: Vectors, second: Vectors) -> KernelClassifier:
        """Learn from the unit vectors of both kinds, (n, 384) and (m, 384)."""
        examples = np.concatenate([first, second]).astype(np.float32)
        signs = np.concatenate([np.ones(len(first)), -np.ones(len(second))]).astype(np.float32)
        kernel = _kernel(examples, examples)
        kernel[np.diag_indices_from(kernel)] += RIDGE
        factor = cho_factor(kernel, lower=True, overwrite_a=True, check_finite=False)
        return cls(examples, cho_solve(factor, signs, check_finite=False).astype(np.float32))

    def values(self, vectors: Vectors) -> Vectors:
        """One value (n,) for each of the unit ``vectors`` (n, 384)."""
        result: Vectors = _kernel(vectors.astype(np.float32), self._examples) @ self._weights
        return result

    def save(self, path: Path) -> None:
        """Write everything to an .npz file."""
        np.savez(path, examples=self._examples.astype(np.float16), weights=self._weights)

    @classmethod
    def read(cls, path: Path) -> KernelClassifier:
        """Read what :meth:`save` wrote; nothing in the file is executed."""
        with np.load(path, allow_pickle=False) as data:
            return cls(data["examples"].astype(np.float32), data["weights"])


def _kernel(some: Vectors, others: Vectors) -> Vectors:
    result: Vectors = np.exp(2 * GAMMA * (some @ others.T - 1))
    return result
