"""Honest answers to what no source covers: each kind as what it is, then the nearest thing that is covered."""

from __future__ import annotations

from collections.abc import Sequence

from bot.advice.answer import Answer, Bullets, Part, Text
from bot.advice.case import Case
from bot.advice.question import Question
from bot.advice.specific import point
from bot.advice.wording import all_roles, ids, it_says, join, plural, roles_of, told, topics_of, within
from bot.knowledge import Fact, KnowledgeBase, Uncovered, UncoveredItem
from bot.language.wording import wording

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
_WORDS, _BESIDE, _CLOSE = 80, 2, 4
_CLEARLY, _STRAY = 0.2, 0.15
_AT_LEAST, _MOST_OF_IT = 0.02, 0.35
"""A fact with this share of what the facts have together is said as well, however little that is."""
_PART = 0.08
"""From this probability on a fact is said to answer a part of an uncovered question."""


def decline(case: Case, kind: Uncovered) -> Answer:
    """Say in one sentence that ``kind`` is not covered, then what nearly answers the question where there is that."""
    kb, roles = case.kb, case.question.roles or (case.roles if case.named else ())
    lead = not_covered_sentence(kb, kind, case.question, case.context.turn)
    near = [kb.facts[fact] for fact in kind.nearest_facts if fact in kb.facts]
    if case.ranking.off_topic >= _STRAY or (case.ranking.facts and case.ranking.facts[0][1] >= _CLEARLY):
        near = []
    facts = near or _covered_part(case, kind)
    if facts:
        start = (
            f"The nearest {'it has' if len(kb.sources) < 2 else 'they have'}" if near else f"What {it_says(kb, True)}"
        )
        text = f"{start}: {facts[0].text}"
        rest = within(facts[1:], _WORDS - len(text.split()), _BESIDE)
        parts: list[Part] = [Text(lead), Text(text)]
        if rest:
            parts.append(Bullets(tuple(point(kb, fact, facts[0].roles) for fact in rest)))
        used = [facts[0], *rest]
        shown = roles_of(used, kb) or tuple(kb.main_roles)
        return Answer("partial", tuple(parts), ids(used), shown, topics_of(used), options=ids(used))
    nearest = [kb.topics[topic].name.lower() for topic in kind.nearest if topic in kb.topics]
    whose = f" of {plural(kb, roles)}" if roles else ""
    have = "it has" if len(kb.sources) < 2 else "they have"
    more = f" The nearest {have}: {join(nearest, 'or')}{whose}." if nearest else ""
    return Answer("declined", (Text(lead + more),), (), tuple(roles), ())


def with_note(case: Case, answer: Answer, kind: Uncovered) -> Answer:
    """A covered answer that says which part of the question is not covered."""
    note = not_covered_sentence(case.kb, kind, case.question, 0)
    parts: tuple[Part, ...] = (*answer.parts, Text(note))
    return Answer("partial", parts, answer.facts, answer.roles, answer.topics, answer.suggestions, answer.options)


def not_covered_sentence(kb: KnowledgeBase, kind: Uncovered, question: Question, turn: int) -> str:
    """ "My sources do not cover X.", in other words each turn."""
    leads = _LEADS if len(kb.sources) < 2 else _LEADS_OF_SEVERAL
    return leads[turn % len(leads)].format(what=_what(kind, question))


def not_ours(kb: KnowledgeBase) -> Answer:
    """What is said to a question that is about nothing the sources cover, of no kind that is known."""
    compares = "It compares" if len(kb.sources) < 2 else "They are about"
    lead = f"{told(kb, 'does not cover')} that. {compares} {all_roles(kb)}: what they do, need, use and build."
    return Answer("declined", (Text(lead),))


def limits(case: Case) -> str | None:
    """A sentence on what no source says in answer to the question although facts do answer it, or None."""
    kb, text = case.kb, case.question.text
    if wording().says("opinion", text):
        return f"I have no experience or opinion of my own and only know what {told(kb, 'says', 'the')}."
    if wording().says("ranking", text) and case.question.intent in ("ask_tools", "ask_skills", "ask_projects"):
        return f"{told(kb, 'does not rank')} them."
    return None


def _items(question: Question, kind: Uncovered) -> list[UncoveredItem]:
    return [item for item in kind.items if item.id in question.uncovered]


def _what(kind: Uncovered, question: Question) -> str:
    named = join([item.name for item in _items(question, kind)][:2], "or")
    if not named:
        return kind.phrase
    return named if kind.named else f"{kind.phrase}, so nothing about {named}"


def _covered_part(case: Case, kind: Uncovered) -> Sequence[Fact]:
    """The facts that answer a part of the question, best first."""
    least = _PART
    asks_who = wording().says("who", case.question.text)
    if asks_who:  # asks for a role as well, which a fact about it names, however sure the other part is
        least = min(_PART, _MOST_OF_IT * case.ranking.covered)
    likely = [(fact, p) for fact, p in case.ranking.facts if p >= least]
    about_roles = case.question.roles or wording().says("job", case.question.text)
    if asks_who and likely:
        best = [fact for fact, _ in likely]
        return [*best, *(fact for fact, _ in case.ranking.facts[:_CLOSE] if fact not in best)]
    if kind.partly and about_roles and (not likely or likely[0][1] < _CLEARLY):
        roles = case.question.roles or tuple(case.kb.main_roles)
        found = [case.kb.overview(role, topic) for topic in kind.partly for role in roles]
        return list(dict.fromkeys(fact for fact in found if fact))[:_CLOSE]
    if likely:
        first = likely[0][0]
        return [first, *(fact for fact, _ in case.ranking.facts[:_CLOSE] if fact is not first)]
    things = set(case.question.things)
    naming = [fact for fact, _ in case.ranking.facts if things & set(fact.entities) and not fact.overview]
    if naming:
        return naming[:1]
    return []
