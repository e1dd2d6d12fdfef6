"""Answers about a topic: one role, both side by side, a comparison, a profile."""

from __future__ import annotations

from collections.abc import Sequence

from bot.advice.answer import Answer, Bullets, Kind, Part, Table, Text
from bot.advice.wording import (
    WORD_LIMIT,
    heading,
    ids,
    overviews,
    plural,
    roles_of,
    told,
    topics_of,
    within,
)
from bot.knowledge import Fact, KnowledgeBase

_LONGEST_LIST, _LONGEST_SHARED = 6, 3
_INDUSTRY_KINDS = frozenset({"industry", "company"})


def topic_answer(
    kb: KnowledgeBase, roles: Sequence[str], topic: str, things: Sequence[str] = (), nearest: Sequence[Fact] = ()
) -> Answer:
    """What the sources say on ``topic`` for ``roles``; facts naming ``things`` and the ``nearest`` come first."""
    if things:
        special = _about_things(kb, roles, topic, things)
        if special:
            return special
    found = overviews(kb, roles, topic)
    missing = [role for role in roles if kb.overview(role, topic) is None]
    if not found:
        return nothing_on(kb, roles, topic)
    if len(found) == 1 and not missing:
        return _one(kb, roles, topic, found[0][1], nearest)
    parts: tuple[Part, ...] = tuple(
        Text(f"**{heading(kb, told_of(kb, fact, roles))}**: {fact.text}") for role, fact in found
    )
    if not kb.topics[topic].comparable or (len({fact.id for _, fact in found}) == 1 and not missing):
        parts = tuple(Text(fact.text) for _, fact in found)
    if missing:
        parts = (*parts, *nothing_on(kb, missing, topic).parts)
    facts = [fact for _, fact in found]
    kind: Kind = "partial" if missing else "answer"
    return Answer(kind, parts, ids(facts), tuple(roles), (topic,), options=ids(facts))


def on_several(kb: KnowledgeBase, roles: Sequence[str], topics: Sequence[str]) -> Answer:
    """The short answer on each of several topics: one line a topic, or a table for several roles."""
    found = [(topic, [kb.overview(role, topic) for role in roles]) for topic in topics]
    facts = [fact for _, row in found for fact in row if fact]
    if len(roles) > 1:
        rows = tuple((kb.topics[t].name, *(f.point if f else "not covered" for f in row)) for t, row in found)
        table = Table(("", *(heading(kb, [role]) for role in roles)), rows)
        return Answer("answer", (table,), ids(facts), tuple(roles), tuple(topics), options=ids(facts))
    lines = tuple(f"**{kb.topics[t].name}**: {f.text}" for t, row in found for f in row if f)
    return Answer("answer", (Bullets(lines),), ids(facts), tuple(roles), tuple(topics), options=ids(facts))


def told_of(kb: KnowledgeBase, fact: Fact, roles: Sequence[str]) -> list[str]:
    """Those of ``roles`` that a fact is about."""
    return [role for role in roles if role in fact.roles]


def nothing_on(kb: KnowledgeBase, roles: Sequence[str], topic: str | None = None) -> Answer:
    """Says that no source says anything on ``topic`` (anything at all without one) for ``roles``."""
    about = f" on {kb.topics[topic].name.lower()}" if topic else ""
    text = f"{told(kb, 'has nothing')}{about} for {plural(kb, roles)}."
    return Answer("declined", (Text(text),), (), tuple(roles), ())


def _one(kb: KnowledgeBase, roles: Sequence[str], topic: str, overview: Fact, nearest: Sequence[Fact] = ()) -> Answer:
    details: list[Fact] = []
    for role in roles:
        details += [f for f in kb.details(role, topic) if f not in details]
    said = set(overview.entities)
    new = [fact for fact in details if not said.intersection(fact.entities[:1])]  # not said by the overview already
    close = [fact for fact in nearest if fact != overview and not fact.overview and set(fact.roles) & set(roles)]
    new = [*close, *(fact for fact in new if fact not in close)]
    shown = within(new, WORD_LIMIT - len(overview.text.split()), 4)
    parts: list[Part] = [Text(overview.text)]
    if shown:
        parts.append(Bullets(tuple(fact.point for fact in shown)))
    facts = [overview, *shown]
    return Answer("answer", tuple(parts), ids(facts), tuple(roles), (topic,), options=ids(shown))


def _about_things(kb: KnowledgeBase, roles: Sequence[str], topic: str, things: Sequence[str]) -> Answer | None:
    """The facts of the topic that name the things, when they are a real choice among its facts."""
    pool = [fact for role in roles for fact in kb.facts_for(role, topic)]
    facts = [f for f in dict.fromkeys(pool) if not f.overview and set(f.entities) & set(things)]
    if not facts:
        return None
    shown = within(facts, WORD_LIMIT, 5)
    overview = next((f for f in pool if f.overview and set(f.entities) & set(things)), None)
    lead = overview or shown[0]
    rest = [fact for fact in shown if fact is not lead]
    parts: list[Part] = [Text(lead.text)]
    if rest:
        parts.append(Bullets(tuple(fact.point for fact in rest)))
    used = [lead, *rest]
    shown_roles = tuple(role for role in roles if role in roles_of(used, kb))
    return Answer("answer", tuple(parts), ids(used), shown_roles, (topic,), options=ids(rest))


