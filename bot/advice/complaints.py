"""Complaints about an answer: put right what can be put right, and apologise for the rest."""

from __future__ import annotations

from dataclasses import replace

from bot.advice import talk
from bot.advice.answer import Answer
from bot.advice.conversation import reply
from bot.advice.question import Context, Question
from bot.knowledge import KnowledgeBase
from bot.language.wording import wording


def answer_complaint(kb: KnowledgeBase, question: Question, context: Context) -> tuple[Answer, Context]:
    """Another role or topic where one is named, a shorter or another answer where that is asked for, or an apology."""
    if question.roles or question.topics:
        return reply(kb, [replace(question, intent="correction")], context)
    if context.fresh and context.facts:
        if question.intent == "repeat_complaint":
            return reply(kb, [replace(question, intent="more", things=())], context)
        if wording().complaint(question.text) == "too_long":
            return reply(kb, [replace(question, intent="shorten")], context)
    return talk.apologise(kb, context, wording().complaint(question.text))
