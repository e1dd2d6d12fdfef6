"""Answers to messages that only make sense after another answer: why, more, in short, the second one, where from."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import datetime, timezone
from typing import Any

from bot.advice.answer import Answer, Bullets, Suggestion, Text, part_from_dict
from bot.advice.question import Context, Question
from bot.advice.wording import WORD_LIMIT, ids, join, roles_of, told, topics_of, within
from bot.knowledge import Fact, KnowledgeBase, Source

_ORDINALS: Mapping[str, int] = {
    **dict.fromkeys(("first", "1", "1st", "one", "a", "left", "former", "top"), 0),
    **dict.fromkeys(("second", "2", "2nd", "two", "b", "right", "latter"), 1),
    **dict.fromkeys(("third", "3", "3rd", "three", "c"), 2),
    **dict.fromkeys(("fourth", "4", "4th", "four", "d"), 3),
    **dict.fromkeys(("fifth", "5", "5th", "five", "e"), 4),
    "last": -1,
}


_REFERS_BACK = re.compile(r"\bwhich (?:one |ones |part )?of (?:these|those|them)\b(?! (?:two|roles|jobs))")
_OF_THOSE = 0.25
_SAME_TOPIC = 0.1
"""What being on the last answer's topic is worth beside a cosine similarity."""


def ordinal(text: str) -> int | None:
    """The position that a message points to (0 is the first, -1 the last), or None."""
    for word in text.lower().replace(",", " ").replace(".", " ").replace("?", " ").split():
        if word in _ORDINALS and not (word in ("one", "a") and len(text.split()) > 2):
            return _ORDINALS[word]
    return None


def source(kb: KnowledgeBase, context: Context) -> Answer:
    """Where the last answer, or everything, comes from."""
    facts = [kb.facts[f] for f in context.facts if f in kb.facts]
    sources = {f.source: kb.sources[f.source] for f in facts} or dict(kb.sources)
    titles = [f'"{s.title}" ({s.publisher}, {s.date.strftime("%B %-d, %Y")}{_since(s)})' for s in sources.values()]
    text = f"It comes from the article{'s' if len(titles) > 1 else ''} {join(titles)}."
    sections = list(dict.fromkeys(f.section for f in facts))
    if sections:
        text += f" The part used here: {join(sections)}."
    return Answer("answer" if facts else "smalltalk", (Text(text),), ids(facts), roles_of(facts, kb), topics_of(facts))


def _since(source: Source) -> str:
    if source.outdated_from is None or not source.is_outdated(datetime.now(timezone.utc).date()):
        return ""
    return f"; out of date since {source.outdated_from.strftime('%B %-d, %Y')}"


def why(kb: KnowledgeBase, context: Context) -> Answer | None:
    """The facts behind the last answer; None when there was none."""
    facts = [kb.facts[f] for f in context.facts if f in kb.facts][:4]
    if not facts:
        return None
    lead = f"Because that is what {told(kb, 'says', 'the')}, and I add nothing to it:"
    return Answer(
        "answer",
        (Text(lead), Bullets(tuple(f.text for f in facts[:3]))),
        ids(facts[:3]),
        roles_of(facts, kb),
        topics_of(facts),
    )


def more(kb: KnowledgeBase, context: Context, question: Question) -> Answer | None:
    """Details of the last topic that were not shown yet; None when there is no topic."""
    pool = _pool(kb, context)
    if not pool:
        return None
    wanted = set(question.things) or set(context.things)
    if wanted:
        named = [f for f in kb.facts.values() if wanted & set(f.entities)]
        named = [f for f in named if question.things or f.id not in context.shown]
        pool = named or pool
    fresh = [f for f in pool if f.id not in context.shown and not f.overview] or (list(pool) if wanted else [])
    if not fresh:
        text = f"That is all {told(kb, 'says', 'the')} about it."
        return Answer("clarify", (Text(text),), (), context.roles, (context.topic,) if context.topic else ())
    shown = within(fresh, WORD_LIMIT, 6)
    several = len({f.roles for f in shown}) > 1
    items = tuple(f.text if several or wanted else f.point for f in shown)
    lead = "More on that:"
    return Answer(
        "answer", (Text(lead), Bullets(items)), ids(shown), roles_of(shown, kb), topics_of(shown), options=ids(shown)
    )


