"""Answers that start from a thing: who does it, does a role do it, what is it about, how is it done."""

from __future__ import annotations

import re
from collections.abc import Sequence

from bot.advice.answer import Answer, Bullets, Part, Text
from bot.advice.question import Question
from bot.advice.wording import WORD_LIMIT, heading, ids, it_says, join, plural, roles_of, told, topics_of, within
from bot.knowledge import Fact, KnowledgeBase

CLEAR = 0.42
"""Cosine similarity from which a fact counts as what the question means; from the curve of ``make retrieval-curve``."""

_NAMED = 0.15

_ASKS_MEANING = re.compile(r"\b(what (?:is|are|does)|define|definition of|meaning of|explain)\b")
_UNDEFINED_KINDS = frozenset({"skill", "concept", "hardware", "tool"})
_MAKES_NO_CLAIM = re.compile(
    r"\b(need|needs|must|have to|has to|require[sd]?|necessary|without|can|could|should|bad at)\b"
)


def relevant(kb: KnowledgeBase, question: Question, roles: Sequence[str] = (), clear: float = CLEAR) -> list[Fact]:
    """Facts that the question is about, best first: those that name its things and those clearly nearest in meaning.

    A fact scores its cosine similarity plus a bonus for each thing it names. With ``roles``, only facts about one of
    them.
    """
    near = dict(question.hits)
    wanted = set(question.things)
    floor = min(near.values(), default=0.0)
    scores: dict[str, float] = {}
    for fact in kb.facts.values():
        named = len(wanted & set(fact.entities))
        if named or near.get(fact.id, 0.0) >= clear:
            # Details answer a question about a thing better than summaries that merely list it.
            scores[fact.id] = near.get(fact.id, floor * 0.7) + _NAMED * named - (0.05 if fact.overview else 0.0)
    ranked = sorted(scores, key=lambda fact_id: -scores[fact_id])
    return [kb.facts[f] for f in ranked if not roles or set(roles) & set(kb.facts[f].roles)]


def name_of(kb: KnowledgeBase, question: Question) -> str:
    """The things of the question by name, or "that"."""
    return join([kb.entities[t].name for t in question.things if t in kb.entities][:2]) or "that"


def who(kb: KnowledgeBase, question: Question) -> Answer | None:
    """Which role does it, with the fact that says so; None where no source names it."""
    facts = relevant(kb, question)
    if not facts:
        return None
    if not question.things:
        facts = [f for f in facts if f.roles == facts[0].roles]
    owners = roles_of([f for f in facts if len(f.roles) == 1] or facts, kb)
    if len(owners) == 1:
        best = [f for f in facts if owners[0] in f.roles][:2]
        lead = f"**{_capital(plural(kb, owners))}.** {best[0].text}"
        return _told("answer", [Text(lead)], best[:1], best[1:], owners)
    chosen = [next(f for f in facts if role in f.roles) for role in owners]
    lines = tuple(f"**{heading(kb, [r])}**: {f.text}" for r, f in zip(owners, chosen, strict=True))
    if len(set(ids(chosen))) == 1:
        lines = (chosen[0].text,)
    return _told(
        "answer",
        [Text(f"{told(kb, 'names')} {'both roles' if len(owners) == 2 else 'several roles'}:"), Bullets(lines)],
        chosen,
        [],
        owners,
    )


def does_role(kb: KnowledgeBase, question: Question, roles: Sequence[str]) -> Answer | None:
    """Whether ``roles`` do or use it. Listed for another role only: says so, and never turns that into a "no"."""
    if len(roles) != 1:
        return who(kb, question)
    role = roles[0]
    near = relevant(kb, question)
    facts = [fact for fact in near if role in fact.roles]
    if question.things:
        # A fact that is merely near in meaning is no "yes" to a question that names the thing.
        facts = [fact for fact in facts if set(fact.entities) & set(question.things)]
    if facts:
        claims = not _MAKES_NO_CLAIM.search(question.text)
        lead = f"Yes. {facts[0].text}" if claims and question.things else facts[0].text
        return _told("answer", [Text(lead)], facts[:1], facts[1:3], (role,))
    elsewhere = [fact for fact in near if role not in fact.roles]
    if not elsewhere:
        return None
    others = roles_of(elsewhere, kb)
    text = (
        f"{told(kb, 'lists')} {name_of(kb, question)} for {plural(kb, others)}: {elsewhere[0].text} "
        f"{'It does' if len(kb.sources) < 2 else 'They do'} not say whether {kb.roles[role].plural} do too."
    )
    return _told("partial", [Text(text)], elsewhere[:1], [], (role, *others))


def listed_for(kb: KnowledgeBase, question: Question, roles: Sequence[str]) -> Answer | None:
    """What the sources say about the question's things for ``roles``, or for whom they list them instead."""
    own = [f for f in relevant(kb, question, roles) if set(f.entities) & set(question.things)]
    if own or len(roles) != 1:
        return about(kb, question, roles)
    return does_role(kb, question, roles)


def about(kb: KnowledgeBase, question: Question, roles: Sequence[str] = ()) -> Answer | None:
    """What the sources say about a thing, in at most four facts."""
    facts = relevant(kb, question, roles) or relevant(kb, question)
    if not facts:
        return None
    named = [kb.entities[t] for t in question.things if t in kb.entities]
    if len(named) == 1 and named[0].kind in _UNDEFINED_KINDS and _ASKS_MEANING.match(question.text):
        lead = f"{told(kb, 'does not define')} {named[0].name}. What {it_says(kb)}: {facts[0].text}"
        return _told("partial", [Text(lead)], facts[:1], facts[1:3], roles_of(facts[:1], kb))
    return _told("answer", [Text(facts[0].text)], facts[:1], facts[1:4], roles_of(facts[:1], kb))


def how_to(kb: KnowledgeBase, question: Question, roles: Sequence[str] = ()) -> Answer | None:
    """No source gives instructions: says so, then what it does say about the thing."""
    facts = relevant(kb, question, roles, clear=0.28) or relevant(kb, question, clear=0.28)
    if not facts:
        return None
    facts = sorted(facts, key=lambda fact: not set(fact.entities) & set(question.things))
    facts[1:] = sorted(facts[1:], key=lambda fact: (fact.topic, fact.roles) != (facts[0].topic, facts[0].roles))
    lead = f"{told(kb, 'does not explain')} how to do that step by step. What {it_says(kb, True)}: {facts[0].text}"
    return _told("partial", [Text(lead)], facts[:1], facts[1:4], roles_of(facts[:1], kb))


def _told(kind: str, lead: list[Part], said: Sequence[Fact], more: Sequence[Fact], roles: Sequence[str]) -> Answer:
    words = sum(len(fact.text.split()) for fact in said)
    rest = [f for f in more if not set(f.entities) <= {e for s in said for e in s.entities} or not f.overview]
    shown = within(rest, WORD_LIMIT - words, 3)
    parts = [*lead, Bullets(tuple(fact.point for fact in shown))] if shown else lead
    facts = [*said, *shown]
    return Answer(kind, tuple(parts), ids(facts), tuple(roles), topics_of(facts), options=ids(facts))  # type: ignore[arg-type]


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]
