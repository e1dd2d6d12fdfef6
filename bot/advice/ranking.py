"""What a question is about, once the conversation is known: the candidates of the index, weighed with their context.

The index (:mod:`bot.language.answer_index`) compares meanings. What it cannot see is added to its scores here, as a
linear model whose weights can be read: roles and things that the question names, the topic that its intent asks for,
and what was said before.
"""

from __future__ import annotations

import math
from collections.abc import Iterable
from dataclasses import dataclass

from bot.advice.question import Context, Question
from bot.knowledge import Fact, KnowledgeBase, Uncovered
from bot.language.candidates import OFF_TOPIC, UNCOVERED
from bot.language.wording import wording

# Added to the score of a candidate. One unit makes it e times as likely against the others.
ROLE_NAMED, OTHER_ROLE_NAMED = 1.0, -3.0
SHARED = -0.8
"""For a fact about several roles where the question names one."""
ROLE_BEFORE, OTHER_ROLE_BEFORE = 0.5, -1.0
OTHER_ROLE_MEANT = -3.0
"""For another role than the last one where the words refer back to it."""
THING_NAMED, OTHER_THING_NAMED = 2.0, -1.0
THING_BEFORE = 1.0
"""For a thing of the last question, where this one names none and refers back."""
NAMED_ALONE = 4.0
"""Besides, where the question is about nothing but what it names."""
TOPIC_NAMED = 0.6
TOPIC_ASKED = 1.0
"""For the topic of the intent, times the intent's probability."""
NEAR_BEFORE = 2.5
"""For a fact that the last question was near to, times its probability then, where this one refers back."""
ARTICLE = 0.9
"""For facts of an article, the source that decides what the roles are."""
BROAD_BEYOND = -1.0
"""For the short answer to a topic beyond the article that the question does not ask for."""
UNCOVERED_NAMED, UNCOVERED_SAID = 1.5, 3.0
"""For an uncovered kind of which an item is named, or which words stand for that mean nothing else."""
UNCOVERED_ASKED = 2.0
"""For the uncovered kind of the intent, times the intent's probability."""
NAMES_OURS = -2.0
"""For being off topic, where the question names a role or thing of ours."""
_SHORT = 6


@dataclass(frozen=True)
class Ranking:
    """Facts and uncovered kinds with their probability, best first; ``off_topic`` is the probability of neither."""

    facts: tuple[tuple[Fact, float], ...] = ()
    uncovered: tuple[tuple[Uncovered, float], ...] = ()
    off_topic: float = 0.0

    @property
    def covered(self) -> float:
        """How probable it is that a fact answers."""
        return sum(p for _, p in self.facts)

    @property
    def not_covered(self) -> float:
        """How probable it is that the question is of an uncovered kind."""
        return sum(p for _, p in self.uncovered)

    def best(self, least: float = 0.0, roles: Iterable[str] = ()) -> list[Fact]:
        """The facts with at least the share ``least`` of the best one's probability; only those about ``roles``."""
        wanted = set(roles)
        kept = [(fact, p) for fact, p in self.facts if not wanted or wanted & set(fact.roles)]
        return [fact for fact, p in kept if p >= least * kept[0][1]]


