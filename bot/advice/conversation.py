"""One message of a conversation: answers its questions in order, adds suggestions, and says what to remember."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from bot.advice import fit_check, readings
from bot.advice.advise import answer_question
from bot.advice.answer import Answer
from bot.advice.followups import remember
from bot.advice.question import Context, Question
from bot.advice.suggestions import INTENT_TOPICS, ask, suggest
from bot.knowledge import KnowledgeBase

_CONTENT = frozenset({"answer", "partial", "recommendation"})
_MOST_REMEMBERED = 60
_KEEPS_TOPIC = frozenset({"ask_source", "ask_why", "shorten", "repeat"})


def reply(kb: KnowledgeBase, questions: Sequence[Question], before: Context) -> tuple[Answer, Context]:
    """Answer a message that asks ``questions``; returns the answer and the context for the next message."""
    questions = readings.joined([question.known_to(kb) for question in questions])
    if len(questions) == 1:
        choice = fit_check.choice_in(kb, questions[0], before)
        if choice:
            return fit_check.choose(kb, choice, before)
    context = before.next_turn()
    answers: list[Answer] = []
    for question in questions:
        answer = answer_question(kb, question, context)
        answers.append(answer)
        context = learn(kb, question, answer, context)
    answer = answers[0] if len(answers) == 1 else merge(answers)
    answer = _with_suggestions(kb, questions[-1], answer, context)
    offered = (*context.offered, *(s.title for s in answer.suggestions))[-_MOST_REMEMBERED:]
    last = remember(answer) if answer.kind != "clarify" else context.last
    pending = tuple(s.payload for s in answer.suggestions[:1]) if answer.kind == "clarify" else ()
    return answer, replace(context, offered=offered, last=last, pending=pending)


def learn(kb: KnowledgeBase, question: Question, answer: Answer, context: Context) -> Context:
    """What a later "and AI?" or "tell me more" refers to, once ``question`` got ``answer``."""
    if answer.kind not in _CONTENT:
        if question.roles and answer.kind == "declined":
            return replace(context, roles=question.roles, content_turn=context.turn)
        return context
    shown = tuple(dict.fromkeys((*context.shown, *answer.facts)))[-_MOST_REMEMBERED:]
    context = replace(context, content_turn=context.turn, facts=answer.facts, shown=shown, misses=0)
    if question.intent in _KEEPS_TOPIC:
        return context
    topic = INTENT_TOPICS.get(question.intent) or (answer.topics[0] if len(answer.topics) == 1 else "")
    asked = tuple(dict.fromkeys((*context.asked, *_titles(kb, topic, answer.roles))))[-_MOST_REMEMBERED:]
    follow = question.intent in ("more", "pick_option", "follow_up_role", "correction", "compare")
    return replace(
        context,
        intent=context.intent if follow and context.intent else question.intent,
        text=context.text if follow and context.text else question.text[:200],
        roles=answer.roles or context.roles,
        topic=topic or (context.topic if follow else ""),
        things=question.things if not follow else (question.things or context.things),
        options=answer.options,
        asked=asked,
    )


def merge(answers: Sequence[Answer]) -> Answer:
    """Several answers as one, each with its parts in order; the kind says whether all, some or none were covered."""
    kinds = [a.kind for a in answers]
    covered = [k for k in kinds if k in _CONTENT]
    kind = answers[0].kind if not covered else ("answer" if all(k == "answer" for k in kinds) else "partial")
    return Answer(
        kind,
        tuple(part for a in answers for part in a.parts),
        _union(a.facts for a in answers),
        _union(a.roles for a in answers),
        _union(a.topics for a in answers),
        options=next((a.options for a in reversed(answers) if a.options), ()),
    )


def _union(groups: object) -> tuple[str, ...]:
    return tuple(dict.fromkeys(item for group in groups for item in group))  # type: ignore[attr-defined]


def _titles(kb: KnowledgeBase, topic: str, roles: Sequence[str]) -> list[str]:
    return [ask(kb, topic, roles).title] if topic in kb.topics else []


def _with_suggestions(kb: KnowledgeBase, question: Question, answer: Answer, context: Context) -> Answer:
    back = fit_check.interrupted(context)
    if answer.kind == "clarify" and answer.suggestions:
        return answer.with_suggestions((*back, *answer.suggestions)[:4])
    used = {*context.offered, *context.asked}
    own = tuple(s for s in answer.suggestions if s.title not in used)
    kind = kb.uncovered.get(question.intent.removeprefix("uncovered_"))
    if kind and answer.kind in ("declined", "partial"):
        roles = question.roles or answer.roles
        nearest = tuple(ask(kb, topic, roles) for topic in kind.nearest)
        own = (*own, *(s for s in nearest if s.title not in used))
    roles = answer.roles if len(answer.roles) == 1 else ()
    rest = suggest(kb, answer.topics, roles, {*used, *(s.title for s in own)})
    return answer.with_suggestions((*back, *own, *rest)[:3])
