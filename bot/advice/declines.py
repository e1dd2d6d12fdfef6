"""Honest answers to what no source covers: each kind as what it is, then the nearest thing that is covered."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

from bot.advice.answer import Answer, Part, Text
from bot.advice.question import Question
from bot.advice.things import relevant
from bot.advice.wording import ids, it_says, join, plural
from bot.knowledge import Fact, KnowledgeBase, Uncovered, UncoveredItem

PREFIX = "uncovered_"

_LEADS = (
    "The article does not cover {what}.",
    "That is outside the article: it does not cover {what}.",
    "My source does not cover {what}.",
)
_LEADS_OF_SEVERAL = (
    "My sources do not cover {what}.",
    "That is outside my sources: they do not cover {what}.",
    "The sources I have do not cover {what}.",
)
_SAME = 0.45
"""Cosine similarity from which a fact is taken to be the covered part of an uncovered question."""

_ABOUT_ROLES = ("other_roles", "ai_impact")
_BETWEEN = ("trends", "synergy")
"""What is said about roles in relation to each other, all that answers kinds about other roles or all roles."""
_NEAR_IS_ENOUGH = ("ai_impact", "programming", "other_tools", "other_roles")
"""Kinds that a near fact answers in part even when it names nothing that was asked about."""

_KINDS_WITH_A_PART: Mapping[str, tuple[str, ...]] = {
    "ai_impact": ("trends",),
    "programming": ("tools",),
    "other_tools": ("tools",),
    "other_roles": ("focus_areas",),
    "how_to_become": ("skills",),
    "education": ("skills", "focus_areas"),
}
"""Kinds of which a part is always covered, and the topics that hold it."""


def kind_of(kb: KnowledgeBase, question: Question) -> Uncovered | None:
    """The uncovered kind that a question is: by its intent, or by a thing it names (PyTorch, data scientist)."""
    if question.intent.startswith(PREFIX):
        return kb.uncovered.get(question.intent.removeprefix(PREFIX))
    for kind in kb.uncovered.values():
        named = [item for item in kind.items if item.id in question.uncovered]
        if kind.id in question.uncovered or any(not _is_background(item, question.text) for item in named):
            return kind
    return None


def _is_background(item: UncoveredItem, text: str) -> bool:
    """Whether a role is only the listener or the asker: "explain it to a software engineer", "I am a data analyst"."""
    names = "|".join(re.escape(alias) for alias in item.aliases)
    return bool(re.search(rf"\b(?:to|for|as|from|i am|i'm) (?:an? |my )?(?:\w+ )?(?:{names})", text))


def decline(kb: KnowledgeBase, kind: Uncovered, question: Question, roles: Sequence[str], turn: int = 0) -> Answer:
    """Say in one sentence that ``kind`` is not covered, then what nearly answers the question where there is that."""
    what = _what(kb, kind, question)
    leads = _LEADS if len(kb.sources) < 2 else _LEADS_OF_SEVERAL
    lead = leads[turn % len(leads)].format(what=what)
    facts = _covered_part(kb, kind, question, roles)
    parts: list[Part] = [Text(lead)]
    if facts:
        parts.append(Text(f"What {it_says(kb, True)}: " + " ".join(fact.text for fact in facts)))
        shown = tuple(roles) or tuple(kb.roles)
        return Answer("partial", tuple(parts), ids(facts), shown, tuple({f.topic: None for f in facts}))
    nearest = [kb.topics[topic].name.lower() for topic in kind.nearest]
    whose = f" of {plural(kb, roles)}" if roles else ""
    parts = [
        Text(f"{lead} The nearest {'it has' if len(kb.sources) < 2 else 'they have'}: {join(nearest, 'or')}{whose}.")
    ]
    return Answer("declined", tuple(parts), (), tuple(roles), ())


def _items(kb: KnowledgeBase, question: Question, kind: Uncovered) -> list[UncoveredItem]:
    return [item for item in kind.items if item.id in question.uncovered]


def _what(kb: KnowledgeBase, kind: Uncovered, question: Question) -> str:
    named = join([item.name for item in _items(kb, question, kind)][:2], "or")
    if not named:
        return kind.phrase
    if kind.id in ("other_roles", "other_tools", "technique", "programming"):
        return named
    return f"{kind.phrase}, so nothing about {named}"


def _covered_part(kb: KnowledgeBase, kind: Uncovered, question: Question, roles: Sequence[str]) -> list[Fact]:
    """At most two facts that answer a part of the question."""
    if question.hits and question.hits[0][1] >= _SAME and question.hits[0][0] in kb.facts:
        best = kb.facts[question.hits[0][0]]
        shares = bool(set(best.entities) & set(question.things)) and kind.id != "ai_impact"
        if shares or (kind.id in _NEAR_IS_ENOUGH and (kind.id not in _ABOUT_ROLES or best.topic in _BETWEEN)):
            return [best]
    if question.things and kind.id not in _ABOUT_ROLES:
        about = [f for f in relevant(kb, question, roles) or relevant(kb, question) if not f.overview]
        tool = next((f for f in about if f.topic == "tools" and f is not about[0]), None)
        if about:
            return [about[0], tool] if tool and kind.id in ("how_to_become", "education") else about[:1]
    topics = _KINDS_WITH_A_PART.get(kind.id, ())
    # A role that is only known from before would bring the same skills again with every such question.
    asked = question.roles or (roles if kind.id in _NEAR_IS_ENOUGH else ())
    if topics and (asked or kind.id == "ai_impact"):
        found = [kb.overview(role, topic) for topic in topics for role in (asked or kb.roles)]
        return list(dict.fromkeys(f for f in found if f))[:2]
    return []
