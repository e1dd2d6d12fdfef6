"""Answers that only make sense after another one: why, more, an example, in simple words, in short."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from bot.advice.answer import Answer, Bullets, Part, Suggestion, Text, part_from_dict, part_to_dict
from bot.advice.case import Case
from bot.advice.question import Context
from bot.advice.repetition import mark
from bot.advice.specific import point
from bot.advice.suggestions import FIT_CHECK, ask
from bot.advice.wording import WORD_LIMIT, heading, ids, join, roles_of, told, topics_of, within
from bot.knowledge import Fact, KnowledgeBase
from bot.language.wording import wording

_OF_THOSE = 0.02
_MOST_PLAIN = 2
_NEW = 0.05
_SHORT = 3


def last_facts(kb: KnowledgeBase, context: Context) -> list[Fact]:
    """The facts of the last answer, in the order shown."""
    return [kb.facts[f] for f in context.facts if f in kb.facts]


def why(case: Case) -> Answer | None:
    """The facts behind the last answer, those first that were not told yet; None when there was none."""
    kb, context = case.kb, case.context
    facts = last_facts(kb, context)
    if not facts:
        return None
    fresh = [f for f in _related(case, facts) if f.id not in context.shown]
    shown = [*fresh[:2], *facts][:3]
    lead = f"Because that is what {told(kb, 'says', 'the')}, and I add nothing to it:"
    items = tuple(f.text for f in shown)
    return Answer("answer", (Text(lead), Bullets(items)), ids(shown), roles_of(shown, kb), topics_of(shown))


def more(case: Case) -> Answer | None:
    """Details of the last topic that were not shown yet; None when there is no topic."""
    kb, context, question = case.kb, case.context, case.question
    pool = _pool(kb, context, question.roles)
    if not pool:
        return None
    wanted = question.things or context.things
    if wanted:
        named = [f for f in kb.facts_naming_any(wanted) if question.things or f.id not in context.shown]
        pool = named or pool
    fresh = [f for f in pool if f.id not in context.shown and not f.overview] or (list(pool) if wanted else [])
    fresh = fresh or [f for f in _related(case, last_facts(kb, context)) if f.id not in context.shown]
    if not fresh:
        text = f"That is all {told(kb, 'says', 'the')} about it."
        return Answer("clarify", (Text(text),), (), context.roles, (context.topic,) if context.topic else ())
    shown = within(fresh, WORD_LIMIT, 6)
    items = tuple(f.text if wanted else point(kb, f, context.roles) for f in shown)
    return Answer(
        "answer",
        (Text("More on that:"), Bullets(items)),
        ids(shown),
        roles_of(shown, kb),
        topics_of(shown),
        options=ids(shown),
    )


def shorten(case: Case) -> Answer | None:
    """The last answer in one sentence, or one a role; None when there was none."""
    kb, facts = case.kb, last_facts(case.kb, case.context)
    best = [f for f in facts if f.overview][:2] or facts[:1]
    if not best:
        return None
    compared = [role for role in kb.main_roles if role in roles_of(facts, kb)]
    if len(compared) > 1 and len(best) > 1 and case.context.topic not in kb.topics and _plain_roles(kb, compared):
        return Answer("answer", (Text(_plain_roles(kb, compared)),), ids(best), tuple(compared), topics_of(best))
    said = " ".join(f"{heading(kb, f.roles)}: {_small(f.point)}." for f in best)
    if mark(said) in case.context.told and best[0].plain:
        said = best[0].plain
    return Answer("answer", (Text(said),), ids(best), roles_of(best, kb), topics_of(best))


def _plain_roles(kb: KnowledgeBase, roles: Sequence[str]) -> str:
    return " ".join(kb.roles[role].plain or "" for role in roles if kb.roles[role].plain)


def _small(text: str) -> str:
    return (
        text
        if text[:2].isupper() or not text[:1].isupper() or text.split()[0][1:].lower() != text.split()[0][1:]
        else text[:1].lower() + text[1:]
    )


def simplify(case: Case) -> Answer | None:
    """The last answer in plain words; the roles in plain words where it was about many things."""
    kb, context = case.kb, case.context
    facts = last_facts(kb, context)
    if not facts:
        return None
    roles = [role for role in kb.main_roles if role in roles_of(facts, kb)]
    overviews = [f for f in facts if f.overview]
    general = len(overviews) > 2 and _plain_roles(kb, roles)
    plain = [f for f in (overviews or facts) if f.plain][: _MOST_PLAIN if len(roles) > 1 or not overviews else 1]
    if not overviews:
        plain = plain[:1]
    text = _plain_roles(kb, roles) if general else " ".join(f.plain or "" for f in plain)
    used = overviews[:2] if general else plain
    if not text:
        return None
    if mark(f"In plain words: {text}") in context.told:
        another = example(case)
        if another and another.facts:
            return another
    parts: tuple[Part, ...] = (Text(f"In plain words: {text}"),)
    shown = tuple(roles) if general else tuple(role for role in roles if role in roles_of(used, kb))
    return Answer("answer", parts, ids(used), shown or context.roles, topics_of(used), options=ids(used))


def example(case: Case) -> Answer | None:
    """A concrete example of what was said, or of what is asked: one that was not given yet."""
    kb, context = case.kb, case.context
    near = {fact.id: p for fact, p in case.ranking.facts}
    if not context.fresh and not near:
        return None
    last = last_facts(kb, context) if context.fresh else []
    roles = set(case.question.roles or (roles_of(last, kb) if last else ()))
    things = {entity for fact in last for entity in fact.entities} | set(case.question.things)
    pool = [f for f in kb.facts.values() if f.example and (not roles or roles & set(f.roles))]
    if not pool:
        return None

    def fitness(fact: Fact) -> float:
        shared = len(things & set(fact.entities))
        return (
            2 * near.get(fact.id, 0.0)
            + context.near.get(fact.id, 0.0)
            + 0.4 * min(shared, 2)
            + 0.2 * any(f.topic == fact.topic for f in last)
            - 1.5 * (fact.id in context.shown)
        )

    best = sorted(pool, key=lambda f: -fitness(f))[0]
    chosen = [best]
    if len(roles) > 1 and len(best.roles) == 1:
        other = [f for f in pool if not set(f.roles) & set(best.roles)]
        chosen += sorted(other, key=lambda f: -fitness(f))[:1]
    text = "For example: " + " ".join(f.text for f in chosen)
    return Answer("answer", (Text(text),), ids(chosen), roles_of(chosen, kb), topics_of(chosen), options=ids(chosen))


def meaning(case: Case) -> Answer | None:
    """What the last answer means for the choice, in plain words."""
    kb, facts = case.kb, last_facts(case.kb, case.context)
    if not facts:
        return None
    plain = next((f for f in facts if f.plain), facts[0])
    own = [role for role in kb.main_roles if role in plain.roles]
    text = plain.plain or plain.text
    if case.context.recommended and len(case.context.recommended) == 1:
        role = kb.roles[case.context.recommended[0]]
        text += (
            f" So of the two, {role.name} is the one to look at first; "
            "what it takes and builds would be good next steps."
        )
    elif len(own) == 1:
        others = [role for role in kb.main_roles if role != own[0]]
        text += (
            f" For your choice: if that sounds like something you would enjoy, it speaks for {kb.roles[own[0]].name}; "
            f"if not, for {join([kb.roles[r].name for r in others], 'or')}."
        )
    else:
        text += " For your choice: what you enjoy doing counts more than the title."
    offers = (FIT_CHECK, *(ask(kb, topic, own) for topic in kb.profile_topics[1:3]))
    return Answer("answer", (Text(f"It means: {text}"),), (plain.id,), tuple(own), (plain.topic,), suggestions=offers)


def not_said(case: Case) -> Answer | None:
    """What is said to a question about the last answer's subject that no fact answers: what else there is on it."""
    kb, context = case.kb, case.context
    facts = last_facts(kb, context)
    if not facts:
        return None
    near = {fact.id for fact, p in case.ranking.facts if p >= _NEW}
    fresh = [f for f in _related(case, facts) if f.id not in context.shown and f.id in near][:2]
    lead = f"{told(kb, 'does not say', 'My').replace('My article', 'My source')} that."
    if not fresh:
        return Answer(
            "declined", (Text(f"{lead} Would an example help, or another side of it?"),), (), context.roles, ()
        )
    text = f"{lead} What else there is on it: " + " ".join(f.text for f in fresh)
    return Answer("partial", (Text(text),), ids(fresh), roles_of(fresh, kb), topics_of(fresh), options=ids(fresh))


