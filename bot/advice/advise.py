"""From a question and what was said before to one answer: the table of who answers what."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from bot.advice import declines, fallbacks, followups, leaning, readings, things, topics
from bot.advice.answer import Answer, Text
from bot.advice.case import Case, resolve_roles
from bot.advice.question import Context, Question
from bot.advice.suggestions import FIT_CHECK, INTENT_TOPICS
from bot.advice.wording import ids, overviews, shared_fact
from bot.knowledge import KnowledgeBase

Handler = Callable[[Case], Answer | None]


def answer_question(kb: KnowledgeBase, question: Question, context: Context) -> Answer:
    """Answer one question; never fails and never returns an empty answer."""
    question = readings.plausible(kb, question)
    roles, named = resolve_roles(kb, question, context)
    case = Case(kb, question, context, roles, named)
    if fallbacks.off_the_map(case) or fallbacks.about_something_else(case):
        return fallbacks.not_covered(kb)
    answer = _uncovered_thing(case) or _which_of_those(case)
    if answer is None:
        handler = _HANDLERS.get(question.intent)
        answer = handler(case) if handler else None
    if answer is None and question.intent.startswith(declines.PREFIX):
        answer = fallbacks.declined(case)
    if answer is None and question.intent == "nlu_fallback":
        answer = fallbacks.likely_uncovered(case)
    if answer is None:
        answer = fallbacks.nearest(case)
    return fallbacks.mention_uncovered(case, answer)


def _uncovered_thing(case: Case) -> Answer | None:
    """A question that names something no source describes (PyTorch, data scientists) and nothing that one does."""
    question = case.question
    follow_up = question.intent in ("follow_up_role", "more") and not question.things
    if not (question.intent.startswith("ask_") or follow_up):
        return None
    kind = declines.kind_of(case.kb, question)
    if kind is None:
        return None
    roles = case.question.roles or (case.roles if case.named else ())
    return declines.decline(case.kb, kind, question, roles, case.context.turn)


def _which_of_those(case: Case) -> Answer | None:
    question = case.question
    names = question.things or question.roles or question.uncovered
    if not case.context.fresh or names or not followups.refers_back(question.text):
        return None
    if question.intent.startswith(declines.PREFIX) or question.intent == "ask_choosing":
        return None
    return followups.which_of(case.kb, case.context, question)


def _topic(case: Case) -> Answer | None:
    topic = INTENT_TOPICS[case.question.intent]
    if topic == "choosing":
        return _choosing(case)
    if topic == "synergy" and len(case.question.roles) == 1 and case.question.hits:
        nearest, score = case.question.hits[0]
        if score >= things.CLEAR and case.kb.facts[nearest].topic != topic:
            return things.about(case.kb, case.question, case.question.roles)
    roles = case.roles
    if topic in ("synergy", "trends"):
        roles = case.question.roles if case.question.roles and topic == "trends" else case.kb.roles_on(topic)
    if topic == "synergy":  # is about all who work together; of others nothing is known
        unknown = tuple(role for role in case.question.roles if role not in roles)
        if unknown or not roles:
            return topics.nothing_on(case.kb, unknown or tuple(case.kb.roles), topic)
    if topic in ("definition", "focus_areas") and case.question.things and not case.question.roles:
        about = things.about(case.kb, case.question)
        if about:
            return about
    if len(roles) > 1 and case.question.intent == "ask_definition":
        return _definitions(case, roles)
    if len(case.question.roles) > 1 and topic in topics.PROFILE_TOPICS:
        return topics.comparison(case.kb, case.question.roles, topic)
    return topics.topic_answer(case.kb, roles, topic, case.question.things)


def _definitions(case: Case, roles: tuple[str, ...]) -> Answer:
    answer = topics.topic_answer(case.kb, roles, "definition")
    subset = shared_fact(case.kb, "shared.definition.subset", roles)
    if subset is None:
        return answer
    return replace(answer, parts=(Text(subset.text), *answer.parts), facts=(subset.id, *answer.facts))


def _choosing(case: Case) -> Answer | None:
    if leaning.evidence(case.kb, [case.question]) and case.question.things:
        found = leaning.lean(case.kb, [case.question])
        if found:
            return found
    roles = case.question.roles if len(case.question.roles) > 1 else tuple(case.kb.roles)
    told = [fact for _, fact in overviews(case.kb, roles, "choosing")]
    if not told:
        return topics.comparison(case.kb, roles)
    parts = (*(Text(fact.text) for fact in told), Text("If you like, a short fit check can show which way you lean."))
    return Answer("answer", parts, ids(told), roles, ("choosing",), suggestions=(FIT_CHECK,))


def _who(case: Case) -> Answer | None:
    return things.who(case.kb, case.question)


def _does_role(case: Case) -> Answer | None:
    if len(case.question.roles) > 1 and not case.question.things:
        return topics.topic_answer(case.kb, case.question.roles[:1], "synergy")
    roles = case.roles if case.named else ()
    return things.does_role(case.kb, case.question, roles)


def _about(case: Case) -> Answer | None:
    return things.about(case.kb, case.question, case.question.roles)


def _how_to(case: Case) -> Answer | None:
    return things.how_to(case.kb, case.question, case.question.roles)


def _difference(case: Case) -> Answer | None:
    if any(case.kb.entities[t].kind != "workplace" for t in case.question.things if t in case.kb.entities):
        return things.who(case.kb, case.question)
    topic = case.question.topics[0] if case.question.topics else None
    if topic not in topics.PROFILE_TOPICS:
        topic = None
    return topics.comparison(case.kb, case.compared, topic)


def _compare(case: Case) -> Answer | None:
    topic = case.question.topics[0] if case.question.topics else None
    if topic is None and case.context.fresh:
        topic = case.context.topic or None
    return topics.comparison(case.kb, case.compared, topic if topic in topics.PROFILE_TOPICS else None)


def _industries(case: Case) -> Answer | None:
    return topics.industries(case.kb, case.roles, case.question.things)


def _profile(case: Case) -> Answer | None:
    if case.question.text and not readings.names_a_job(case.kb, case.question.text) and case.question.roles:
        return topics.topic_answer(case.kb, case.question.roles, "definition")
    return topics.profile(case.kb, case.question.roles or case.roles)


def _same_for_role(case: Case) -> Answer | None:
    """ "And AI?", "no, I meant ml": the last question again, for another role or topic."""
    context, question = case.context, case.question
    roles = question.roles
    if not roles and context.fresh and len(context.roles) == 1:
        roles = tuple(role for role in case.kb.roles if role not in context.roles)
    if question.topics and question.topics[0] in topics.PROFILE_TOPICS:
        return topics.topic_answer(case.kb, roles or case.roles, question.topics[0])
    # A conversation may have begun with "and AI?", which then is no question to ask again.
    if not context.fresh or not context.intent or _HANDLERS.get(context.intent) is _same_for_role:
        return topics.profile(case.kb, roles) if roles else None
    if not roles:
        return None
    # The other readings of "and AI?" would lead back here.
    others = tuple(other for other in question.ranking if _HANDLERS.get(other[0]) is not _same_for_role)
    again = replace(
        question,
        intent=context.intent,
        roles=roles,
        things=question.things or context.things,
        text=context.text,
        ranking=others,
    )
    if context.intent in ("ask_who", "ask_about_thing") and again.things:
        return things.listed_for(case.kb, again, roles)
    if context.intent in ("ask_who", "compare", "ask_difference") and context.topic:
        return topics.topic_answer(case.kb, roles, context.topic)
    return answer_question(case.kb, again, replace(context, roles=roles))


def _about_me(case: Case) -> Answer | None:
    return leaning.lean(case.kb, [case.question]) or _choosing(case)


def _when(call: Callable[[Case], Answer | None]) -> Handler:
    """A follow-up: only with something fresh to follow up."""

    def handler(case: Case) -> Answer | None:
        return call(case) if case.context.fresh else None

    return handler


_HANDLERS: dict[str, Handler] = {
    **dict.fromkeys(INTENT_TOPICS, _topic),
    "ask_role_profile": _profile,
    "ask_industries": _industries,
    "ask_difference": _difference,
    "ask_who": _who,
    "ask_if_role_does": _does_role,
    "ask_about_thing": _about,
    "ask_how_to": _how_to,
    "tell_about_me": _about_me,
    "ask_source": lambda case: followups.source(case.kb, case.context),
    "ask_why": _when(lambda case: followups.why(case.kb, case.context)),
    "more": _when(lambda case: followups.more(case.kb, case.context, case.question)),
    "shorten": _when(lambda case: followups.shorten(case.kb, case.context)),
    "repeat": _when(lambda case: followups.repeat(case.context.last)),
    "pick_option": _when(lambda case: followups.pick(case.kb, case.context, case.question)),
    "follow_up_role": _same_for_role,
    "correction": _same_for_role,
    "compare": _compare,
}
