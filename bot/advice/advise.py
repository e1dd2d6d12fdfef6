"""From a question and what was said before to one answer: the table of who answers what, and the fallbacks."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace

from bot.advice import declines, followups, leaning, notes, readings, things, topics
from bot.advice.answer import Answer, Suggestion, Text
from bot.advice.question import Context, Question
from bot.advice.suggestions import FIT_CHECK, INTENT_TOPICS, ask
from bot.advice.wording import ids, plural
from bot.knowledge import KnowledgeBase

_QUESTIONS = ("ask_", declines.PREFIX)
_UNNAMED = 0.55
_FAR = 0.28
"""A question below this probability, with no fact above this similarity, and without any name of ours, is not ours."""

ALSO = 0.33
"""A second reading of a question counts when it is at least this likely, as a share of the first one's probability."""

_NEAR = 0.33
"""Cosine similarity from which a fact is offered as "Did you mean ...?"; from the curve of ``make retrieval-curve``."""


@dataclass(frozen=True)
class Case:
    """One question in its conversation, with the roles it is about already worked out."""

    kb: KnowledgeBase
    question: Question
    context: Context
    roles: tuple[str, ...]
    named: bool
    """Whether the question or the conversation names a role (False: all roles)."""


Handler = Callable[[Case], Answer | None]


def resolve_roles(kb: KnowledgeBase, question: Question, context: Context) -> tuple[tuple[str, ...], bool]:
    """The roles a question is about: named in it, or in a fresh conversation, or all; and whether they were named."""
    if question.roles:
        return question.roles, True
    if question.mentions("both", "two"):
        return tuple(kb.roles), True
    if context.fresh and context.roles:
        return context.roles, len(context.roles) < len(kb.roles)
    return tuple(kb.roles), False


def answer_question(kb: KnowledgeBase, question: Question, context: Context) -> Answer:
    """Answer one question; never fails and never returns an empty answer."""
    question = readings.plausible(kb, question)
    roles, named = resolve_roles(kb, question, context)
    case = Case(kb, question, context, roles, named)
    if _off_the_map(case):
        return _not_covered()
    answer = _uncovered_thing(case)
    if answer is None:
        handler = _HANDLERS.get(question.intent)
        answer = handler(case) if handler else None
    if answer is None and question.intent.startswith(declines.PREFIX):
        answer = _declined(case)
    if answer is None and question.intent == "nlu_fallback":
        answer = _likely_uncovered(case)
    if answer is None:
        answer = _nearest(case)
    return _mention_uncovered(case, answer)


def _off_the_map(case: Case) -> bool:
    """Whether a question that looks like ours names nothing of ours, and nothing of ours is near it in meaning."""
    question = case.question
    named = question.roles or question.things or question.uncovered or case.context.fresh
    if named or not question.text or not question.intent.startswith((*_QUESTIONS, "compare", "tell_about_me")):
        return False
    nearest = question.hits[0][1] if question.hits else 0.0
    return question.confidence < _UNNAMED and nearest < _FAR


def _uncovered_thing(case: Case) -> Answer | None:
    """A question that names something no source describes (PyTorch, data scientists) and nothing that one does."""
    question = case.question
    if question.intent.startswith(declines.PREFIX) or not question.intent.startswith("ask_"):
        return None
    kind = declines.kind_of(case.kb, question)
    if kind is None:
        return None
    roles = case.question.roles or (case.roles if case.named else ())
    return declines.decline(case.kb, kind, question, roles, case.context.turn)


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
        roles = case.question.roles if len(case.question.roles) == 1 and topic == "trends" else tuple(case.kb.roles)
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
    subset = case.kb.facts.get("shared.definition.subset")
    if subset is None:
        return answer
    return replace(answer, parts=(Text(subset.text), *answer.parts), facts=(subset.id, *answer.facts))


def _choosing(case: Case) -> Answer | None:
    if leaning.evidence(case.kb, [case.question]) and case.question.things:
        found = leaning.lean(case.kb, [case.question])
        if found:
            return found
    overview = case.kb.overview(next(iter(case.kb.roles)), "choosing")
    if overview is None:
        return None
    parts = (Text(overview.text), Text("If you like, a short fit check can show which way you lean."))
    return Answer("answer", parts, (overview.id,), tuple(case.kb.roles), ("choosing",), suggestions=(FIT_CHECK,))


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
    return topics.comparison(case.kb, tuple(case.kb.roles), topic)


def _compare(case: Case) -> Answer | None:
    topic = case.question.topics[0] if case.question.topics else None
    if topic is None and case.context.fresh:
        topic = case.context.topic or None
    return topics.comparison(case.kb, tuple(case.kb.roles), topic if topic in topics.PROFILE_TOPICS else None)


