"""From a question and what was said before to one answer: the shapes that answers have, and who gets which."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace

from bot.advice import beyond, declines, followups, origin, specific, topics
from bot.advice.answer import Answer, Text
from bot.advice.case import Case
from bot.advice.question import Context, Question
from bot.advice.suggestions import FIT_CHECK, ask
from bot.advice.wording import heading, ids, overviews, words_of_names
from bot.knowledge import Fact, KnowledgeBase, Lead
from bot.language.wording import content_words, wording

_DECLINED = 0.5
"""A question is declined when what is not covered has this share of its probability."""
_NOTED = 0.04
"""From this share on the answer says that a part is not covered."""
_OFF = 0.6
_ANSWERS_A_PART = 0.2
"""From this probability on a fact is said first, and what is not covered after it."""
_SURE, _A_FEW, _A_LIST = 0.6, 4, 10
_INTENT = 0.5
"""From this probability on an intent decides the shape of the answer."""
_BARE_DOUBT = 3
_UNREAD = "nlu_fallback"
"""The intent of a message that none fits."""
_CLOSE, _BESIDE = 4, 0.03
"""An overview goes with so many of the nearest facts, from this probability on."""
_NEAR = 0.3
_UNSURE = 0.1
"""Below this probability of its best fact a question is asked back."""


def answer_question(kb: KnowledgeBase, question: Question, context: Context) -> Answer:
    """Answer one question about the subject, or a follow-up; never fails and never returns an empty answer."""
    case = Case.of(kb, question, context)
    handler = _FOLLOW_UPS.get(question.intent)
    text, patterns = question.text, wording()
    if question.intent == "react_doubt" and patterns.says("yes_no", text) and len(text.split()) > _BARE_DOUBT:
        handler = None
    if context.fresh and _only_doubts(question):
        handler = followups.doubt
    elif handler and question.intent in _WEAK and question.confidence < _INTENT and is_near(case):
        handler = None
    answer = handler(case) if handler else None
    if answer is None and question.intent in _FOLLOW_UPS and not context.fresh and not _stands_alone(case):
        answer = ask_back(case)
    return answer or _content(case)


def _only_doubts(question: Question) -> bool:
    """Whether a message says that it doubts, and no question comes after that ("seriously, what do they need?")."""
    found = wording().patterns["doubts"].match(question.text)
    rest = question.text[found.end() :].split() if found else []
    return found is not None and (question.asks < _INTENT or len(rest) <= _BARE_DOUBT)


def _stands_alone(case: Case) -> bool:
    """Whether what is put like a follow-up is a question of its own: it names something, or surely asks something."""
    question = case.question
    named = question.roles or question.things or question.topics or wording().says("job", question.text)
    return bool(named) or question.asks >= _INTENT


def is_near(case: Case) -> bool:
    """Whether one fact is clearly what the words are about."""
    return bool(case.ranking.facts) and case.ranking.facts[0][1] >= _NEAR and not case.ranking.facts[0][0].overview


def _content(case: Case) -> Answer:
    kb, question, ranking = case.kb, case.question, case.ranking
    if question.intent == _UNREAD and not question.candidates:  # nothing in it can be read
        return ask_back(case)
    if not question.text or (not question.candidates and question.intent in kb.topic_of_intent):
        # A button says what it means.
        return _broad(case, kb.topic_of_intent.get(question.intent, ""))
    if question.bare and (answer := _about_names(case)):
        return answer
    if _asks_a_topic(case):  # and nothing else, so nothing that no source covers
        ranking = replace(ranking, uncovered=())
        case = replace(case, ranking=ranking)
    covered, uncovered = ranking.covered, ranking.not_covered
    if not ranking.facts and not ranking.uncovered:
        return ask_back(case)
    if ranking.off_topic >= _OFF and not (question.roles or question.things):
        return declines.not_ours(kb)
    if _asks_for_all(case):
        return _covered(case) or ask_back(case)
    if len(question.things) > 1 and wording().says("who", question.text) and (each := specific.who(case)):
        return each
    several = [t for t in question.topics if t in kb.profile_topics]
    listed = len(several) > 1 and not question.things and len(question.text.split()) <= _A_LIST
    if listed and ranking.facts and ranking.facts[0][0].topic in several:
        return topics.on_several(kb, case.roles, several)
    if _is_listed(case):
        return specific.does_role(case, question.roles[0]) or ask_back(case)
    if ranking.uncovered and (uncovered >= _DECLINED * (covered + uncovered) or not ranking.facts):
        if ranking.facts and ranking.facts[0][1] >= _ANSWERS_A_PART and not question.uncovered:
            answer = _covered(case)
            return declines.with_note(case, answer, ranking.uncovered[0][0]) if answer else ask_back(case)
        return declines.decline(case, ranking.uncovered[0][0])
    if case.context.fresh and wording().says("which_of_those", question.text):
        answer = followups.which_of(case)
        if answer:
            return answer
    if ranking.facts[0][1] < _UNSURE and not (question.roles or question.things or question.topics):
        return ask_back(case)
    answer = _covered(case) or ask_back(case)
    if answer.kind != "answer":
        return answer
    if uncovered >= _NOTED * (covered + uncovered):
        return declines.with_note(case, answer, ranking.uncovered[0][0])
    note = declines.limits(case)
    return replace(answer, kind="partial", parts=(*answer.parts, Text(note))) if note else answer


def _asks_a_topic(case: Case) -> bool:
    """Whether a question is about a topic that has facts, and about no side of it ("what do ML engineers earn?")."""
    kb, question = case.kb, case.question
    roles = set(question.roles or kb.main_roles)
    if not question.topical or question.uncovered:
        return False
    return any(fact.topic in question.topics and roles & set(fact.roles) for fact in kb.facts.values())


def _about_names(case: Case) -> Answer | None:
    """What a question gets that is about nothing but what it names; None where that does not say what is asked."""
    kb, question = case.kb, case.question
    kinds = [k for k in kb.uncovered.values() if {k.id, *(item.id for item in k.items)} & set(question.uncovered)]
    if kinds and not question.things:
        return declines.decline(case, kinds[0])
    listed = kb.facts_naming_any(question.things)
    if not listed or kinds or wording().says("differs", question.text):
        return None
    if wording().says("who", question.text) and len(question.roles) != 1:
        return specific.who(case)
    if len(question.roles) == 1 and _asks_whether(question, listed):
        return specific.does_role(case, question.roles[0])
    return specific.explained(case)


def _asks_whether(question: Question, listed: Sequence[Fact]) -> bool:
    """Whether a question is if its role does what it names, or asks of a role what is listed for others only."""
    if question.intent == "ask_if_role_does" or wording().says("yes_no", question.text):
        return True
    return not any(question.roles[0] in fact.roles for fact in listed)


def _is_listed(case: Case) -> bool:
    """Whether a short question is if one role does what a fact lists for it, which is then no uncovered question."""
    kb, question = case.kb, case.question
    asks = question.intent == "ask_if_role_does" and len(question.roles) == 1 and len(question.text.split()) <= _A_LIST
    if not asks or question.uncovered or not question.things:
        return False
    return any(question.roles[0] in fact.roles for fact in kb.facts_naming_any(question.things))


def _asks_for_all(case: Case) -> bool:
    """Whether a few words ask for a topic and no side of it ("and the pay?")."""
    question = case.question
    topic = case.kb.topic_of_intent.get(question.intent)
    sure = topic is not None and question.confidence >= _SURE and len(question.text.split()) <= _A_FEW
    return sure and not question.uncovered and any(fact.topic == topic for fact, _ in case.ranking.facts[:_CLOSE])


def _covered(case: Case) -> Answer | None:
    kb, question = case.kb, case.question
    top = case.ranking.facts[0][0]
    intent = question.intent if question.confidence >= _INTENT else ""
    asks_who = wording().says("who", question.text)
    if _compares(case, top, intent):
        topic = top.topic if top.overview and kb.topics[top.topic].comparable else None
        topic = topic or next((t for t in question.topics if t in kb.profile_topics), None)
        return _side_by_side(case, case.compared, topic)
    if top.overview_for or top.overview or intent in _topic_intents(case):
        topic = top.topic if not intent or intent not in kb.topic_of_intent else kb.topic_of_intent[intent]
        if beyond.is_beyond(kb, topic) and not asks_who and _is_broad(case, top, intent):
            asked = _roles_beyond(case, topic)
            return beyond.on_topic(case, topic, asked) or topics.nothing_on(kb, asked, topic)
    means_all = case.ranking.facts[0][1] >= _INTENT or kb.topic_of_intent.get(intent) == top.topic or not question.text
    means_all = (
        means_all or (kb.topics[top.topic].comparable and len(case.ranking.best(_NEAR)) == 1) or intent in _OF_ALL
    )
    if top.overview and means_all and not (asks_who and not question.roles and kb.topics[top.topic].comparable):
        if intent == "ask_role_profile" and question.roles and wording().says("job", question.text):
            return topics.profile(kb, question.roles)
        if intent == "ask_industries":
            return topics.industries(kb, case.roles, question.things)
        return _broad(case, top.topic, top)
    if asks_who and len(question.roles) != 1:
        return specific.who(case)
    if len(question.roles) == 1 and (question.intent == "ask_if_role_does" or wording().says("yes_no", question.text)):
        return specific.does_role(case, question.roles[0])
    if intent == "ask_how_to" and wording().says("instructions", question.text):
        return specific.how_to(case)
    return specific.explained(case)


_ASKS_AGAIN = frozenset({"follow_up_role", "correction", "compare"})
_SETS_SIDE_BY_SIDE = frozenset({"ask_difference", "compare"})
_OF_ALL = frozenset({"ask_role_profile", "ask_industries"})
"""Intents that ask for more than one fact although they are no topic's."""