def comparison(kb: KnowledgeBase, roles: Sequence[str], topic: str | None = None) -> Answer:
    """Two or more roles side by side: on one topic a list for each, otherwise a table with one row a topic."""
    if topic and not kb.topics[topic].comparable:
        return topic_answer(kb, roles, topic)
    if topic and not any(kb.overview(role, topic) for role in roles):
        return nothing_on(kb, roles, topic)
    if topic:
        return _lists(kb, roles, topic)
    facts = []
    rows_by_topic: list[tuple[str, ...]] = []
    for each in kb.profile_topics:
        found = [kb.overview(role, each) for role in roles]
        facts += [fact for fact in found if fact]
        rows_by_topic.append((kb.topics[each].name, *(fact.point if fact else "not covered" for fact in found)))
    lead = kb.lead("comparison", roles)
    if lead and set(lead.roles) != set(roles):
        lead = None
    first = Text(lead.text) if lead else Text(f"{heading(kb, roles)}, side by side:")
    table = Table(("", *(heading(kb, [role]) for role in roles)), tuple(rows_by_topic))
    used = [lead, *facts] if lead else facts
    return Answer("answer", (first, table), ids(used), tuple(roles), kb.profile_topics, options=ids(facts))


def _lists(kb: KnowledgeBase, roles: Sequence[str], topic: str) -> Answer:
    """What the sources say on one topic, a list for each role: the n-th points of two roles have nothing in common.

    What holds for all of the roles stands once, in a list of its own.
    """
    overviews_of = {role: kb.overview(role, topic) for role in roles}
    details = {role: [f for f in kb.details(role, topic) if f not in overviews_of.values()] for role in roles}
    common = [f for f in details[roles[0]] if all(f in details[role] for role in roles)]
    share = WORD_LIMIT // (len(roles) + bool(common))
    parts: list[Part] = [Text(f"**{kb.topics[topic].name}**, side by side:")]
    facts: list[Fact] = []
    for role in roles:
        own = [f for f in details[role] if f not in common]
        shown = within(_points(overviews_of[role], own), share, _LONGEST_LIST)
        # An overview that is longer than its share is still the answer.
        shown = shown or [f for f in [overviews_of[role]] if f]
        items = tuple(f.point for f in shown) or (f"{told(kb, 'says')} nothing on this",)
        parts.append(Bullets(items, heading(kb, [role])))
        facts += shown
    if shared := within(common, share, _LONGEST_SHARED):
        parts.append(Bullets(tuple(f.point for f in shared), _for_all(kb, roles)))
        facts += shared
    return Answer("answer", tuple(parts), ids(facts), tuple(roles), (topic,), options=ids(facts))


def _points(overview: Fact | None, details: Sequence[Fact]) -> list[Fact]:
    """The overview and what adds to it; only the details where they say all that an overview sums up, and more."""
    if overview is None:
        return list(details)
    named = {entity for fact in details for entity in fact.entities}
    if overview.as_of is not None or not overview.entities or not set(overview.entities) <= named:
        return [overview, *(f for f in details if not set(overview.entities).intersection(f.entities[:1]))]
    summed_up = set(overview.entities)
    first = [f for f in details if summed_up.intersection(f.entities[:1])]
    return _about_something_new(first) + [f for f in details if f not in first]


def _about_something_new(facts: Sequence[Fact]) -> list[Fact]:
    """Facts of which each is first about a thing that none before it is first about."""
    return list({fact.entities[0]: fact for fact in reversed(facts)}.values())[::-1]


def _for_all(kb: KnowledgeBase, roles: Sequence[str]) -> str:
    return f"{'Both' if len(roles) == 2 else 'All'}: {plural(kb, roles)}"


def profile(kb: KnowledgeBase, roles: Sequence[str]) -> Answer:
    """A short portrait: what the role is and does, then one line each on skills, tools, projects and careers."""
    if len(roles) > 1:
        return comparison(kb, roles)
    role = roles[0]
    first, *others = kb.profile_topics
    focus = kb.overview(role, first)
    rest = [(t, kb.overview(role, t)) for t in others]
    bullets = tuple(f"**{kb.topics[t].name}**: {fact.point}" for t, fact in rest if fact)
    facts = [fact for fact in (focus, *(f for _, f in rest)) if fact]
    parts: list[Part] = [Text(focus.text)] if focus else []
    if bullets:
        parts.append(Bullets(bullets))
    if not parts:
        own = [fact for fact in kb.facts.values() if role in fact.roles]
        return topic_answer(kb, roles, own[0].topic) if own else nothing_on(kb, roles)
    return Answer("answer", tuple(parts), ids(facts), (role,), topics_of(facts), options=ids(facts[1:]))


def industries(kb: KnowledgeBase, roles: Sequence[str], things: Sequence[str] = ()) -> Answer:
    """Which industries and companies the sources name, by role."""
    parts: list[Part] = []
    used: list[Fact] = []
    for role in roles:
        facts = [f for f in kb.facts.values() if role in f.roles and len(f.roles) == 1 and _names_industry(kb, f)]
        if things:
            facts = [f for f in facts if set(f.entities) & set(things)] or facts
        chosen = within(_distinct(facts), WORD_LIMIT // len(roles), 5)
        if chosen:
            title = heading(kb, [role]) if len(roles) > 1 else f"Where {kb.roles[role].plural} are needed"
            parts.append(Bullets(tuple(fact.point for fact in chosen), title))
            used += chosen
    if not used:
        return nothing_on(kb, roles)
    return Answer("answer", tuple(parts), ids(used), tuple(roles), topics_of(used), options=ids(used))


def _names_industry(kb: KnowledgeBase, fact: Fact) -> bool:
    return any(kb.entities[e].kind in _INDUSTRY_KINDS for e in fact.entities)


def _distinct(facts: Sequence[Fact]) -> list[Fact]:
    """Facts that name an entity no earlier one has named; the broadest first."""
    kept: list[Fact] = []
    named: set[str] = set()
    for fact in sorted(dict.fromkeys(facts), key=lambda f: -len(f.entities)):
        if not named.issuperset(fact.entities):
            kept.append(fact)
            named.update(fact.entities)
    return kept
