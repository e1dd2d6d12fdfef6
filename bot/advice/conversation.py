"""One message of a conversation: answers its questions in order, adds suggestions, and says what to remember."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace

from bot.advice import declines, fit_check, followups, leaning, repetition, talk
from bot.advice.advise import answer_question, choosing, is_near
from bot.advice.answer import Answer, Text
from bot.advice.case import Case
from bot.advice.followups import remember
from bot.advice.question import Context, Question
from bot.advice.suggestions import ask, suggest
from bot.knowledge import KnowledgeBase
from bot.language.candidates import UNCOVERED
from bot.language.wording import wording

_CONTENT = frozenset({"answer", "partial", "recommendation"})
_MOST_REMEMBERED = 60
_MOST_NEAR = 8
_DECLINES_IN_A_ROW = 2
_BARE = 7
_OFF_TOPIC = 0.5
_SHORT, _SURE, _PERHAPS = 8, 0.75, 0.15
"""Follow-ups have few words; an off-topic reading below this probability gives way to a fact above that one."""
# Follow-ups that leave what the conversation is about as it is.
_KEEPS_TOPIC = frozenset(
    [
        "ask_source",
        "why",
        "shorten",
        "repeat",
        "simplify",
        "confused",
        "example",
        "meaning",
        "how_it_works",
        "react_doubt",
        "trust",
        "how_recent",
    ]
)
_ASKS_AGAIN = frozenset({"repeat", "more", "ask_source", "shorten", "simplify", "confused"})
_FOLLOWS = frozenset({"more", "pick_option", "follow_up_role", "correction", "compare"})


def reply(
    kb: KnowledgeBase, questions: Sequence[Question], before: Context, told: Sequence[Question] = ()
) -> tuple[Answer, Context]:
    """Answer a message; returns the answer and the context for the next message.

    ``questions`` are what it asks (or the whole message, when it asks nothing), ``told`` the parts in which the person
    tells about themselves.
    """
    questions = [question.known_to(kb) for question in questions]
    told = [part.known_to(kb) for part in told]
    if len(questions) == 1:
        choice = fit_check.choice_in(kb, questions[0], before)
        if choice:
            return fit_check.choose(kb, choice, before)
        if questions[0].intent == "affirm" and before.pending:
            return _accepted(kb, before)
        if questions[0].intent in ("more", "affirm") and fit_check.interrupted(before) and not before.fresh:
            return fit_check.step(kb, Question("resume"), before)
    if not told and len(questions) == 1 and questions[0].intent == "which_fits":
        told = questions
    context = leaning.told_in(kb, [p for p in told if p.intent != "feelings"], before.next_turn())
    if len(questions) == 1 and _starts_fit_check(kb, questions[0], context):
        return fit_check.step(kb, Question("start_fit_check"), before)
    answers: list[Answer] = []
    for question in _joined(questions):
        answer = _answer(kb, question, context)
        answers.append(answer)
        context = learn(kb, question, answer, context)
    answer = answers[0] if len(answers) == 1 else merge([a for a in answers if a.kind != "clarify"] or answers[:1])
    asked = questions[-1].intent
    if asked not in _ASKS_AGAIN and repetition.said_before(answer, before):
        answer = repetition.otherwise(kb, answer, before)
    if any(part.intent == "feelings" for part in told) and asked != "feelings":
        answer = replace(answer, parts=(Text(wording().warm), *answer.parts))
    answer, context = _declined_again(kb, answer, context)
    answer = _with_suggestions(kb, questions[-1], answer, context)
    return answer, _remembered(answer, before, context)


def ours_after_all(kb: KnowledgeBase, question: Question, before: Context) -> tuple[Answer, Context] | None:
    """A message that sounds off topic and is about what was just said, or chooses in the fit check; None otherwise."""
    sure, question = question.confidence, replace(question.known_to(kb), intent="ask_fact")
    choice = fit_check.choice_in(kb, question, before)
    if choice:
        return fit_check.choose(kb, choice, before)
    words = len(question.text.split())
    if not before.fresh or words > _SHORT:
        return None
    case = Case.of(kb, question, before)
    points_back = wording().says("points_back", question.text)
    if (points_back and is_near(case)) or (
        sure < _SURE and case.ranking.best() and case.ranking.facts[0][1] >= _PERHAPS
    ):
        return reply(kb, [question], before)
    answer = followups.not_said(case) if points_back else None
    if answer is None:
        return None
    context = learn(kb, question, answer, before.next_turn())
    answer = _with_suggestions(kb, question, answer, context)
    return answer, _remembered(answer, before, context)


def _answer(kb: KnowledgeBase, question: Question, context: Context) -> Answer:
    """Talk where the message is talk, otherwise an answer about the subject."""
    answer = talk.answer_talk(kb, question, context)
    if answer is None and question.intent == "which_fits":
        case = Case.of(kb, question, context)
        stray = case.ranking.off_topic >= _OFF_TOPIC and not question.roles
        answer = declines.not_ours(kb) if stray else None if is_near(case) else choosing(case)
    return answer or answer_question(kb, question, context)


def _starts_fit_check(kb: KnowledgeBase, question: Question, context: Context) -> bool:
    """Whether "Which role fits me?" is all that is asked, by somebody who told nothing to go by."""
    bare = question.intent == "which_fits" and not question.roles and len(question.text.split()) <= _BARE
    bare = bare and wording().says("fits_me", question.text)
    return bare and leaning.lean(kb, context) is None


def _joined(questions: Sequence[Question]) -> list[Question]:
    """The questions of a message, with "Is there a course, and which of the two would it be?" as the one that it is."""
    found: list[Question] = []
    named = {role for question in questions for role in question.roles}
    for question in questions:
        if len(named) == 1 and not question.roles:  # "about AI engineers: what do they ..., and which ..."
            question = replace(question, roles=tuple(named))
        if found and wording().says("bare_who", question.text):
            found[-1] = replace(found[-1], text=f"{found[-1].text} {question.text}")
        else:
            found.append(question)
    return found


def _accepted(kb: KnowledgeBase, before: Context) -> tuple[Answer, Context]:
    """Yes to what was offered last."""
    offered, context = talk.question_of(before.pending[0]), replace(before, pending=())
    if offered.intent in fit_check.STEPS:
        return fit_check.step(kb, offered, context)
    return reply(kb, [offered], context)


def _declined_again(kb: KnowledgeBase, answer: Answer, context: Context) -> tuple[Answer, Context]:
    """After several declines in a row something else is offered."""
    if answer.kind != "declined":
        return answer, replace(context, misses=0) if answer.kind in _CONTENT else context
    if context.misses >= _DECLINES_IN_A_ROW:
        return talk.no_more_declines(kb, answer, context), replace(context, misses=0)
    return answer, replace(context, misses=context.misses + 1)


def _remembered(answer: Answer, before: Context, context: Context) -> Context:
    offered = (*context.offered, *(s.title for s in answer.suggestions))[-_MOST_REMEMBERED:]
    last = remember(answer) if answer.kind != "clarify" else context.last
    pending = tuple(s.payload for s in answer.suggestions[:1]) if answer.kind == "clarify" else ()
    told = (*before.told, *repetition.marks(answer))[-repetition.MOST :]
    shown = tuple(dict.fromkeys((*context.shown, *answer.facts)))[-_MOST_REMEMBERED:]
    return replace(context, offered=offered, last=last, pending=pending, told=told, shown=shown)


def learn(kb: KnowledgeBase, question: Question, answer: Answer, context: Context) -> Context:
    """What a later "and AI?" or "tell me more" refers to, once ``question`` got ``answer``."""
    if answer.kind not in _CONTENT:
        if question.roles and answer.kind == "declined":
            return replace(context, roles=question.roles, content_turn=context.turn)
        return context
    shown = tuple(dict.fromkeys((*context.shown, *answer.facts)))[-_MOST_REMEMBERED:]
    context = replace(context, content_turn=context.turn, facts=answer.facts, shown=shown)
    if answer.kind == "recommendation":
        context = replace(context, recommended=answer.roles)
    if question.intent in _KEEPS_TOPIC:
        return context
    topic = kb.topic_of_intent.get(question.intent, "") if not question.text else ""
    topic = topic or (answer.topics[0] if len(answer.topics) == 1 else "")
    asked = tuple(dict.fromkeys((*context.asked, *_titles(kb, topic, answer.roles))))[-_MOST_REMEMBERED:]
    follow = question.intent in _FOLLOWS
    near = {key: p for key, _, p in question.candidates[:_MOST_NEAR] if key in kb.facts}
    return replace(
        context,
        intent=context.intent if follow and context.intent else question.intent,
        text=context.text if follow and context.text else question.text[:200],
        roles=answer.roles or context.roles,
        topic=topic or (context.topic if follow else ""),
        things=question.things if not follow else (question.things or context.things),
        near=near if not follow else context.near,
        options=answer.options,
        asked=asked,
    )


def merge(answers: Sequence[Answer]) -> Answer:
    """Several answers as one, each with its parts in order; the kind says whether all, some or none were covered."""
    kinds = [a.kind for a in answers]
    covered = [k for k in kinds if k in _CONTENT]
    kind = answers[0].kind if not covered else ("answer" if all(k == "answer" for k in kinds) else "partial")
    parts = tuple(dict.fromkeys(part for a in answers for part in a.parts))
    return Answer(
        kind,
        parts,
        _union(a.facts for a in answers),
        _union(a.roles for a in answers),
        _union(a.topics for a in answers),
        options=next((a.options for a in reversed(answers) if a.options), ()),
    )


def _union(groups: Iterable[tuple[str, ...]]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(item for group in groups for item in group))


def _titles(kb: KnowledgeBase, topic: str, roles: Sequence[str]) -> list[str]:
    return [ask(kb, topic, roles).title] if topic in kb.topics else []


def _with_suggestions(kb: KnowledgeBase, question: Question, answer: Answer, context: Context) -> Answer:
    back = fit_check.interrupted(context)
    if answer.kind in ("clarify", "smalltalk") and answer.suggestions:
        return answer.with_suggestions(tuple(dict.fromkeys((*back, *answer.suggestions)))[:4])
    used = {*context.offered, *context.asked}
    own = tuple(s for s in answer.suggestions if s.title not in used)
    if answer.kind in ("declined", "partial"):
        kind = next((kb.uncovered[k] for k in _kinds(question) if k in kb.uncovered), None)
        roles = question.roles or answer.roles
        nearest = tuple(ask(kb, topic, roles) for topic in kind.nearest if topic in kb.topics) if kind else ()
        own = (*own, *(s for s in nearest if s.title not in used))
    roles = answer.roles if len(answer.roles) == 1 else ()
    rest = suggest(kb, answer.topics, roles, {*used, *(s.title for s in own)})
    return answer.with_suggestions((*back, *own, *rest)[:3])


def _kinds(question: Question) -> list[str]:
    """The uncovered kinds that a question may be of, likeliest first."""
    return [key.removeprefix(UNCOVERED) for key, _, _ in question.candidates if key.startswith(UNCOVERED)]
