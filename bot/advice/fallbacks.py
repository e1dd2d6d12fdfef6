"""What is said when no intent answers a question, or only a part of it: declines, offers, and honest additions."""

from __future__ import annotations

import re
from dataclasses import replace

from bot.advice import declines, notes, things
from bot.advice.answer import Answer, Text
from bot.advice.case import Case
from bot.advice.question import Question
from bot.advice.suggestions import FIT_CHECK, INTENT_TOPICS, ask
from bot.advice.wording import all_roles, ids, it_says, plural, told
from bot.knowledge import KnowledgeBase

_QUESTIONS = ("ask_", declines.PREFIX)
_UNNAMED = 0.65
_FAR = 0.28
"""A question below this probability, with no fact above this similarity, and without any name of ours, is not ours."""

_BARE_CHOICE = re.compile(
    r"(?:so |and )?which (?:one |role )?(?:is|would be|should i|do i) (?:better|best|choose|pick|take)\W*$"
)
"""A choice between things that are not named can only be the choice that this is about."""

_ABOUT_A_ROLE = frozenset((*INTENT_TOPICS, "ask_role_profile", "ask_difference"))
"""Intents that are answered from facts of the roles, whatever else the question says."""

_POINTS = re.compile(r"\b(?:they|them|their|these|those|it|its|one|other|you|i|me|my|we)\b")
"""Words that refer to what was said before, or to the people who talk: then the subject is known."""

ALSO = 0.33
"""A second reading of a question counts when it is at least this likely, as a share of the first one's probability."""

_NEAR = 0.33
"""Cosine similarity from which a fact is offered as "Did you mean ...?"; from the curve of ``make nlu-curve``."""


def off_the_map(case: Case) -> bool:
    """Whether a question that looks like ours names nothing of ours, and nothing of ours is near it in meaning."""
    question = case.question
    named = question.roles or question.things or question.uncovered or case.context.fresh
    meant = question.mentions("roles", "both") or _BARE_CHOICE.match(question.text)
    if named or meant or not question.text or not question.intent.startswith((*_QUESTIONS, "compare", "tell_about_me")):
        return False
    nearest = question.hits[0][1] if question.hits else 0.0
    return question.confidence < _UNNAMED and nearest < _FAR


def about_something_else(case: Case) -> bool:
    """Whether a question is put like ours, but its subject is a word that nothing of ours has, and no fact is near."""
    question = case.question
    if not question.unfamiliar or question.intent not in _ABOUT_A_ROLE:
        return False
    named = question.roles or question.things or question.uncovered or question.mentions("roles", "both")
    nearest = question.hits[0][1] if question.hits else 0.0
    return not named and nearest < things.CLEAR and not _POINTS.search(question.text)


def declined(case: Case) -> Answer | None:
    kind = declines.kind_of(case.kb, case.question)
    if kind is None:
        return None
    roles = case.question.roles or (case.roles if case.named else ())
    return declines.decline(case.kb, kind, case.question, roles, case.context.turn)


def likely_uncovered(case: Case) -> Answer | None:
    """No intent is likely enough, but what is likely is mostly not covered."""
    question = case.question
    uncovered = question.probability(declines.PREFIX)
    if uncovered <= question.probability("ask_"):
        return None
    best = max(question.ranking, key=lambda item: (item[0].startswith(declines.PREFIX), item[1]))
    return declined(replace(case, question=replace(question, intent=best[0])))


def nearest(case: Case) -> Answer:
    """No intent answers it: a fact that clearly means the same, or an offer, or an honest decline."""
    kb, question = case.kb, case.question
    hits = [(kb.facts[f], score) for f, score in question.hits if f in kb.facts]
    if question.intent in FOLLOW_UPS:
        return ask_back(case)
    if hits and hits[0][1] >= things.CLEAR:
        found = things.about(kb, question, question.roles)
        if found:
            return found
    if hits and hits[0][1] >= _NEAR:
        topics_near = list(dict.fromkeys((f.topic, f.roles) for f, _ in hits))[:3]
        offers = tuple(ask(kb, topic, roles) for topic, roles in topics_near)
        return Answer("clarify", (Text("I am not sure what you mean. Did you mean one of these?"),), suggestions=offers)
    return not_covered(kb)


def not_covered(kb: KnowledgeBase) -> Answer:
    compares = "It compares" if len(kb.sources) < 2 else "They compare"
    lead = f"{told(kb, 'does not cover')} that. {compares} {all_roles(kb)}: what they do, need, use and build."
    return Answer("declined", (Text(lead),))


FOLLOW_UPS = frozenset(
    ("ask_why", "more", "shorten", "repeat", "pick_option", "follow_up_role", "correction", "compare")
)


def ask_back(case: Case) -> Answer:
    """A follow-up without anything to follow: one short question with buttons."""
    kb = case.kb
    if case.question.roles:
        offers = tuple(ask(kb, topic, case.question.roles) for topic in ("focus_areas", "skills", "tools"))
        return Answer(
            "clarify",
            (Text(f"What would you like to know about {plural(kb, case.question.roles)}?"),),
            suggestions=offers,
        )
    offers = (ask(kb, "focus_areas", ()), ask(kb, "skills", ()), FIT_CHECK)
    return Answer("clarify", (Text("What should that be about?"),), suggestions=offers)


def mention_uncovered(case: Case, answer: Answer) -> Answer:
    """Add what is not covered where the question asks for that too, or can well be read that way."""
    question = case.question
    if answer.kind == "answer" and question.intent.startswith("ask_"):
        note = notes.limits(case.kb, question)
        second = _second(question, declines.PREFIX)
        kind = case.kb.uncovered.get(second.removeprefix(declines.PREFIX)) if second else None
        ours = question.roles and not question.uncovered and second == f"{declines.PREFIX}other_roles"
        if kind and not note and not ours:
            note = f"If you are asking about {kind.phrase}: {told(case.kb, 'does not cover', 'the')} that."
        return replace(answer, kind="partial", parts=(*answer.parts, Text(note))) if note else answer
    if answer.kind == "declined" and question.intent.startswith(declines.PREFIX):
        second = _second(question, "ask_")
        if second in INTENT_TOPICS and case.kb.topics[INTENT_TOPICS[second]].id not in ("choosing", "definition"):
            topic = INTENT_TOPICS[second]
            found = [case.kb.overview(role, topic) for role in case.roles]
            facts = list(dict.fromkeys(f for f in found if f))
            if facts:
                text = f"On {case.kb.topics[topic].name.lower()} {it_says(case.kb)}: " + " ".join(f.text for f in facts)
                return replace(
                    answer, kind="partial", parts=(*answer.parts, Text(text)), facts=ids(facts), topics=(topic,)
                )
    return answer


def _second(question: Question, prefix: str) -> str | None:
    """The next likely intent with ``prefix`` when it is nearly as likely as the first."""
    name, probability = next(((n, p) for n, p in question.ranking[1:] if n.startswith(prefix)), ("", 0.0))
    return name if probability >= ALSO * max(question.confidence, 0.2) else None