def _topic_intents(case: Case) -> set[str]:
    return set(case.kb.topic_of_intent)


def _is_broad(case: Case, top: Fact, intent: str) -> bool:
    """Whether a question about a topic beyond the article asks for all of it, and not for one fact."""
    general = top.overview or bool(top.overview_for)
    return general or (bool(intent) and case.ranking.facts[0][1] < _INTENT)


def _roles_beyond(case: Case, topic: str) -> tuple[str, ...]:
    """The roles that an answer on a topic beyond the article is about."""
    if case.question.roles:
        return case.question.roles
    with_facts = tuple(role for role in case.roles if case.kb.facts_for(role, topic))
    return with_facts or tuple(case.kb.main_roles)


def _side_by_side(case: Case, roles: tuple[str, ...], topic: str | None) -> Answer | None:
    kb = case.kb
    if topic and beyond.is_beyond(kb, topic) and (set(roles) <= set(kb.main_roles) or topic in case.question.topics):
        return beyond.on_topic(case, topic, roles)
    if not set(roles) <= set(kb.main_roles):
        return beyond.compared(kb, roles)
    return topics.comparison(kb, roles, topic)


def _compares(case: Case, top: Fact, intent: str) -> bool:
    """Whether roles are to be set side by side."""
    if top.lead == "comparison":
        return True
    if intent in _SETS_SIDE_BY_SIDE and (top.overview or case.ranking.facts[0][1] < _INTENT):
        return True
    several = (case.named and len(case.roles) > 1) or wording().says("differs", case.question.text)
    return several and top.overview and case.kb.topics[top.topic].comparable