def rank(kb: KnowledgeBase, question: Question, context: Context, roles: Iterable[str] = ()) -> Ranking:
    """Weigh the candidates of ``question``; ``roles`` are those that it names."""
    named = set(roles)
    before = set(context.roles) if context.fresh and len(context.roles) == 1 and not named else set()
    things = set(question.things)
    topics = dict(_topics(kb, question))
    if len(named) == 1:  # what one role does is not what all do together
        topics = {topic: p for topic, p in topics.items() if not kb.topics[topic].several}
    back = refers_back(question) and context.fresh
    kinds = {kind.id for kind in kb.uncovered.values() for item in kind.items if item.id in question.uncovered}
    said = set(question.uncovered) & set(kb.uncovered)
    asked = {intent.removeprefix("uncovered_"): p for intent, p in question.ranking}
    weighed: dict[str, float] = {}
    for key, score in _scores(kb, question):
        if key in kb.facts:
            weighed[key] = score + _of_fact(kb.facts[key], named, before, things, topics, question)
            article = kb.kind_of(kb.facts[key]) == "article"
            weighed[key] += ARTICLE if article else BROAD_BEYOND * _is_broad(kb.facts[key], topics, question)
            if back:
                weighed[key] += NEAR_BEFORE * context.near.get(key, 0.0)
                weighed[key] += OTHER_ROLE_MEANT * bool(before and not before & set(kb.facts[key].roles))
                weighed[key] += THING_BEFORE * bool(not things and set(context.things) & set(kb.facts[key].entities))
        elif key.startswith(UNCOVERED):
            kind = key.removeprefix(UNCOVERED)
            named_kind = UNCOVERED_SAID * (kind in said) or UNCOVERED_NAMED * (kind in kinds)
            weighed[key] = score + named_kind + UNCOVERED_ASKED * asked.get(kind, 0.0)
        else:
            weighed[key] = score + (NAMES_OURS if named or things else 0.0)
    if not weighed:
        return Ranking()
    most = max(weighed.values())
    shares = {key: math.exp(score - most) for key, score in weighed.items()}
    whole = sum(shares.values())
    ordered = sorted(((key, share / whole) for key, share in shares.items()), key=lambda item: -item[1])
    return Ranking(
        tuple((kb.facts[key], p) for key, p in ordered if key in kb.facts),
        tuple(
            (kb.uncovered[kind], p)
            for key, p in ordered
            if key.startswith(UNCOVERED) and (kind := key.removeprefix(UNCOVERED)) in kb.uncovered
        ),
        sum(p for key, p in ordered if key.startswith(OFF_TOPIC)),
    )


def _scores(kb: KnowledgeBase, question: Question) -> list[tuple[str, float]]:
    """The candidates with their scores, and with what names the things that a bare question is about."""
    found = [(key, score) for key, score, _ in question.candidates]
    if not question.bare or not found:
        return found
    known, least = {key for key, _ in found}, min(score for _, score in found)
    return found + [(fact.id, least) for fact in kb.facts_naming_any(question.things) if fact.id not in known]


def _is_broad(fact: Fact, topics: dict[str, float], question: Question) -> bool:
    short = fact.overview or bool(fact.overview_for)
    return short and fact.topic not in topics and fact.topic not in question.topics


def refers_back(question: Question) -> bool:
    """Whether the words of a question may mean something that was said before."""
    return len(question.text.split()) <= _SHORT or wording().says("refers_back", question.text)


def _of_fact(
    fact: Fact, named: set[str], before: set[str], things: set[str], topics: dict[str, float], question: Question
) -> float:
    roles = set(fact.roles)
    found = topics.get(fact.topic, 0.0) * TOPIC_ASKED
    if named:
        found += ROLE_NAMED if roles & named else OTHER_ROLE_NAMED
        found += SHARED * (len(named) == 1 and len(roles) > 1 and fact.topic not in topics)
    if before:
        found += ROLE_BEFORE if roles & before else OTHER_ROLE_BEFORE
    if things:
        shared = len(things & set(fact.entities))
        found += THING_NAMED * min(shared, 2) / min(len(things), 2) if shared else OTHER_THING_NAMED
        found += NAMED_ALONE * bool(shared and question.bare)
        found -= 0.5 * (shared > 0 and fact.overview)
    if fact.topic in question.topics:
        found += TOPIC_NAMED
    return found


def _topics(kb: KnowledgeBase, question: Question) -> Iterable[tuple[str, float]]:
    """How probable each topic's intent is."""
    probabilities = dict(question.ranking) or {question.intent: question.confidence}
    for topic in kb.topics.values():
        if topic.intent in probabilities:
            yield topic.id, probabilities[topic.intent]