def shorten(kb: KnowledgeBase, context: Context) -> Answer | None:
    """The last answer in its fewest words; None when there was none."""
    facts = [kb.facts[f] for f in context.facts if f in kb.facts]
    best = [f for f in facts if f.overview][:3] or facts[:1]
    if not best:
        return None
    if len(best) == 1:
        return Answer("answer", (Text(f"In short: {best[0].point}."),), ids(best), best[0].roles, (best[0].topic,))
    labels = [kb.roles[f.roles[0]].name if len(f.roles) == 1 else kb.topics[f.topic].name for f in best]
    if len(set(labels)) < len(labels):
        labels = [kb.topics[f.topic].name for f in best]
    items = tuple(f"**{label}**: {fact.point}" for label, fact in zip(labels, best, strict=True))
    return Answer("answer", (Text("In short:"), Bullets(items)), ids(best), roles_of(best, kb), topics_of(best))


def pick(kb: KnowledgeBase, context: Context, question: Question) -> Answer | None:
    """What the sources say about the n-th thing of the last answer; None when nothing matches."""
    position = ordinal(question.text)
    facts = [kb.facts[f] for f in context.options if f in kb.facts]
    if position is None or not facts or position >= len(facts):
        return None
    chosen = facts[position]
    things = set(chosen.entities)
    related = [f for f in kb.facts.values() if things & set(f.entities) and set(f.roles) & set(chosen.roles)]
    rest = [f for f in related if f.id != chosen.id and not f.overview]
    shown = within(rest, WORD_LIMIT - len(chosen.text.split()), 3)
    parts = (Text(chosen.text), Bullets(tuple(f.point for f in shown))) if shown else (Text(chosen.text),)
    used: list[Fact] = [chosen, *shown]
    return Answer("answer", parts, ids(used), chosen.roles, (chosen.topic,), options=ids(shown))


def which_of(kb: KnowledgeBase, context: Context, question: Question) -> Answer | None:
    """ "Which of those is about money?": facts about the roles of the last answer, its topic first; None if none."""
    scores: dict[str, float] = {}
    for fact_id, score in question.hits:
        fact = kb.facts[fact_id]
        if set(fact.roles) & set(context.roles):
            scores[fact_id] = score + (_SAME_TOPIC if fact.topic == context.topic else 0.0)
    ranked = sorted(scores, key=lambda fact_id: -scores[fact_id])
    near = [kb.facts[f] for f in ranked if scores[f] >= max(_OF_THOSE, scores[ranked[0]] - _SAME_TOPIC)]
    if not near:
        return None
    rest = within(near[1:], WORD_LIMIT - len(near[0].text.split()), 2)
    parts = (Text(near[0].text), Bullets(tuple(f.point for f in rest))) if rest else (Text(near[0].text),)
    used = [near[0], *rest]
    return Answer("answer", parts, ids(used), roles_of(used, kb), topics_of(used), options=ids(used))


def refers_back(text: str) -> bool:
    """Whether a normalised text asks for some of what was just told."""
    return bool(_REFERS_BACK.search(text))


def remember(answer: Answer) -> dict[str, Any]:
    """What :func:`repeat` needs of an answer, JSON-ready."""
    from bot.advice.answer import part_to_dict

    return {
        "kind": answer.kind,
        "parts": [part_to_dict(p) for p in answer.parts],
        "facts": list(answer.facts),
        "roles": list(answer.roles),
        "topics": list(answer.topics),
        "suggestions": [[s.title, s.payload] for s in answer.suggestions],
    }


def repeat(last: Mapping[str, Any] | None) -> Answer | None:
    """The last answer again, word for word; None when there was none."""
    if not last:
        return None
    return Answer(
        last["kind"],
        tuple(part_from_dict(p) for p in last["parts"]),
        tuple(last["facts"]),
        tuple(last["roles"]),
        tuple(last["topics"]),
        tuple(Suggestion(title, payload) for title, payload in last["suggestions"]),
    )


def _pool(kb: KnowledgeBase, context: Context) -> list[Fact]:
    roles = context.roles or tuple(kb.roles)
    if context.topic in kb.topics:
        return list(dict.fromkeys(f for role in roles for f in kb.facts_for(role, context.topic)))
    return [f for f in kb.facts.values() if set(f.roles) & set(roles)] if context.facts else []
