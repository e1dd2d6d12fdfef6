"""From which distance on questions without an answer are grouped: ``python -m evaluation.grouping``.

The examples of the uncovered kinds stand for such questions, their kinds for what they mean; what the bot reads is
imitated by a classifier that has not seen the question (five-fold cross-validation). Printed for each distance, without
and with subjects that keep questions apart: how many groups there are, how pure they are and how
complete (homogeneity, completeness and their mean, the V-measure: Rosenberg and Hirschberg 2007), the share of
questions in groups of two and more, and the size of the largest group.
"""

from __future__ import annotations

import random
from collections import Counter

from sklearn.linear_model import LogisticRegression
from sklearn.metrics import homogeneity_completeness_v_measure
from sklearn.model_selection import cross_val_predict

from bot.insights.groups import APART, DISTANCE, clusters
from bot.knowledge import load_knowledge
from bot.language.encoder import shared_encoder
from evaluation.server import PROJECT

_MOST = 800


def main() -> None:
    """Print the table."""
    kinds = load_knowledge(PROJECT / "data" / "knowledge").uncovered.values()
    examples = [(text, kind.id) for kind in kinds for text in kind.examples]
    examples = random.Random(1).sample(sorted(examples), min(_MOST, len(examples)))
    vectors = shared_encoder().encode_many([text for text, _ in examples])
    kinds_of = [kind for _, kind in examples]
    read = cross_val_predict(LogisticRegression(C=20, max_iter=300), vectors, kinds_of, cv=5)
    print(f"{len(examples)} questions of {len(set(kinds_of))} kinds; in use: distance {DISTANCE}, apart {APART}")
    print("apart  distance  groups  pure  complete  V-measure  in groups  largest")
    for apart in (0.0, 0.2, 0.3, 0.4, 0.5):
        for distance in (0.5, 0.6, 0.7, 0.8, 0.9):
            found = clusters(vectors, list(read), distance, apart)
            pure, complete, measure = homogeneity_completeness_v_measure(kinds_of, found)
            sizes = Counter(found.tolist()).values()
            together = sum(size for size in sizes if size > 1) / len(examples)
            row = f"{apart:5} {distance:9} {len(sizes):7} {pure:5.2f} {complete:9.2f} {measure:10.2f} {together:10.1%}"
            print(f"{row} {max(sizes):8}")


if __name__ == "__main__":
    main()
