"""Short messages whose meaning depends on what was said last: yes, no, a complaint, starting over."""

from __future__ import annotations

import json
import re
from dataclasses import replace

from bot.advice import fit_check
from bot.advice.answer import Answer, Suggestion, Text
from bot.advice.conversation import reply
from bot.advice.question import Context, Question
from bot.advice.suggestions import FIT_CHECK, ask
from bot.advice.wording import all_roles
from bot.channels.feedback import reason_in
from bot.knowledge import KnowledgeBase

_FIT_CHECK = re.compile(r"\b(fit ?check|quiz|test)\b", re.IGNORECASE)
_SORRY = (
    "Sorry about that. What exactly would you like to know?",
    "My apologies, let me try again. Which part did I get wrong?",
    "Sorry, that missed the point. Tell me in other words, or pick one of these.",
)

_WRONG = "Sorry about that. I have noted that this answer was not right. What exactly would you like to know?"


def question_of(payload: str) -> Question:
    """The question that a button payload such as ``/ask_tools{"role": ["ml_engineer"]}`` asks."""
    name, _, rest = payload.removeprefix("/").partition("{")
    values = json.loads("{" + rest) if rest else {}
    entities = [
        {"entity": key, "value": value}
        for key, found in values.items()
        for value in (found if isinstance(found, list) else [found])
    ]
    return Question.from_parse({"intent": name, "entities": entities})


def agree(kb: KnowledgeBase, context: Context) -> tuple[Answer, Context]:
    """Yes: what was offered last, otherwise more on the topic, otherwise what one can ask."""
    if context.pending:
        offered, before = question_of(context.pending[0]), replace(context, pending=())
        return (
            fit_check.step(kb, offered, before) if offered.intent in fit_check.STEPS else reply(kb, [offered], before)
        )
    if context.fresh and context.facts:
        return reply(kb, [Question("more")], context)
    return _what_now(kb, context, "Good. What would you like to know?")


def disagree(kb: KnowledgeBase, context: Context) -> tuple[Answer, Context]:
    """No: drops the offer and asks what it should be instead."""
    return _what_now(kb, replace(context, pending=()), "All right. What would you like to know instead?")


def complaint(kb: KnowledgeBase, question: Question, context: Context) -> tuple[Answer, Context]:
    """Put right what can be: a role or topic that was meant, an answer that was too long. Otherwise apologise."""
    if question.roles or question.topics:
        return reply(kb, [replace(question, intent="correction")], context)
    reason = reason_in(question.text)
    if reason == "too_long" and context.fresh and context.facts:
        return reply(kb, [replace(question, intent="shorten")], context)
    after = replace(context.next_turn(), misses=context.misses + 1)
    roles = context.roles if context.fresh else ()
    topic = context.topic if context.topic in kb.topics else "focus_areas"
    other = next((t for t in ("skills", "tools", "projects") if t != topic), "skills")
    offers = (ask(kb, topic, roles), ask(kb, other, roles), Suggestion("How do they differ?", "/ask_difference"))
    text = _SORRY[context.misses % len(_SORRY)]
    if rated(context) is not None:
        text = {"wrong": _WRONG, "outdated": _outdated(kb, context)}.get(reason, text)
    return Answer("clarify", (Text(text),), suggestions=offers), after


def rated(context: Context) -> tuple[str, ...] | None:
    """The facts of the answer that praise or a complaint is about, () for a decline; None without an answer."""
    if not context.last:
        return None
    if context.last["kind"] == "declined":
        return ()
    return context.facts if context.fresh and context.facts else None


def _outdated(kb: KnowledgeBase, context: Context) -> str:
    sources = {kb.facts[f].source for f in context.facts if f in kb.facts} or set(kb.sources)
    newest = max(kb.sources[source].date for source in sources)
    return f"That may be: what I said comes from {newest.strftime('%B %Y')}. I have noted it. What else can I tell you?"


def start_over(kb: KnowledgeBase, question: Question) -> tuple[Answer, Context]:
    """The first words of a conversation that begins again, or of a fit check if that is what is to begin again."""
    if _FIT_CHECK.search(question.text):
        return fit_check.step(kb, Question("start_fit_check"), Context())
    offers = (ask(kb, "focus_areas", ()), Suggestion("How do they differ?", "/ask_difference"), FIT_CHECK)
    text = f"Let us start over. What would you like to know about {all_roles(kb, 'or')}?"
    return Answer("smalltalk", (Text(text),), suggestions=offers), Context()


def _what_now(kb: KnowledgeBase, context: Context, text: str) -> tuple[Answer, Context]:
    after = context.next_turn()
    roles = context.roles if context.fresh else ()
    offers = (ask(kb, "focus_areas", roles), ask(kb, "skills", roles), FIT_CHECK)
    return Answer("clarify", (Text(text),), suggestions=offers), after
