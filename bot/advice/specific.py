"""Answers led by the fact that was asked for: who does it, does a role do it, what is it about, how is it done."""

from __future__ import annotations

from collections.abc import Sequence

from bot.advice import beyond
from bot.advice.answer import Answer, Bullets, Kind, Part, Text
from bot.advice.case import Case
from bot.advice.wording import WORD_LIMIT, heading, ids, it_says, join, plural, roles_of, told, topics_of, within
from bot.knowledge import Fact, KnowledgeBase
from bot.language.wording import wording

ALSO = 0.005
"""A fact is said beside the best one from this share of its probability on."""
AS_WELL = 0.55
"""From this share on it is said as fully as the best one."""
_MOST = 4
_SUMMARIES = 3
"""A summary is said only if it is among so many best facts."""
_ONE_ROLE = 0.72
"""From this share of the probability on, one role is the answer to "who?"."""
_SURE = 0.5
_CERTAIN = 0.75
_DECIDES = 0.3
_UNDEFINED_KINDS = frozenset({"skill", "concept", "hardware", "tool"})


def about(case: Case, lead: str = "", kind: Kind = "answer", roles: Sequence[str] = ()) -> Answer | None:
    """The best fact in full after ``lead``, then what is nearest to it; of ``roles`` only, where they are given."""
    facts = _kept(case, roles or case.question.roles)
    if not facts:
        return None
    if not lead and _is_yes(case, facts[0]):
        lead = "Yes. "
    return _told(case.kb, facts, lead, kind, _full(case, facts))


def who(case: Case) -> Answer | None:
    """Which role does it, with the fact that says so; both where both do."""
    kb = case.kb
    if len(case.question.things) > 1 and (each := _who_each(case)):
        return each
    things_decide = _things_decide(case)
    shares = dict.fromkeys(kb.roles, 0.0)
    for fact, p in case.ranking.facts:
        if len(fact.roles) == 1 and (_names_thing(case, fact) or not things_decide):
            shares[fact.roles[0]] += p
    whole = sum(shares.values())
    if not whole:
        return about(case)
    first, second = sorted(shares, key=lambda role: -shares[role])[:2]
    if shares[first] >= _ONE_ROLE * whole or not case.ranking.best(roles=(second,)):
        facts = _kept(case, (first,))
        if facts and len(facts[0].roles) == 1:
            return _told(kb, facts, f"**{heading(kb, [first])}.** ", "answer", 1, (first,))
        return about(case)
    if len(case.ranking.facts[0][0].roles) > 1:
        return about(case)
    best = [case.ranking.best(roles=(role,))[0] for role in (first, second)]
    lines = tuple(f"**{heading(kb, [role])}**: {f.text}" for role, f in zip((first, second), best, strict=True))
    roles = tuple(role for role in kb.roles if role in (first, second))
    return Answer(
        "answer",
        (Text("Both have a part in that."), Bullets(lines)),
        ids(best),
        roles,
        topics_of(best),
        options=ids(best),
    )


def _who_each(case: Case) -> Answer | None:
    """Who does each of several things, one line a thing; None where not all are in the sources."""
    kb = case.kb
    order = {fact.id: place for place, (fact, _) in enumerate(case.ranking.facts)}
    best = []
    for thing in case.question.things:
        facts = sorted(kb.facts_naming(thing), key=lambda f: (f.overview, order.get(f.id, len(order))))
        best += [(thing, facts[0])] if facts else []
    if len({fact.roles for _, fact in best}) < 2 or len(best) < len(case.question.things):
        return None
    lines = tuple(f"**{heading(kb, fact.roles)}**: {fact.text}" for _, fact in best)
    facts = [fact for _, fact in best]
    return Answer("answer", (Bullets(lines),), ids(facts), roles_of(facts, kb), topics_of(facts), options=ids(facts))


def does_role(case: Case, role: str) -> Answer | None:
    """Whether ``role`` does or uses it. Listed for another role only: says so, and never turns that into a "no"."""
    kb, question = case.kb, case.question
    if question.things:
        listed = kb.facts_naming_any(question.things)
        listed = tuple(fact for fact in listed if kb.kind_of(fact) == "article") or listed
        if listed and not any(role in fact.roles for fact in listed):
            return _elsewhere(case, role, listed)
    facts = _kept(case, (role,))
    if not facts:
        return None
    named = _names_thing(case, facts[0])
    sure = named or dict((f.id, p) for f, p in case.ranking.facts)[facts[0].id] >= _SURE
    general = facts[0].overview and not (named and question.bare)
    claims = not wording().says("no_claim", question.text) and not general
    lead = "Yes. " if sure and claims and wording().says("yes_no", question.text) else ""
    return _told(kb, facts, lead, "answer", 1, (role,))