def _industries(case: Case) -> Answer | None:
    return topics.industries(case.kb, case.roles, case.question.things)


def _profile(case: Case) -> Answer | None:
    if case.question.text and not readings.names_a_job(case.question.text) and case.question.roles:
        return topics.topic_answer(case.kb, case.question.roles, "definition")
    return topics.profile(case.kb, case.question.roles or case.roles)


def _declined(case: Case) -> Answer | None:
    kind = declines.kind_of(case.kb, case.question)
    if kind is None:
        return None
    roles = case.question.roles or (case.roles if case.named else ())
    return declines.decline(case.kb, kind, case.question, roles, case.context.turn)


def _likely_uncovered(case: Case) -> Answer | None:
    """No intent is likely enough, but what is likely is mostly not covered."""
    question = case.question
    uncovered = question.probability(declines.PREFIX)
    if uncovered <= question.probability("ask_"):
        return None
    best = max(question.ranking, key=lambda item: (item[0].startswith(declines.PREFIX), item[1]))
    return _declined(replace(case, question=replace(question, intent=best[0])))


def _same_for_role(case: Case) -> Answer | None:
    """ "And AI?", "no, I meant ml": the last question again, for another role or topic."""
    context, question = case.context, case.question
    roles = question.roles
    if not roles and context.fresh and len(context.roles) == 1:
        roles = tuple(role for role in case.kb.roles if role not in context.roles)
    if question.topics and question.topics[0] in topics.PROFILE_TOPICS:
        return topics.topic_answer(case.kb, roles or case.roles, question.topics[0])
    if not context.fresh or not context.intent:
        return topics.profile(case.kb, roles) if roles else None
    if not roles:
        return None
    again = replace(
        question, intent=context.intent, roles=roles, things=question.things or context.things, text=context.text
    )
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


def _nearest(case: Case) -> Answer:
    """No intent answers it: a fact that clearly means the same, or an offer, or an honest decline."""
    kb, question = case.kb, case.question
    hits = [(kb.facts[f], score) for f, score in question.hits if f in kb.facts]
    if question.intent in FOLLOW_UPS:
        return _ask_back(case)
    if hits and hits[0][1] >= things.CLEAR:
        found = things.about(kb, question, question.roles)
        if found:
            return found
    if hits and hits[0][1] >= _NEAR:
        topics_near = list(dict.fromkeys((f.topic, f.roles) for f, _ in hits))[:3]
        offers = tuple(ask(kb, topic, roles) for topic, roles in topics_near)
        return Answer("clarify", (Text("I am not sure what you mean. Did you mean one of these?"),), suggestions=offers)
    return _not_covered()


def _not_covered() -> Answer:
    return Answer(
        "declined",
        (
            Text(
                "The article does not cover that. It compares AI engineers and ML engineers: "
                "what they do, need, use and build."
            ),
        ),
    )


FOLLOW_UPS = frozenset(
    ("ask_why", "more", "shorten", "repeat", "pick_option", "follow_up_role", "correction", "compare")
)


def _ask_back(case: Case) -> Answer:
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


def _mention_uncovered(case: Case, answer: Answer) -> Answer:
    """Add what is not covered where the question asks for that too, or can well be read that way."""
    question = case.question
    if answer.kind == "answer" and question.intent.startswith("ask_"):
        note = notes.limits(case.kb, question)
        second = _second(question, declines.PREFIX)
        kind = case.kb.uncovered.get(second.removeprefix(declines.PREFIX)) if second else None
        if kind and not note:
            note = f"If you are asking about {kind.phrase}: the article does not cover that."
        return replace(answer, kind="partial", parts=(*answer.parts, Text(note))) if note else answer
    if answer.kind == "declined" and question.intent.startswith(declines.PREFIX):
        second = _second(question, "ask_")
        if second in INTENT_TOPICS and case.kb.topics[INTENT_TOPICS[second]].id not in ("choosing", "definition"):
            topic = INTENT_TOPICS[second]
            found = [case.kb.overview(role, topic) for role in case.roles]
            facts = list(dict.fromkeys(f for f in found if f))
            if facts:
                text = f"On {case.kb.topics[topic].name.lower()} it says: " + " ".join(f.text for f in facts)
                return replace(
                    answer, kind="partial", parts=(*answer.parts, Text(text)), facts=ids(facts), topics=(topic,)
                )
    return answer


def _second(question: Question, prefix: str) -> str | None:
    """The next likely intent with ``prefix`` when it is nearly as likely as the first."""
    name, probability = next(((n, p) for n, p in question.ranking[1:] if n.startswith(prefix)), ("", 0.0))
    return name if probability >= ALSO * max(question.confidence, 0.2) else None


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

__all__ = ["Answer", "Case", "Suggestion", "answer_question", "resolve_roles"]
