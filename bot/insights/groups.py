"""Questions without an answer, grouped by meaning.

Each wording is embedded by the bot's own encoder; what is between two wordings is their cosine distance, and ``APART``
more if the bot read different intents: nearly all questions here are about the same two roles, so that embeddings
alone run together. Agglomerative clustering with complete linkage (scikit-learn) makes groups in which no two wordings
are further apart than ``DISTANCE``. Every group is set beside the fact nearest to it.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol

import numpy as np
import numpy.typing as npt

from bot.knowledge import Fact, KnowledgeBase
from bot.language.personal_details.masking import Masker

DISTANCE = 0.7
APART = 0.2
"""Both chosen from the table of ``python -m evaluation.grouping``."""

MOST_WORDINGS = 3000
"""More different wordings are not compared with one another: memory grows with their square (72 MB for 3,000)."""

_EXAMPLES = 5
NEAR = 0.35
"""A fact less similar than this has nothing to do with a question."""

Vectors = npt.NDArray[np.float32]


class Encoder(Protocol):
    """Anything that turns texts into unit vectors, one row each: ``bot.language.encoder.SentenceEncoder`` does."""

    def encode_many(self, texts: Sequence[str]) -> Vectors: ...


@dataclass(frozen=True)
class Unanswered:
    """One question that had no answer: its words, the intent that was read, and the kind of reply."""

    text: str
    intent: str
    kind: str
    sender: int = 0


@dataclass(frozen=True)
class NearestFact:
    """The fact closest in meaning; ``similarity`` is the cosine without what role names mean."""

    id: str
    text: str
    similarity: float


@dataclass(frozen=True)
class Place:
    """Where an answer would belong: a file of the knowledge base, with role and topic where they can be told."""

    file: str
    roles: tuple[str, ...]
    topic: str | None


@dataclass(frozen=True)
class UnansweredGroup:
    """Questions that mean about the same.

    ``count``: messages; ``label``: the most typical wording; ``examples``: up to five, most typical first (all with
    personal details masked); ``intent``: what the bot mostly read; ``kinds``: how it replied, by kind of answer;
    ``nearest``: None without facts.
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
    masker: Masker,
) -> list[UnansweredGroup]:
    """Group the questions, the largest group first; of more than ``MOST_WORDINGS`` wordings, the commonest."""
    by_wording: dict[str, list[Unanswered]] = defaultdict(list)
    for question in questions:
        by_wording[_wording(question.text)].append(question)
    wordings = sorted(by_wording, key=lambda words: (-len(by_wording[words]), words))[:MOST_WORDINGS]
    if not wordings:
        return []
    vectors = encoder.encode_many(wordings)
    members: dict[int, list[int]] = defaultdict(list)
    for place, label in enumerate(clusters(vectors, [_intent(by_wording[words]) for words in wordings])):
        members[int(label)].append(place)
    facts = list(kb.facts.values())
    roles = _role_directions(kb, encoder)
    index = facts, _without(roles, encoder.encode_many([fact.text for fact in facts])), roles
    asked = [by_wording[words] for words in wordings]
    groups = [_group([asked[place] for place in places], vectors[places], index, masker) for places in members.values()]
    return sorted(groups, key=lambda group: (-group.count, group.label))


def clusters(
    vectors: Vectors, intents: Sequence[str], distance: float = DISTANCE, apart: float = APART
) -> npt.NDArray[np.int64]:
    """The number of the group of each row of ``vectors``, whose intents are given alongside."""
    if len(vectors) < 2:
        return np.zeros(len(vectors), np.int64)
    from sklearn.cluster import AgglomerativeClustering

    # float32 distances by hand: scikit-learn's own are float64, twice the memory.
    between = np.clip(1.0 - vectors @ vectors.T, 0.0, 2.0)
    _, numbers = np.unique(np.array(intents), return_inverse=True)
    between += np.float32(apart) * (numbers[:, None] != numbers[None, :])
    found: npt.NDArray[np.int64] = AgglomerativeClustering(
        n_clusters=None, metric="precomputed", linkage="complete", distance_threshold=distance
    ).fit_predict(between)
    return found


def _group(
    asked: list[list[Unanswered]],
    vectors: Vectors,
    index: tuple[list[Fact], Vectors, Vectors],
    masker: Masker,
) -> UnansweredGroup:
    counts = np.array([len(each) for each in asked], np.float32)
    center = counts @ vectors
    center /= max(float(np.linalg.norm(center)), 1e-9)
    typical = np.argsort(-(vectors @ center), kind="stable")
    examples = list(dict.fromkeys(masker(asked[place][0].text) for place in typical[: 4 * _EXAMPLES]))[:_EXAMPLES]
    everything = [question for each in asked for question in each]
    nearest = _nearest(center, *index)
    return UnansweredGroup(
        label=examples[0],
        count=len(everything),
        conversations=len({question.sender for question in everything}),
        examples=tuple(examples),
        intent=_intent(everything),
        kinds=dict(sorted(Counter(question.kind for question in everything).items())),
        nearest=nearest[0] if nearest else None,
        place=_place(nearest[1] if nearest and nearest[0].similarity >= NEAR else None),
    )


def _nearest(center: Vectors, facts: list[Fact], vectors: Vectors, roles: Vectors) -> tuple[NearestFact, Fact] | None:
    if not facts:
        return None
    similar = vectors @ _without(roles, center[None, :])[0]
    best = int(np.argmax(similar))
    return NearestFact(facts[best].id, facts[best].text, round(float(similar[best]), 3)), facts[best]


def _role_directions(kb: KnowledgeBase, encoder: Encoder) -> Vectors:
    """An orthonormal basis of what the names of the roles mean: nearly every question and fact has that in common."""
    names = [name for role in kb.roles.values() for name in (role.plural, role.name)]
    if not names:
        return np.zeros((0, encoder.encode_many([""]).shape[1]), np.float32)
    _, _, directions = np.linalg.svd(encoder.encode_many(names), full_matrices=False)
    found: Vectors = directions[: 2 * len(kb.roles)].astype(np.float32)
    return found


def _without(basis: Vectors, vectors: Vectors) -> Vectors:
    """The vectors without their share in the basis, of length 1 again."""
    rest = vectors - (vectors @ basis.T) @ basis
    result: Vectors = rest / np.maximum(np.linalg.norm(rest, axis=1, keepdims=True), 1e-6)
    return result


def _place(fact: Fact | None) -> Place:
    if fact is None:
        # Nothing of ours is near: a new subject, which first of all needs a polite way to say no.
        return Place("uncovered.yml", (), None)
    file = f"facts/{fact.roles[0]}.yml" if len(fact.roles) == 1 else "facts/shared.yml"
    return Place(file, tuple(fact.roles), fact.topic)


def _intent(questions: Sequence[Unanswered]) -> str:
    """The intent that was read most often."""
    counts = Counter(question.intent for question in questions)
    return min(counts, key=lambda intent: (-counts[intent], intent))


def _wording(text: str) -> str:
    return " ".join(text.lower().split()).rstrip(" ?!.")