def _is_yes(case: Case, fact: Fact) -> bool:
    """Whether a fact says yes to a question that can be answered so."""
    text, patterns = case.question.text, wording()
    if fact.overview or len(case.question.roles) > 1 or not patterns.says("yes_no", text) or patterns.says("who", text):
        return False
    sure = dict((f.id, p) for f, p in case.ranking.facts)[fact.id] >= _CERTAIN
    return sure and len(fact.roles) == 1 and not patterns.says("no_claim", text)


def _elsewhere(case: Case, role: str, listed: Sequence[Fact]) -> Answer:
    kb = case.kb
    order = {fact.id: place for place, (fact, _) in enumerate(case.ranking.facts)}
    best = min(listed, key=lambda fact: (order.get(fact.id, len(order)), fact.overview))
    others = roles_of([best], kb)
    names = join([kb.entities[t].name for t in case.question.things if t in kb.entities][:2]) or "that"
    text = (
        f"{told(kb, 'lists')} {names} for {plural(kb, others)}, not for {kb.roles[role].plural}: {best.text} "
        f"{'It does' if len(kb.sources) < 2 else 'They do'} not say whether {kb.roles[role].plural} do too."
    )
    return Answer("partial", (Text(text),), (best.id,), (role, *others), (best.topic,), options=(best.id,))


def explained(case: Case) -> Answer | None:
    """What the facts say about a thing; where nothing defines it, the answer says so."""
    kb, question = case.kb, case.question
    named = [kb.entities[t] for t in question.things if t in kb.entities]
    asks_meaning = wording().patterns["meaning"].match(question.text)
    if len(named) == 1 and named[0].kind in _UNDEFINED_KINDS and asks_meaning and not question.roles:
        return about(case, f"{told(kb, 'does not define')} {named[0].name}. What {it_says(kb)}: ", "partial")
    return about(case)


def how_to(case: Case) -> Answer | None:
    """No source gives instructions: says so, then what it does say about the thing."""
    return about(case, f"{told(case.kb, 'does not explain')} that step by step. What {it_says(case.kb)}: ", "partial")


def _kept(case: Case, roles: Sequence[str]) -> list[Fact]:
    """The facts to be said, best first: those that name the things asked about, and those nearly as probable."""
    facts = case.ranking.best(ALSO, roles)
    if _things_decide(case):
        facts.sort(key=lambda fact: not _names_thing(case, fact))
    return _different(facts)[:_MOST]


def _different(facts: Sequence[Fact]) -> list[Fact]:
    """Without facts that say what an earlier one says: a summary far down, or the same under another topic."""
    kept: list[Fact] = []
    for place, fact in enumerate(facts):
        same = any(set(fact.entities) and set(fact.entities) == set(k.entities) and fact.roles == k.roles for k in kept)
        if not same and not (fact.overview and place >= _SUMMARIES):
            kept.append(fact)
    return kept


def _things_decide(case: Case) -> bool:
    """Whether the facts that name the question's things are what it is about, and not only words on the way."""
    naming = [p for fact, p in case.ranking.facts if _names_thing(case, fact)]
    return bool(naming) and naming[0] >= _DECIDES * case.ranking.facts[0][1]


def _names_thing(case: Case, fact: Fact) -> bool:
    return bool(set(fact.entities) & set(case.question.things))


def _full(case: Case, facts: Sequence[Fact]) -> int:
    """How many of the facts are said in full: two where the second is nearly as probable as the first."""
    p = {fact.id: probability for fact, probability in case.ranking.facts}
    return 2 if len(facts) > 1 and p.get(facts[1].id, 0.0) >= AS_WELL * p.get(facts[0].id, 1.0) else 1


def _told(
    kb: KnowledgeBase, facts: Sequence[Fact], lead: str, kind: Kind, full: int, roles: Sequence[str] = ()
) -> Answer:
    said = list(facts[:full])
    words = sum(len(fact.text.split()) for fact in said) + len(lead.split())
    rest = within(facts[full:], WORD_LIMIT - words, _MOST - full)
    parts: list[Part] = [Text(beyond.caveat(kb, said[0], roles) + lead + " ".join(fact.text for fact in said))]
    if rest:
        parts.append(Bullets(tuple(point(kb, fact, said[0].roles) for fact in rest)))
    used = [*said, *rest]
    return Answer(
        kind, tuple(parts), ids(used), tuple(roles) or roles_of(used[:full], kb), topics_of(used), options=ids(used)
    )


def point(kb: KnowledgeBase, fact: Fact, roles: Sequence[str]) -> str:
    """A fact's short form, with the one role that it is about where that is none of ``roles``."""
    other = len(fact.roles) == 1 and fact.roles[0] not in roles and kb.kind_of(fact) == "article"
    return f"{heading(kb, fact.roles)}: {fact.point}" if other else fact.point
