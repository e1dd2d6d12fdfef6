"""What could be better in valid knowledge files: gaps, duplicates, and facts that nobody's question reaches."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timezone

import numpy as np

from bot.advice import Context, Question, reply
from bot.content.reading import Reader
from bot.knowledge import KnowledgeBase

DUPLICATE = 0.9
"""Cosine similarity from which two facts about the same roles say nearly the same."""

DUE_DAYS = 60
"""A source that is out of date within so many days is due to be looked at."""
_OUTDATED = "out of date, as answers say: find a new edition, or set a later outdated_from where it still holds"
_DUE = f"out of date within {DUE_DAYS} days"


@dataclass(frozen=True)
class Hint:
    """Something to look at: what kind of thing, and a sentence about it."""

    kind: str
    text: str


def hints(
    kb: KnowledgeBase, reader: Reader, examples: Iterable[tuple[str, str]], today: date | None = None
) -> Iterator[Hint]:
    """Everything worth a look, the structure first; ``examples`` are (question, intent) that tests or people ask."""
    yield from ageing(kb, today or datetime.now(timezone.utc).date())
    yield from without_alias(kb)
    yield from lacking_topics(kb)
    yield from lacking_pairs(kb)
    yield from duplicates(kb, reader)
    yield from unreached(kb, reader.questions(examples))


def ageing(kb: KnowledgeBase, today: date) -> Iterator[Hint]:
    """Sources that are out of date, and those that will be within :data:`DUE_DAYS`, with what hangs on them."""
    dated = [(s.outdated_from, s) for s in kb.sources.values() if s.outdated_from]
    for day, source in sorted(dated, key=lambda each: each[0]):
        facts = sum(fact.source == source.id for fact in kb.facts.values())
        hangs = f"{facts} fact{'' if facts == 1 else 's'}"
        if source.is_outdated(today):
            yield Hint(_OUTDATED, f"{source.id} since {day} ({hangs})")
        elif (day - today).days <= DUE_DAYS:
            days = (day - today).days
            yield Hint(_DUE, f"{source.id} from {day} on, in {days} day{'' if days == 1 else 's'} ({hangs})")


def without_alias(kb: KnowledgeBase) -> Iterator[Hint]:
    """Entities that are found by their name only, and roles likewise."""
    for entity in kb.entities.values():
        if not entity.aliases:
            yield Hint("no alias", f"{entity.id} is only found as {entity.name!r}: add what people call it")


def lacking_topics(kb: KnowledgeBase) -> Iterator[Hint]:
    """Topics about which a role has no fact, where another role has some."""
    for role in kb.main_roles.values():
        missing = [topic for topic in kb.topics if role.id not in kb.roles_on(topic) and kb.roles_on(topic)]
        if missing:
            yield Hint("topic without facts", f"{role.id} has no fact on {', '.join(missing)}: answers will say so")


def lacking_pairs(kb: KnowledgeBase) -> Iterator[Hint]:
    """Roles that the fit check can hardly lean to, because few of its pairs are about them."""
    count = dict.fromkeys(kb.main_roles, 0)
    for pair in kb.pairs.values():
        for fact in (pair.first_fact, pair.second_fact):
            for role in kb.facts[fact].roles:
                if role in count:
                    count[role] += 1
    for role, pairs in count.items():
        if pairs < 3:
            yield Hint(
                "fit check", f"{role} is in {pairs} pairs of the fit check: give it at least 3 to be found fitting"
            )


def duplicates(kb: KnowledgeBase, reader: Reader) -> Iterator[Hint]:
    """Pairs of details about the same roles that say nearly the same (overviews repeat details on purpose)."""
    facts = list(kb.facts.values())
    similar = reader.fact_vectors @ reader.fact_vectors.T
    for i, j in zip(*np.where(np.triu(similar, 1) >= DUPLICATE), strict=True):
        one, other = facts[int(i)], facts[int(j)]
        if set(one.roles) == set(other.roles) and not one.overview and not other.overview:
            yield Hint(
                "near-duplicate", f"{one.id} and {other.id} say nearly the same ({similar[i, j]:.2f}): keep one?"
            )


def unreached(kb: KnowledgeBase, questions: Sequence[Question]) -> Iterator[Hint]:
    """Facts that are in no answer to any of the questions."""
    shown = {fact for question in questions for fact in reply(kb, [question], Context())[0].facts}
    for fact in kb.facts.values():
        if fact.id not in shown:
            yield Hint("not reached", f"{fact.id}: no test question is answered with it")
