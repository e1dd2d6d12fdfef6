"""Questions without an answer, grouped by meaning.

Each wording is embedded by the bot's own encoder; what is between two wordings is their cosine distance, and ``APART``
more if the bot read different subjects: nearly all questions here are about the same two roles, so that embeddings
alone run together. Agglomerative clustering with complete linkage (scikit-learn) makes groups in which no two wordings
are further apart than ``DISTANCE``. Every group is set beside what is nearest to it (bot.insights.nearest).
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol

import numpy as np
import numpy.typing as npt

from bot.insights.nearest import Nearest, NearestFact, Place, mean_of, nearest_fact, place_of
from bot.insights.subjects import Subjects, present
from bot.insights.turns import Part
from bot.knowledge import KnowledgeBase
from bot.knowledge.places import Place as FilePlace
from bot.language.personal_details.masking import Masker

DISTANCE = 0.7
APART = 0.4
"""Both chosen from the table of ``python -m evaluation.grouping``."""

MOST_WORDINGS = 3000
"""More different wordings are not compared with one another: memory grows with their square (72 MB for 3,000)."""

_EXAMPLES = 5
Vectors = npt.NDArray[np.float32]


class Encoder(Protocol):
    """Anything that turns texts into unit vectors, one row each: ``bot.language.encoder.SentenceEncoder`` does."""

    def encode_many(self, texts: Sequence[str]) -> Vectors: ...


@dataclass(frozen=True)
class Unanswered:
    """One question that had no answer, as the bot read it, and the kind of reply."""

    part: Part
    kind: str
    sender: int = 0


@dataclass(frozen=True)
class UnansweredGroup:
    """Questions that mean about the same.

    ``count``: messages; ``label``: the most typical wording; ``examples``: up to five, most typical first (all with
    personal details masked); ``intent``: what the bot mostly read; ``kinds``: how it replied, by kind of answer;
    ``nearest``: None if no fact is among what the questions may be about.
    """

    label: str
    count: int
    conversations: int
    examples: tuple[str, ...]
    intent: str
    kinds: Mapping[str, int]
    nearest: NearestFact | None
    place: Place


def group_questions(
    questions: Sequence[Unanswered],
    kb: KnowledgeBase,
    encoder: Encoder,
    nearest: Nearest,
    masker: Masker,
    places: Mapping[tuple[str, str], FilePlace],
) -> list[UnansweredGroup]:
    """Group the questions, the largest group first; of more than ``MOST_WORDINGS`` wordings, the commonest.

    ``nearest`` finds what questions are nearest to, ``places`` says where the records of the knowledge base stand
    (bot.knowledge.places).
    """
    by_wording: dict[str, list[Unanswered]] = defaultdict(list)
    for question in questions:
        by_wording[_wording(question.part.text)].append(question)
    wordings = sorted(by_wording, key=lambda words: (-len(by_wording[words]), words))[:MOST_WORDINGS]
    if not wordings:
        return []
    vectors = encoder.encode_many(wordings)
    subjects = Subjects(kb)
    read = [_commonest(subjects.of(question.part) for question in by_wording[words]) for words in wordings]
    members: dict[int, list[int]] = defaultdict(list)
    for place, label in enumerate(clusters(vectors, read)):
        members[int(label)].append(place)
    asked = [by_wording[words] for words in wordings]
    shares = nearest.shares([[question.part for question in each] for each in asked], read, vectors)
    groups = []
    for rows in members.values():
        mean = mean_of([shares[row] for row in rows], [len(asked[row]) for row in rows])
        groups.append(_group([asked[row] for row in rows], vectors[rows], mean, kb, masker, places))
    return sorted(groups, key=lambda group: (-group.count, group.label))


def clusters(
    vectors: Vectors, subjects: Sequence[str], distance: float = DISTANCE, apart: float = APART
) -> npt.NDArray[np.int64]:
    """The number of the group of each row of ``vectors``, whose subjects are given alongside."""
    if len(vectors) < 2:
        return np.zeros(len(vectors), np.int64)
    from sklearn.cluster import AgglomerativeClustering

    # float32 distances by hand: scikit-learn's own are float64, twice the memory.
    between = np.clip(1.0 - vectors @ vectors.T, 0.0, 2.0)
    _, numbers = np.unique(np.array(subjects), return_inverse=True)
    between += np.float32(apart) * (numbers[:, None] != numbers[None, :])
    found: npt.NDArray[np.int64] = AgglomerativeClustering(
        n_clusters=None, metric="precomputed", linkage="complete", distance_threshold=distance
    ).fit_predict(between)
    return found


def _group(
    asked: list[list[Unanswered]],
    vectors: Vectors,
    nearest: Mapping[str, float],
    kb: KnowledgeBase,
    masker: Masker,
    places: Mapping[tuple[str, str], FilePlace],
) -> UnansweredGroup:
    counts = np.array([len(each) for each in asked], np.float32)
    center = counts @ vectors
    center /= max(float(np.linalg.norm(center)), 1e-9)
    typical = np.argsort(-(vectors @ center), kind="stable")
    examples = list(dict.fromkeys(masker(asked[place][0].part.text) for place in typical[: 4 * _EXAMPLES]))[:_EXAMPLES]
    everything = [question for each in asked for question in each]
    kinds = Counter(question.kind for question in everything)
    return UnansweredGroup(
        label=examples[0],
        count=len(everything),
        conversations=len({question.sender for question in everything}),
        examples=tuple(examples),
        intent=_commonest(present(question.part.intent) for question in everything),
        kinds=dict(sorted(kinds.items())),
        nearest=nearest_fact(kb, nearest),
        place=place_of(kb, nearest, places, in_part=_commonest(kinds.elements()) == "partial"),
    )


def _commonest(names: Iterable[str]) -> str:
    """The name that comes most often."""
    counts = Counter(names)
    return min(counts, key=lambda name: (-counts[name], name))


def _wording(text: str) -> str:
    return " ".join(text.lower().split()).rstrip(" ?!.")
