"""Word and word-pair features (TF-IDF, scikit-learn), the exact wording that a sentence embedding blurs."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from typing import Any

import numpy as np
import numpy.typing as npt
from scipy.sparse import csr_matrix
from sklearn.feature_extraction.text import TfidfVectorizer

_MANY = 1000
"""From so many texts on, words and pairs that only one of them has are left out: they say nothing of others."""


class WordFeatures:
    """Rows of length 1 over the words and pairs of neighbouring words of the training examples."""

    def __init__(self, vocabulary: Sequence[str], idf: npt.NDArray[np.float64]) -> None:
        """``vocabulary`` in column order and the inverse document frequency of each column."""
        self.vocabulary = list(vocabulary)
        self.idf = idf
        self._vectorizer = _vectorizer(vocabulary=self.vocabulary)
        self._vectorizer.idf_ = idf
        self._analyse = self._vectorizer.build_analyzer()
        self._columns = {name: column for column, name in enumerate(self.vocabulary)}

    @classmethod
    def fit(cls, texts: Sequence[str]) -> WordFeatures:
        """Learn vocabulary and frequencies from normalised texts."""
        vectorizer = _vectorizer(min_df=2 if len(texts) > _MANY else 1).fit(texts)
        return cls([str(name) for name in vectorizer.get_feature_names_out()], vectorizer.idf_)

    def matrix(self, texts: Sequence[str]) -> csr_matrix:
        """Sparse features of shape (len(texts), vocabulary); a text without any known word gives an empty row."""
        return self._vectorizer.transform(texts).astype(np.float32)

    def row(self, text: str) -> tuple[npt.NDArray[np.intp], npt.NDArray[np.float32]]:
        """Columns and values of one text's row of :meth:`matrix`; scikit-learn's checks cost a hundred times this."""
        counts = Counter(self._columns[name] for name in self._analyse(text) if name in self._columns)
        columns = np.fromiter(counts, np.intp, len(counts))
        values = (1 + np.log(np.fromiter(counts.values(), np.float64, len(counts)))) * self.idf[columns]
        norm = np.sqrt(values @ values)
        return columns, (values / norm if norm else values).astype(np.float32)


def _vectorizer(**settings: Any) -> TfidfVectorizer:
    return TfidfVectorizer(ngram_range=(1, 2), sublinear_tf=True, token_pattern=r"[^\W_]+", **settings)
