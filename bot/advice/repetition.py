"""Saying nothing twice: how an answer that was given before is put when it is due again."""

from __future__ import annotations

import hashlib

from bot.advice.answer import Answer, Bullets, Text, texts_of
from bot.advice.question import Context
from bot.advice.suggestions import ask
from bot.advice.wording import WORD_LIMIT, ids, join, told, topics_of, within
from bot.knowledge import Fact, KnowledgeBase

MOST = 40
"""How many answers of a conversation are remembered."""
_SHORT = 60
"""Answers of fewer characters may be said again."""


def mark(text: str) -> str:
    """What is remembered of a text: enough to know it again, and no more."""
    return hashlib.sha256(text.encode()).hexdigest()[:8]


def marks(answer: Answer) -> tuple[str, ...]:
    """The mark of the first thing that an answer says, or none where that is short."""
    first = next((text for part in answer.parts for text in texts_of(part)), "")
    return (mark(first),) if len(first) >= _SHORT else ()


def said_before(answer: Answer, context: Context) -> bool:
    """Whether the answer begins as one of this conversation did."""
    return bool(set(marks(answer)) & set(context.told))


def otherwise(kb: KnowledgeBase, answer: Answer, context: Context) -> Answer:
    """An answer that was given before: its point in short, then what was not said yet, or a question back."""
    facts = [kb.facts[f] for f in answer.facts if f in kb.facts]
    if not facts:
        return answer
    if answer.kind == "recommendation":
        names = join([kb.roles[role].name for role in answer.roles], "and")
        points = "; ".join(fact.point for fact in facts[:3])
        again = "Tell me more about yourself and I will look again."
        text = f"Still **{names}**, from all that you told me: {points}. {again}"
        return Answer(answer.kind, (Text(text),), ids(facts[:3]), answer.roles, answer.topics, options=ids(facts))
    topics = set(answer.topics)
    fresh = [f for f in kb.facts.values() if _fits(f, topics, answer) and f.id not in context.shown and not f.overview]
    shown = within(fresh, WORD_LIMIT // 2, 4)
    points = "; ".join(fact.point for fact in facts[:2])
    lead = f"As I said: {points}."
    if shown:
        used = [*facts[:2], *shown]
        parts = (Text(f"{lead} What I have not told you yet:"), Bullets(tuple(f.text for f in shown)))
        return Answer(answer.kind, parts, ids(used), answer.roles, topics_of(used), options=ids(shown))
    offers = tuple(ask(kb, topic, answer.roles) for topic in kb.profile_topics if topic not in topics)
    text = f"{lead} That is all {told(kb, 'says', 'the')} about it. Would an example help, or another side of it?"
    return Answer(answer.kind, (Text(text),), ids(facts[:2]), answer.roles, answer.topics, suggestions=offers)


def _fits(fact: Fact, topics: set[str], answer: Answer) -> bool:
    return fact.topic in topics and bool(set(fact.roles) & set(answer.roles))