def _broad(case: Case, topic: str, top: Fact | None = None) -> Answer:
    """What the sources say on a topic, for the roles that are asked about."""
    kb, question = case.kb, case.question
    if topic not in kb.topics:
        return topics.comparison(kb, case.compared) if question.intent == "ask_difference" else _by_role(case)
    if topic == _topic_of_lead(case, "choice"):
        return choosing(case)
    if kb.topics[topic].several:  # is about all who work together; of others nothing is known
        roles = kb.roles_on(topic)
        unknown = tuple(role for role in question.roles if role not in roles)
        return topics.topic_answer(kb, roles, topic) if not unknown else topics.nothing_on(kb, unknown, topic)
    roles = case.roles
    if top is not None and not question.roles and not set(top.roles) & set(roles):
        roles = top.roles
    if beyond.is_beyond(kb, topic):
        return beyond.on_topic(case, topic, question.roles or roles) or topics.nothing_on(kb, roles, topic)
    if len(question.roles) > 1 and kb.topics[topic].comparable:
        return topics.comparison(kb, question.roles, topic)
    if topic == _topic_of_lead(case, "definitions") and len(roles) > 1:
        return _definitions(case, roles)
    # What "and AI?" itself is near to says nothing about what is asked again.
    near = case.ranking.facts[:_CLOSE] if question.intent not in _ASKS_AGAIN else ()
    nearest = [fact for fact, p in near if p >= _BESIDE]
    return topics.topic_answer(kb, roles, topic, question.things, nearest)


