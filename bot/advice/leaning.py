"""Which role a person's likes and strengths lean to, by matching them with facts about the roles."""

from __future__ import annotations

import re
from collections.abc import Sequence

from bot.advice.answer import Answer, Bullets, Part, Text
from bot.advice.question import Question
from bot.advice.wording import ids, plural, shared_fact, topics_of
from bot.knowledge import Fact, KnowledgeBase

MARGIN = 0.2
"""Two roles whose shares of the evidence differ by less than this are too close to call."""

_FLOOR = 0.27
_DISLIKES = re.compile(
    r"\b(hate|dislike|can ?not stand|bored? (?:by|of|with)|boring|tired of|avoid|no interest in"
    r"|not (?:into|interested in|fond of|good at|keen on)"
    r"|do(?:es)? not (?:like|enjoy|want|care))\b"
)


_CLAUSE = re.compile(r"[,.;!?]|\bbut\b|\band (?=i\b)")
_BESIDE_THINGS = 0.35
"""What a fact that is only near in meaning counts, as a share, where the person names things."""


def dislikes(text: str) -> bool:
    """Whether a clause says what the person does not like."""
    return bool(_DISLIKES.search(text))


def evidence(kb: KnowledgeBase, questions: Sequence[Question]) -> list[tuple[Fact, float]]:
    """Facts about a single role that match what the person said, with a signed weight, strongest first.

    A thing that is named weighs 1; a fact that is only near in meaning weighs its cosine similarity. What the person
    dislikes counts against the role it belongs to.
    """
    weights: dict[str, float] = {}
    for question in questions:
        clauses = [clause for clause in _CLAUSE.split(question.text) if clause.strip()]
        mixed = len({dislikes(clause) for clause in clauses}) > 1
        sign = -1.0 if dislikes(question.text) else 1.0
        for thing in question.things:
            if mixed:
                sign = -1.0 if any(dislikes(c) for c in clauses if _names(kb, thing, c)) else 1.0
            facts = [f for f in kb.facts_naming(thing) if len(f.roles) == 1]
            near = dict(question.hits)
            for role in {f.roles[0] for f in facts}:
                own = [f for f in facts if f.roles[0] == role]
                best = max(own, key=lambda f: (not f.overview, near.get(f.id, 0.0)))
                weights[best.id] = sign * max(1.0, abs(weights.get(best.id, 0.0)))
        for fact_id, score in question.hits:
            fact = kb.facts.get(fact_id)
            if fact and len(fact.roles) == 1 and score >= _FLOOR and fact_id not in weights and not mixed:
                weights[fact_id] = sign * score * (_BESIDE_THINGS if question.things else 1.0)
    ranked = sorted(weights.items(), key=lambda item: -abs(item[1]))
    return [(kb.facts[fact_id], weight) for fact_id, weight in ranked]


def _names(kb: KnowledgeBase, thing: str, clause: str) -> bool:
    """Whether a clause holds one of the thing's names; a plural or a compound counts too."""
    return any(alias in clause for alias in (kb.entities[thing].name.lower(), *kb.entities[thing].aliases))


def totals(kb: KnowledgeBase, found: Sequence[tuple[Fact, float]]) -> dict[str, float]:
    """The summed weight of the evidence by role id."""
    sums = dict.fromkeys(kb.roles, 0.0)
    for fact, weight in found:
        sums[fact.roles[0]] += weight
    return sums


def lean(kb: KnowledgeBase, questions: Sequence[Question]) -> Answer | None:
    """A recommendation from what the person says about themselves, naming the facts; None without any evidence."""
    found = evidence(kb, questions)
    if not found:
        return None
    sums = totals(kb, found)
    first, second = sorted(sums, key=lambda role: -sums[role])[:2]
    size = sum(abs(value) for value in sums.values()) or 1.0
    against = [fact for fact, weight in found if weight < 0][:2]
    if (sums[first] - sums[second]) / size < MARGIN:
        return _close(kb, found, (first, second))
    likes = _different([f for f, weight in found if weight > 0 and f.roles[0] == first])[:3]
    parts: list[Part] = [
        Text(
            f"From what you say it leans towards **{kb.roles[first].name}**. "
            "In the end your passions and strengths decide."
        )
    ]
    used = list(likes)
    if likes:
        parts.append(Bullets(tuple(f.text for f in likes)))
    if against:
        parts.append(Text(f"What you would rather avoid is on the other side: {against[0].text}"))
        used.append(against[0])
    else:
        other = next((f for f, weight in found if weight > 0 and f.roles[0] == second), None)
        if other:
            parts.append(Text(f"On the other side: {other.text}"))
            used.append(other)
    return Answer("recommendation", tuple(parts), ids(used), (first,), topics_of(used), options=ids(used))


def _different(facts: Sequence[Fact]) -> list[Fact]:
    """The facts that name something no earlier one named."""
    kept: list[Fact] = []
    named: set[str] = set()
    for fact in facts:
        if not fact.entities or not named.issuperset(fact.entities):
            kept.append(fact)
            named.update(fact.entities)
    return kept


def _close(kb: KnowledgeBase, found: Sequence[tuple[Fact, float]], roles: tuple[str, str]) -> Answer:
    lines = []
    used: list[Fact] = []
    for role in roles:
        best = next((f for f, weight in found if weight > 0 and f.roles[0] == role), None)
        if best:
            lines.append(best.text)
            used.append(best)
    hybrid = shared_fact(kb, "shared.trends.hybrid_roles", roles)
    parts: list[Part] = [
        Text(
            f"What you say fits both {plural(kb, roles)}, so this is too close to call; "
            "your passions and strengths decide."
        )
    ]
    if lines:
        parts.append(Bullets(tuple(lines)))
    if hybrid:
        parts.append(Text(hybrid.text))
        used.append(hybrid)
    return Answer("recommendation", tuple(parts), ids(used), roles, topics_of(used), options=ids(used))