def how_it_works(case: Case) -> Answer | None:
    """What the facts say of how it is done; the answer says where they stop."""
    kb, context = case.kb, case.context
    facts = last_facts(kb, context)
    if not facts:
        return None
    related = [f for f in [*facts[1:], *_related(case, facts)] if not f.overview and set(f.roles) & set(facts[0].roles)]
    weights = {f.id: context.near.get(f.id, 0.0) + (f.id not in context.shown) * _NEW for f in related}
    used = sorted(related, key=lambda f: -weights[f.id])[:2] or facts[:1]
    stops = f"{told(kb, 'does not explain')} it further than that."
    said = " ".join(f.text for f in used)
    return Answer(
        "partial", (Text(said), Text(stops)), ids(used), roles_of(used, kb), topics_of(used), options=ids(used)
    )


def doubt(case: Case) -> Answer | None:
    """A doubt or surprise: what the source says, that it may differ elsewhere, and one thing more."""
    kb, context = case.kb, case.context
    facts = last_facts(kb, context)
    if not facts:
        return None
    if (context.last or {}).get("kind") == "recommendation" and context.recommended:
        names = join([kb.roles[role].name for role in context.recommended], "or")
        text = (
            "I understand if you expected something else. It only says that what you chose or told me points to "
            f"{names}; it is a lean and no measurement, and it changes when you answer otherwise. "
            "What you enjoy counts more than the result."
        )
        offers = (
            Suggestion("What would change it?", "/what_would_change"),
            Suggestion("Why not the other role?", "/why_not"),
        )
        return Answer("recommendation", (Text(text),), ids(facts[:3]), context.recommended, suggestions=offers)
    lead = facts[0]
    fresh = [f for f in _related(case, facts[:1]) if f.id not in context.shown][:1]
    if wording().says("disagrees", case.question.text):
        start = f"Fair point. {told(kb, 'lists')} what is typical, and it may differ from job to job: "
    else:
        start = "Yes, really, as far as my source goes, though it may differ from job to job: "
    used = [lead, *fresh]
    said = f"{lead.plain or lead.text} " + " ".join(f.text for f in fresh)
    return Answer(
        "answer", (Text((start + said).strip()),), ids(used), roles_of(used, kb), topics_of(used), options=ids(used)
    )


