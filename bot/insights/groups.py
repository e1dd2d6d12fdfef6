"""Questions without an answer, grouped by meaning.

Each wording is embedded by the bot's own encoder; what is between two wordings is their cosine distance, and ``APART``
more if the bot read different subjects: nearly all questions here are about the same two roles, so that embeddings
alone run together. Agglomerative clustering with complete linkage (scikit-learn) makes groups in which no two wordings
are further apart than ``DISTANCE``. Every group is set beside what is nearest to it: the candidates that the bot stored
with its messages, or, in conversations of version 0.1, those of an index of the same kind without what is learnt.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol

import numpy as np
import numpy.typing as npt

from bot.advice.ranking import OFF_TOPIC as STRAY
from bot.advice.ranking import UNCOVERED
from bot.insights.masking import Masker
from bot.insights.subjects import OFF_TOPIC, Subjects, present
from bot.insights.turns import Part
from bot.knowledge import KnowledgeBase
from bot.knowledge.places import Place as FilePlace
from bot.language.answer_index import AnswerIndex, Candidate, texts_of

DISTANCE = 0.7
APART = 0.2
"""Both chosen from the table of ``python -m evaluation.grouping``."""

MOST_WORDINGS = 3000
"""More different wordings are not compared with one another: memory grows with their square (72 MB for 3,000)."""

_EXAMPLES = 5
_CANDIDATES = 6
NEAR = 0.1
"""A fact less probable than this has nothing to do with a question."""

_NOTED = 0.04
"""An answer in part says from this probability on that something is not covered."""

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
class NearestFact:
    """The fact that the questions are nearest to; ``probability`` is what the bot gave it, on average."""

    id: str
    text: str
    probability: float


@dataclass(frozen=True)
class Place:
    """Where an answer would belong: a line in a file of the knowledge base, with role and topic where they can be told.

    ``record`` is the id of the fact or of the uncovered kind that stands there; "" where a new kind would be added.
    """

    file: str
    line: int
    record: str
    roles: tuple[str, ...]
    topic: str | None


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
    masker: Masker,
    places: Mapping[tuple[str, str], FilePlace],
) -> list[UnansweredGroup]:
    """Group the questions, the largest group first; of more than ``MOST_WORDINGS`` wordings, the commonest.

    ``places`` says where the records of the knowledge base stand (bot.knowledge.places).
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
    nearest = _nearest_to([by_wording[words] for words in wordings], read, vectors, kb, encoder)
    groups = []
    for rows in members.values():
        asked = [by_wording[wordings[row]] for row in rows]
        groups.append(_group(asked, vectors[rows], _mean([nearest[row] for row in rows], asked), kb, masker, places))
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
    fact = next((key for key, _ in sorted(nearest.items(), key=lambda item: -item[1]) if key in kb.facts), None)
    return UnansweredGroup(
        label=examples[0],
        count=len(everything),
        conversations=len({question.sender for question in everything}),
        examples=tuple(examples),
        intent=_commonest(present(question.part.intent) for question in everything),
        kinds=dict(sorted(kinds.items())),
        nearest=NearestFact(fact, kb.facts[fact].text, round(nearest[fact], 3)) if fact else None,
        place=_place(nearest, _commonest(kinds.elements()) == "partial", kb, places),
    )


def _nearest_to(
    asked: Sequence[Sequence[Unanswered]],
    subjects: Sequence[str],
    vectors: Vectors,
    kb: KnowledgeBase,
    encoder: Encoder,
) -> list[dict[str, float]]:
    """What each wording may be about, with probabilities: the mean of what was stored with its messages.

    Without anything stored, what the subject leaves open is decided by what facts and kinds say.
    """
    found: list[dict[str, float]] = []
    for questions, subject in zip(asked, subjects, strict=True):
        stored = [question.part.candidates for question in questions if question.part.candidates]
        shares: dict[str, float] = defaultdict(float)
        for key, share in (each for candidates in stored for each in candidates):
            shares[key] += share / len(stored)
        if not shares and (subject == OFF_TOPIC or subject.startswith(UNCOVERED)):
            shares[STRAY if subject == OFF_TOPIC else subject] = 1.0
        found.append(dict(shares))
    missing = [row for row, shares in enumerate(found) if not shares]
    index = _plain_index(kb, encoder) if missing else None
    if index:
        topics = [kb.facts[key].topic if key in kb.facts else "" for key in index.keys]
        for row, scores in zip(missing, index.scores(vectors[missing]), strict=True):
            if subjects[row] in topics:
                scores[[topic != subjects[row] for topic in topics]] = -np.inf
            found[row] = {key: share for key, _, share in index.best(scores, _CANDIDATES)}
    return found


def _plain_index(kb: KnowledgeBase, encoder: Encoder) -> AnswerIndex | None:
    """The facts and the uncovered kinds by what they say; None without any."""
    candidates = [Candidate(fact.id, fact.text, fact.point) for fact in kb.facts.values()]
    candidates += [Candidate(UNCOVERED + kind.id, kind.name, kind.phrase) for kind in kb.uncovered.values()]
    texts = texts_of(candidates)
    return AnswerIndex.fit(candidates, dict(zip(texts, encoder.encode_many(texts), strict=True))) if texts else None


def _mean(nearest: Sequence[Mapping[str, float]], asked: Sequence[Sequence[Unanswered]]) -> dict[str, float]:
    """The mean of several wordings, each counted as often as it was asked."""
    count = sum(len(questions) for questions in asked)
    shares: dict[str, float] = defaultdict(float)
    for each, questions in zip(nearest, asked, strict=True):
        for key, share in each.items():
            shares[key] += share * len(questions) / count
    return shares


def _place(
    nearest: Mapping[str, float], in_part: bool, kb: KnowledgeBase, places: Mapping[tuple[str, str], FilePlace]
) -> Place:
    """The uncovered kind, the fact, or the end of the uncovered kinds, whichever the questions are nearest to.

    Of an answer in part the facts were said, so that what is left is what was not covered, however little it weighs.
    """
    kinds = {key.removeprefix(UNCOVERED): share for key, share in nearest.items() if key.startswith(UNCOVERED)}
    kinds = {kind: share for kind, share in kinds.items() if kind in kb.uncovered}
    facts = {key: share for key, share in nearest.items() if key in kb.facts}
    stray = sum(share for key, share in nearest.items() if key.startswith(STRAY))
    open_, ours = sum(kinds.values()), sum(facts.values())
    if kinds and ((in_part and open_ >= _NOTED) or open_ >= max(ours, stray, NEAR)):
        kind = max(kinds, key=lambda each: kinds[each])
        return _at(places, "uncovered", kind, (), None)
    if facts and ours >= stray and max(facts.values()) >= NEAR:
        fact = kb.facts[max(facts, key=lambda each: facts[each])]
        return _at(places, "facts", fact.id, tuple(fact.roles), fact.topic)
    # Nothing of ours is near: a new subject, which first of all needs a polite way to say no.
    return _at(places, "uncovered", "", (), None)


def _at(
    places: Mapping[tuple[str, str], FilePlace], key: str, record: str, roles: tuple[str, ...], topic: str | None
) -> Place:
    place = places.get((key, record)) or places.get(("uncovered", "")) or FilePlace("uncovered.yml", 1)
    return Place(place.file, place.line, record, roles, topic)


def _commonest(names: Iterable[str]) -> str:
    """The name that comes most often."""
    counts = Counter(names)
    return min(counts, key=lambda name: (-counts[name], name))


def _wording(text: str) -> str:
    return " ".join(text.lower().split()).rstrip(" ?!.")