def _topic_of_lead(case: Case, opens: Lead) -> str:
    fact = case.kb.lead(opens, case.kb.roles)
    return fact.topic if fact else ""


def _by_role(case: Case) -> Answer:
    return topics.profile(case.kb, case.question.roles or case.roles)


def _definitions(case: Case, roles: tuple[str, ...]) -> Answer:
    answer = topics.topic_answer(case.kb, roles, "definition")
    first = case.kb.lead("definitions", roles)
    if first is None:
        return answer
    return replace(answer, parts=(Text(first.text), *answer.parts), facts=(first.id, *answer.facts))


def choosing(case: Case) -> Answer:
    """What the choice depends on, with the fit check offered."""
    kb = case.kb
    roles = case.question.roles if len(case.question.roles) > 1 else tuple(kb.main_roles)
    topic = _topic_of_lead(case, "choice")
    told = [fact for _, fact in overviews(kb, roles, topic)]
    if not told:
        return _side_by_side(case, roles, None) or topics.nothing_on(kb, roles, topic or None)
    parts = (*(Text(fact.text) for fact in told), Text("If you like, a short fit check can show which way you lean."))
    return Answer("answer", parts, ids(told), roles, (topic,), suggestions=(FIT_CHECK,))


def ask_back(case: Case) -> Answer:
    """One short question with buttons, where nothing says what is meant."""
    kb = case.kb
    near = [(fact.topic, fact.roles) for fact, _ in case.ranking.facts if fact.topic in kb.topics][:3]
    if case.question.roles:
        offers = tuple(ask(kb, topic, case.question.roles) for topic in kb.profile_topics[:3])
        names = heading(kb, case.question.roles)
        return Answer(
            "clarify", (Text(f"{names}: gladly. What would you like to know about them?"),), suggestions=offers
        )
    offers = tuple(dict.fromkeys(ask(kb, topic, roles) for topic, roles in near))
    text = "I want to get that right. Is it one of these, or can you put it in other words?"
    if not offers:
        offers = (*(ask(kb, topic, ()) for topic in kb.profile_topics[:2]), FIT_CHECK)
        text = "What should that be about? You could begin with one of these."
    return Answer("clarify", (Text(text),), suggestions=offers)