def why_not(case: Case) -> Answer | None:
    """What would speak for the role that was not recommended, or that is asked about."""
    kb, context = case.kb, case.context
    preferred = context.recommended or (context.roles if context.fresh else ())
    roles = case.question.roles or tuple(role for role in kb.main_roles if role not in preferred)
    if not roles or len(roles) == len(kb.main_roles):
        return None
    role = roles[0]
    facts = [
        f
        for f in kb.facts.values()
        if f.roles == (role,) and not kb.topics[f.topic].comparable and f.topic in _choice(kb)
    ]
    focus = kb.overview(role, kb.profile_topics[0]) if kb.profile_topics else None
    used = [*facts[:1], *([focus] if focus else [])]
    if not used:
        return None
    told_of = _against(kb, context, role)
    start = f"Nothing speaks against {kb.roles[role].name} as such. {told_of}"
    text = start + " ".join(f.text for f in used)
    return Answer(
        "answer", (Text(text),), ids(used), (role,), topics_of(used), suggestions=(FIT_CHECK,), options=ids(used)
    )


def _choice(kb: KnowledgeBase) -> tuple[str, ...]:
    lead = kb.lead("choice", kb.roles)
    return (lead.topic,) if lead else ()


def _against(kb: KnowledgeBase, context: Context, role: str) -> str:
    """What somebody told that points away from ``role``."""
    for words, feeling, matches in reversed(context.about):
        for fact_id, weight in matches.items():
            fact = kb.facts.get(fact_id)
            if fact and len(fact.roles) == 1 and weight and (fact.roles[0] == role) == (feeling < 0):
                return f'What you said ("{words}") points the other way, though. '
    return ""


def which_is_better(case: Case) -> Answer | None:
    """Neither is better: what the choice depends on, in a sentence or two."""
    kb = case.kb
    lead = kb.lead("choice", kb.roles)
    if lead is None or case.question.topics or case.question.things:
        return None
    same = [f for f in kb.facts.values() if f.topic == lead.topic and len(f.roles) > 1 and not f.overview]
    fresh = next((f for f in [lead, *same] if f.id not in case.context.shown), lead)
    text = f"Neither is better in itself; it depends on you. {fresh.text}"
    return Answer("answer", (Text(text),), (fresh.id,), tuple(kb.main_roles), (fresh.topic,), suggestions=(FIT_CHECK,))


