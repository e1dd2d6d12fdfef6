"""What questions are nearest to, and where an answer to them would belong.

What was nearest is what the bot stored with each message: facts, kinds that no source covers and off topic, with their
probabilities. Conversations of version 0.1 have none of that; for them the bot's own index is asked once more.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol

import numpy as np
import numpy.typing as npt

from bot.insights.subjects import OFF_TOPIC
from bot.insights.turns import Part
from bot.knowledge import KnowledgeBase
from bot.knowledge.places import Place as FilePlace
from bot.language.candidates import OFF_TOPIC as STRAY
from bot.language.candidates import UNCOVERED

NEAR = 0.1
"""A fact less probable than this has nothing to do with a question."""

_NOTED = 0.04
"""An answer in part says from this probability on that something is not covered."""

_CANDIDATES = 6

Vectors = npt.NDArray[np.float32]


class Index(Protocol):
    """What scores all candidates for a question: ``bot.language.answer_index.AnswerIndex`` does."""

    keys: tuple[str, ...]

    def scores(self, questions: Vectors) -> Vectors: ...
    def best(self, scores: Vectors, most: int) -> list[tuple[str, float, float]]: ...


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


class Nearest:
    """Finds what questions are nearest to."""

    def __init__(self, kb: KnowledgeBase, index: Callable[[], Index]) -> None:
        """``index`` is called only for questions that nothing is stored with."""
        self._kb = kb
        self._index = index

    def shares(
        self, asked: Sequence[Sequence[Part]], subjects: Sequence[str], vectors: Vectors
    ) -> list[dict[str, float]]:
        """For each wording, asked once or more, the keys of what it is nearest to with their mean probabilities.

        ``subjects`` and ``vectors`` are those of the wordings, in the same order.
        """
        found: list[dict[str, float]] = []
        for parts, subject in zip(asked, subjects, strict=True):
            stored = [dict(part.candidates) for part in parts if part.candidates]
            if not stored and (subject == OFF_TOPIC or subject.startswith(UNCOVERED)):
                stored = [{STRAY if subject == OFF_TOPIC else subject: 1.0}]
            found.append(mean_of(stored, [1] * len(stored)))
        missing = [row for row, shares in enumerate(found) if not shares]
        if missing and self._kb.facts:
            for row, shares in zip(missing, self._asked_now(missing, subjects, vectors), strict=True):
                found[row] = shares
        return found

    def _asked_now(self, rows: Sequence[int], subjects: Sequence[str], vectors: Vectors) -> list[dict[str, float]]:
        index = self._index()
        facts = self._kb.facts
        topics = [facts[key].topic if key in facts else "" for key in index.keys]
        found = []
        for row, scores in zip(rows, index.scores(vectors[list(rows)]), strict=True):
            if subjects[row] in topics:  # The intent says which topic it was about.
                scores[[topic != subjects[row] for topic in topics]] = -np.inf
            found.append({key: share for key, _, share in index.best(scores, _CANDIDATES)})
        return found


def mean_of(shares: Sequence[Mapping[str, float]], counts: Sequence[int]) -> dict[str, float]:
    """The mean of several probabilities of keys, each counted so many times; a key that is missing has none."""
    total = sum(counts)
    found: dict[str, float] = defaultdict(float)
    for each, count in zip(shares, counts, strict=True):
        for key, share in each.items():
            found[key] += share * count / total
    return dict(found)


def nearest_fact(kb: KnowledgeBase, shares: Mapping[str, float]) -> NearestFact | None:
    """The most probable fact, or None if there is none among them."""
    facts = [key for key in shares if key in kb.facts]
    if not facts:
        return None
    best = max(facts, key=lambda key: shares[key])
    return NearestFact(best, kb.facts[best].text, round(shares[best], 3))


def place_of(
    kb: KnowledgeBase, nearest: Mapping[str, float], places: Mapping[tuple[str, str], FilePlace], in_part: bool
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