def _same_for_role(case: Case) -> Answer | None:
    """ "And AI?", "no, I meant ml": the last question again, for another role or topic."""
    kb, context, question = case.kb, case.context, case.question
    roles = case.question.roles
    keeps = question.intent == "correction" and bool(question.topics)
    if not roles and context.fresh and len(context.roles) == 1 and not keeps:
        roles = tuple(role for role in kb.main_roles if role not in context.roles)
    asked = next((topic for topic in question.topics if topic in kb.topics), None)
    said = content_words(wording().patterns["job"].sub("", question.text))
    says_more = bool(set(said) - words_of_names(kb, question.roles))
    if asked is None and says_more and case.ranking.facts and case.ranking.facts[0][0].overview:
        asked = case.ranking.facts[0][0].topic
    if asked:
        return _broad(replace(case, roles=roles or case.roles, question=replace(question, roles=question.roles)), asked)
    if question.things or (
        says_more and case.ranking.facts and case.ranking.facts[0][1] >= _INTENT and len(question.text.split()) > 5
    ):
        return None
    if not context.fresh or not (context.text or context.topic):
        return _by_role(replace(case, roles=roles)) if roles else None
    if not roles:
        return None
    if (context.last or {}).get("kind") == "recommendation":
        return followups.why_not(replace(case, question=replace(question, roles=roles)))
    if context.topic in kb.topics:
        return _broad(replace(case, roles=roles, question=replace(question, roles=roles)), context.topic)
    return _near_before(case, roles)


def _near_before(case: Case, roles: tuple[str, ...]) -> Answer | None:
    """What the last question gets when it is asked for ``roles``."""
    kb, context = case.kb, case.context
    again = replace(case.question, intent="ask_if_role_does", roles=roles, things=context.things, text=context.text)
    found = [
        (f, kb.facts[f], p) for f, p in context.near.items() if f in kb.facts and set(kb.facts[f].roles) & set(roles)
    ]
    if context.things and len(roles) == 1:
        return specific.does_role(Case.of(kb, again, replace(context, roles=roles)), roles[0]) or None
    if not found:
        return topics.profile(kb, roles)
    candidates = tuple((f, p, p) for f, _, p in sorted(found, key=lambda item: -item[2]))
    return specific.about(Case.of(kb, replace(again, candidates=candidates), replace(context, near={})), roles=roles)


def _compare(case: Case) -> Answer | None:
    topic = next((t for t in case.question.topics if case.kb.topics[t].comparable), None)
    if topic is None and case.context.fresh and case.context.topic in case.kb.topics:
        topic = case.context.topic if case.kb.topics[case.context.topic].comparable else None
    return _side_by_side(case, case.compared, topic)


def _when_fresh(call: Callable[[Case], Answer | None]) -> Callable[[Case], Answer | None]:
    """A follow-up: only with something fresh to follow up; without, it may be a question of its own."""

    def handler(case: Case) -> Answer | None:
        return call(case) if case.context.fresh else None

    return handler


_A_QUESTION = 6
"""A follow-up of more words than this may be a question of its own."""
# Follow-ups that a question of its own is easily mistaken for.
_WEAK = frozenset(
    ("example", "how_it_works", "meaning", "simplify", "confused", "react_doubt", "which_is_better", "pros_and_cons")
)

_FOLLOW_UPS: dict[str, Callable[[Case], Answer | None]] = {
    "ask_source": origin.source,
    "why": _when_fresh(followups.why),
    "more": _when_fresh(followups.more),
    "shorten": _when_fresh(followups.shorten),
    "repeat": _when_fresh(followups.repeat),
    "pick_option": _when_fresh(followups.pick),
    "simplify": _when_fresh(followups.simplify),
    "confused": _when_fresh(followups.simplify),
    "example": followups.example,
    "meaning": _when_fresh(followups.meaning),
    "how_it_works": _when_fresh(followups.how_it_works),
    "react_doubt": _when_fresh(followups.doubt),
    "why_not": followups.why_not,
    "pros_and_cons": followups.pros_and_cons,
    "which_is_better": followups.which_is_better,
    "follow_up_role": _same_for_role,
    "correction": _same_for_role,
    "compare": _compare,
}
