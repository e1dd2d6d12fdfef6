"""Answers from sources beyond the article: a stand-in is said to be one, and figures come with year and source."""

from __future__ import annotations

from collections.abc import Sequence

from bot.advice.answer import Answer, Bullets, Part, Table, Text
from bot.advice.case import Case
from bot.advice.wording import ids, join, topics_of, within
from bot.knowledge import Fact, KnowledgeBase

_MOST_ROWS = 6
_MOST_POINTS = 3
_WORDS = 100
_AROUND = 25
"""Words around a table of roles."""
_BESIDE = 0.04
"""A fact of the article that is about as near goes with the answer from this probability on."""


def is_beyond(kb: KnowledgeBase, topic: str) -> bool:
    """Whether no article speaks of a topic."""
    facts = [fact for fact in kb.facts.values() if fact.topic == topic]
    return bool(facts) and all(kb.kind_of(fact) != "article" for fact in facts)


def caveat(kb: KnowledgeBase, fact: Fact, roles: Sequence[str]) -> str:
    """What is said before ``fact`` where it stands in for one of our ``roles``: a sentence, or nothing."""
    text = kb.topics[fact.topic].caveat
    asked = set(roles) & set(kb.main_roles) if roles else set(kb.main_roles)
    if not text or not fact.proxy or not asked:
        return ""
    return f"{text}, so this is about the nearest occupations. "


def on_topic(case: Case, topic: str, roles: Sequence[str]) -> Answer | None:
    """What the sources say on a topic for ``roles``: a small table where figures can be compared, or the main facts."""
    kb = case.kb
    probable = {fact.id: p for fact, p in case.ranking.facts}
    facts = [f for f in kb.facts.values() if f.topic == topic and set(f.roles) & set(roles)]
    if not facts:
        return None
    overviews = [f for f in facts if any(f.is_overview_of(role) for role in roles)]
    rest = sorted((f for f in facts if f not in overviews), key=lambda f: -probable.get(f.id, 0.0))
    leading = overviews or rest[:1]
    measures = {m for m in _measures(leading[:1]) if _measures(facts).count(m) > 1}
    beside = [fact for fact, p in case.ranking.facts[:4] if p >= _BESIDE and kb.kind_of(fact) == "article"][:1]
    if measures:
        return _figures(kb, topic, roles, [*leading, *rest], measures, beside)
    said = leading[: 2 if len(roles) > 1 else 1]
    lead = caveat(kb, said[0], roles) + " ".join(fact.text for fact in said)
    others = [f for f in (*leading, *rest) if f not in said]
    points = within(others, _WORDS - len(lead.split()), _MOST_POINTS)
    parts: list[Part] = [Text(lead)]
    if points:
        parts.append(Bullets(tuple(fact.point for fact in points)))
    parts += [Text(fact.text) for fact in beside]
    used = [*said, *points, *beside]
    return Answer("answer", tuple(parts), ids(used), _asked(kb, roles), (topic,), options=ids(used))


def _measures(facts: Sequence[Fact]) -> list[str]:
    return [figure.measure for fact in facts for figure in fact.figures]


def _figures(
    kb: KnowledgeBase,
    topic: str,
    roles: Sequence[str],
    facts: Sequence[Fact],
    measures: set[str],
    beside: Sequence[Fact],
) -> Answer:
    """A table of the figures of one kind: whom each is of, when it was measured, and who says so."""
    rows: dict[tuple[str, ...], Fact] = {}
    for fact in facts:
        source = kb.sources[fact.source]
        for figure in fact.figures:
            if figure.measure in measures and len(rows) < _MOST_ROWS:
                rows.setdefault((figure.label, figure.value, f"{figure.period}, {_short(source.publisher)}"), fact)
    used = list(dict.fromkeys(rows.values()))
    places = list(dict.fromkeys(kb.sources[fact.source].geography or "" for fact in used))
    where = f" ({join([place for place in places if place])})" if any(places) else ""
    stands_in = caveat(kb, used[0], roles)
    measure = join(sorted(measures))
    lead = f"{stands_in}{measure[:1].upper()}{measure[1:]}{where}:"
    table = Table(("Occupation", "Figure", "Year, source"), tuple(rows))
    more = list(beside) or [f for f in facts if f not in used and not f.figures][:1]
    parts: tuple[Part, ...] = (Text(lead), table, *(Text(fact.text) for fact in more))
    used += more
    return Answer("answer", parts, ids(used), _asked(kb, roles), (topic,), options=ids(used))


def _short(publisher: str) -> str:
    """The abbreviation that a publisher is known by, or its name."""
    return publisher.rsplit("(", 1)[-1].rstrip(")") if publisher.endswith(")") else publisher


def _asked(kb: KnowledgeBase, roles: Sequence[str]) -> tuple[str, ...]:
    return tuple(role for role in kb.roles if role in roles)


def compared(kb: KnowledgeBase, roles: Sequence[str]) -> Answer | None:
    """Roles of which not all are in the article, side by side on what there is about them; None without anything."""
    topics = [
        t.id for t in kb.topics.values() if sum(kb.overview(role, t.id) is not None for role in roles) == len(roles)
    ]
    rows: list[tuple[str, ...]] = []
    used: list[Fact] = []
    alike = []
    words = _WORDS - _AROUND
    for topic in topics:
        facts = [fact for role in roles if (fact := kb.overview(role, topic))]
        words -= 0 if len(set(facts)) == 1 else sum(len(fact.point.split()) for fact in facts)
        if len(set(facts)) == 1:
            alike.append(kb.topics[topic].name.lower())
        elif words >= 0 and len(rows) < _MOST_ROWS:
            rows.append((kb.topics[topic].name, *(fact.point for fact in facts)))
            used += facts
    if not rows:
        return None
    names = join([kb.roles[role].plural for role in roles])
    missing = [kb.topics[t].name.lower() for t in kb.profile_topics if t not in topics]
    parts: list[Part] = [Text(f"{names[:1].upper()}{names[1:]} on what my sources have about both:")]
    parts.append(Table(("", *(kb.roles[r].plural[:1].upper() + kb.roles[r].plural[1:] for r in roles)), tuple(rows)))
    if alike:
        parts.append(Text(f"What they have on {join(alike)} stands for both."))
    if missing:
        parts.append(Text(f"My sources do not compare them on {join(missing)}."))
    return Answer("partial", tuple(parts), ids(used), tuple(roles), topics_of(used), options=ids(used))