def pros_and_cons(case: Case) -> Answer | None:
    """No source weighs the roles: what speaks for each, and that drawbacks are not listed."""
    kb = case.kb
    named = case.question.roles or case.context.fresh or wording().says("job", case.question.text)
    if not named and len(case.question.text.split()) > _SHORT:
        return None
    roles = case.question.roles or (case.context.roles if case.context.fresh else ()) or tuple(kb.main_roles)
    topics = _choice(kb)
    found = [f for role in roles for f in kb.facts.values() if f.roles == (role,) and f.topic in topics]
    found += [f for role in roles for f in [kb.overview(role, kb.profile_topics[0])] if f]
    found = list(dict.fromkeys(found))[:4]
    if not found:
        return None
    lead = f"{told(kb, 'does not list')} drawbacks of either. What speaks for each:"
    items = tuple(f"**{heading(kb, f.roles)}**: {f.point}" for f in found)
    return Answer(
        "partial", (Text(lead), Bullets(items)), ids(found), roles_of(found, kb), topics_of(found), options=ids(found)
    )


def pick(case: Case) -> Answer | None:
    """What the sources say about the n-th thing of the last answer; None when nothing matches."""
    kb, context = case.kb, case.context
    position = wording().ordinal(case.question.text)
    facts = [kb.facts[f] for f in context.options if f in kb.facts]
    if position is None or not facts or position >= len(facts):
        return None
    chosen = facts[position]
    rest = [
        f for f in _related(case, [chosen]) if f.id != chosen.id and not f.overview and set(f.roles) & set(chosen.roles)
    ]
    shown = within(rest, WORD_LIMIT - len(chosen.text.split()), 3)
    parts = (Text(chosen.text), Bullets(tuple(f.point for f in shown))) if shown else (Text(chosen.text),)
    used: list[Fact] = [chosen, *shown]
    return Answer("answer", parts, ids(used), chosen.roles, (chosen.topic,), options=ids(shown))


def which_of(case: Case) -> Answer | None:
    """ "Which of those is about money?": the nearest facts about the roles of the last answer; None if none."""
    kb, context = case.kb, case.context
    near = [f for f, p in case.ranking.facts if p >= _OF_THOSE and set(f.roles) & set(context.roles or kb.main_roles)]
    near = sorted(near, key=lambda f: f.topic != context.topic) if context.topic else near
    if not near:
        return None
    rest = within(near[1:], WORD_LIMIT - len(near[0].text.split()), 2)
    parts = (Text(near[0].text), Bullets(tuple(f.point for f in rest))) if rest else (Text(near[0].text),)
    used = [near[0], *rest]
    return Answer("answer", parts, ids(used), roles_of(used, kb), topics_of(used), options=ids(used))


def remember(answer: Answer) -> dict[str, Any]:
    """What :func:`repeat` needs of an answer, JSON-ready."""
    return {
        "kind": answer.kind,
        "parts": [part_to_dict(p) for p in answer.parts],
        "facts": list(answer.facts),
        "roles": list(answer.roles),
        "topics": list(answer.topics),
        "suggestions": [[s.title, s.payload] for s in answer.suggestions],
    }


def repeat(case: Case) -> Answer | None:
    """The last answer again, word for word; None when there was none."""
    last: Mapping[str, Any] | None = case.context.last
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


def _related(case: Case, facts: Sequence[Fact]) -> list[Fact]:
    """Facts that name what ``facts`` name, about the same roles, those nearest to the question first."""
    kb = case.kb
    near = {fact.id: p for fact, p in case.ranking.facts}
    roles = {role for fact in facts for role in fact.roles}
    things = dict.fromkeys(entity for fact in facts[:2] for entity in fact.entities)
    found = [f for f in kb.facts_naming_any(things) if f not in facts and set(f.roles) & roles and not f.overview]
    weights = {f.id: near.get(f.id, 0.0) + case.context.near.get(f.id, 0.0) for f in found}
    return sorted(found, key=lambda f: -weights[f.id])


def _pool(kb: KnowledgeBase, context: Context, named: Sequence[str]) -> list[Fact]:
    roles = tuple(named) or context.roles or tuple(kb.main_roles)
    if context.topic in kb.topics:
        return list(dict.fromkeys(f for role in roles for f in kb.facts_for(role, context.topic)))
    return [f for f in kb.facts.values() if set(f.roles) & set(roles)] if context.facts else []
