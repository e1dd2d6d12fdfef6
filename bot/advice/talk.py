"""Messages that ask nothing about the subject: reactions, feelings, yes and no, where to begin, what was said."""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from dataclasses import replace

from bot.advice import fit_check, leaning
from bot.advice.answer import Answer, Suggestion, Text
from bot.advice.question import Context, Question
from bot.advice.suggestions import FIT_CHECK, ask, compare
from bot.advice.wording import all_roles, ids, join, plural, told
from bot.knowledge import Fact, KnowledgeBase
from bot.language.wording import wording

Talk = Callable[[KnowledgeBase, Question, Context], Answer | None]


def answer_talk(kb: KnowledgeBase, question: Question, context: Context) -> Answer | None:
    """The answer to a message of talk; None where the message is none, or is about the last answer after all."""
    handler = _TALK.get(question.intent)
    return handler(kb, question, context) if handler else None


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


def _react(kb: KnowledgeBase, question: Question, context: Context) -> Answer:
    """ "Cool", "hm", "ok": a nod, and one way to go on."""
    if not context.fresh or not context.facts:
        return _what_now(kb, context, "Good. What would you like to know?")
    last = [kb.facts[f] for f in context.facts if f in kb.facts]
    offer = _next_step(kb, context, last)
    nods = ("Right.", "Good.", "All right.", "Fine.")
    nod = nods[context.turn % len(nods)]
    if offer == FIT_CHECK:
        return Answer("clarify", (Text(f"{nod} Shall we try the short fit check next?"),), suggestions=(offer, _MORE))
    return Answer("clarify", (Text(f"{nod} I could go on with this: {offer.title}"),), suggestions=(offer, _MORE))


def _next_step(kb: KnowledgeBase, context: Context, last: list[Fact]) -> Suggestion:
    topics = [fact.topic for fact in last[:1] if fact.topic in kb.topics]
    roles = context.roles if len(context.roles) == 1 else ()
    for topic in [n for t in topics for n in kb.topics[t].next] or list(kb.profile_topics):
        offer = ask(kb, topic, roles)
        if offer.title not in (*context.asked, *context.offered):
            return offer
    return FIT_CHECK


_MORE = Suggestion("Tell me more about that", "/more")


def _vague(kb: KnowledgeBase, question: Question, context: Context) -> Answer:
    """Somebody does not know where to begin: one thing for each role, and a question back."""
    seen = set(context.shown)
    chosen: list[Fact] = []
    for role in kb.main_roles:
        pool = [f for f in kb.facts.values() if f.roles == (role,) and f.example and f.plain]
        fresh = [f for f in pool if f.id not in seen] or pool
        chosen += fresh[context.turn % len(fresh) :][:1] if fresh else []
    told_them = " ".join(f.plain or f.text for f in chosen)
    text = (
        f"That is a big question, and I can help with one part of it: the choice between {all_roles(kb)}. "
        f"To give you a picture: {told_them} "
        "Which of these would you enjoy more? The fit check finds out in eight questions."
    )
    offers = (FIT_CHECK, compare(kb), ask(kb, kb.profile_topics[0], ()) if kb.profile_topics else FIT_CHECK)
    return Answer(
        "answer" if chosen else "clarify", (Text(text),), ids(chosen), tuple(kb.main_roles), suggestions=offers
    )


def _unsure(kb: KnowledgeBase, question: Question, context: Context) -> Answer:
    """ "I don't know": an easier question, or a way on in the fit check."""
    paused = fit_check.interrupted(context)
    if paused:
        text = "That is fine, nobody has to know at once. You can skip this pair, or say that neither appeals to you."
        return Answer(
            "clarify",
            (Text(text),),
            suggestions=(Suggestion("Skip", "/skip"), Suggestion("Neither", "/neither"), *paused),
        )
    pairs = [pair for pair in kb.pairs.values() if not pair.tie_breaker]
    pair = pairs[context.turn % len(pairs)] if pairs else None
    easier = (
        f" Perhaps this is easier: would you rather {_lower(pair.first)}, or {_lower(pair.second)}?" if pair else ""
    )
    return Answer(
        "clarify",
        (Text(f"That is fine, not knowing yet is why people come here.{easier}"),),
        suggestions=(FIT_CHECK, compare(kb)),
    )


def _lower(text: str) -> str:
    return text[:1].lower() + text[1:]


def _feelings(kb: KnowledgeBase, question: Question, context: Context) -> Answer:
    """One warm sentence and one useful step."""
    words = set(question.text.replace(",", " ").replace(".", " ").split())
    said = next((f for f in wording().feelings if not f["words"] or words & set(f["words"])), wording().feelings[-1])
    offers = (FIT_CHECK, compare(kb), *(ask(kb, topic, ()) for topic in kb.profile_topics[:1]))
    return Answer("smalltalk", (Text(f"{said['say']} {said['step']}"),), suggestions=offers)


def _sorry(kb: KnowledgeBase, question: Question, context: Context) -> Answer:
    offer = (
        _next_step(kb, context, [kb.facts[f] for f in context.facts if f in kb.facts]) if context.fresh else FIT_CHECK
    )
    return Answer("smalltalk", (Text("No harm done. What would you like to know?"),), suggestions=(offer,))


def _recap(kb: KnowledgeBase, question: Question, context: Context) -> Answer | None:
    """What was talked about so far."""
    topics = list(dict.fromkeys(kb.facts[f].topic for f in context.shown if f in kb.facts))
    names = [kb.topics[t].name.lower() for t in topics if t in kb.topics]
    if not names and not context.about:
        return None
    roles = tuple(dict.fromkeys(role for f in context.shown if f in kb.facts for role in kb.facts[f].roles))
    text = (
        f"So far we talked about {join(names[-6:])} of {plural(kb, [r for r in kb.roles if r in roles])}."
        if names
        else ""
    )
    if context.about:
        text = f"{text} {leaning.recalled(kb, question, context).parts[0].text}"  # type: ignore[union-attr]
    if context.recommended:
        towards = join([kb.roles[role].name for role in context.recommended if role in kb.roles], "or")
        text += f" What you told me leans towards {towards}."
    return Answer("smalltalk", (Text(text.strip()),), suggestions=(FIT_CHECK,))


def _recall(kb: KnowledgeBase, question: Question, context: Context) -> Answer:
    return leaning.recalled(kb, question, context)


def _about_me(kb: KnowledgeBase, question: Question, context: Context) -> Answer:
    found = leaning.lean(kb, context)
    return found or leaning.acknowledged(kb, context)


def _fits(kb: KnowledgeBase, question: Question, context: Context) -> Answer | None:
    """Which role fits: from what was told; without that, what the choice depends on (None: see ``advise``)."""
    return leaning.lean(kb, context)


def _trust(kb: KnowledgeBase, question: Question, context: Context) -> Answer:
    """How far the answers can be relied on."""
    last = [kb.facts[f].source for f in context.facts if f in kb.facts] if context.fresh else []
    sources = [kb.sources[s] for s in dict.fromkeys(last)] or [next(iter(kb.sources.values()))]
    names = join([f'"{s.title}" ({s.publisher}, {s.edition or s.date.year})' for s in sources[:2]] + _others(kb, last))
    text = (
        f"A fair question. I make nothing up: everything I say is taken from sources that I name, here {names}. "
        "They are general and know nothing about you, so please check what matters to you elsewhere too, "
        "for instance with people who do the job."
    )
    return Answer("smalltalk", (Text(text),), suggestions=(Suggestion("Where is that from?", "/ask_source"),))


def _others(kb: KnowledgeBase, last: Sequence[str]) -> list[str]:
    """What there is besides the first source, where the last answer named none."""
    return (
        [f"the {len(kb.sources) - 1} statistics, surveys and guides beside it"]
        if len(kb.sources) > 2 and not last
        else []
    )


def _how_recent(kb: KnowledgeBase, question: Question, context: Context) -> Answer:
    """How old the information is."""
    last = [kb.facts[f].source for f in context.facts if f in kb.facts] if context.fresh else []
    sources = [kb.sources[s] for s in dict.fromkeys(last)] or [next(iter(kb.sources.values()))]
    lines = [f'"{s.title}" ({s.publisher}) is from {s.edition or s.date.strftime("%B %Y")}' for s in sources[:3]]
    others = _others(kb, last)
    if others:
        years = sorted(source.date.year for source in list(kb.sources.values())[1:])
        lines.append(f"{others[0]} are from {years[0]} to {years[-1]}")
    text = f"{join(lines)}. I know nothing newer than my sources, so things may have changed since."
    return Answer("smalltalk", (Text(text),), suggestions=(Suggestion("Where is that from?", "/ask_source"),))


def _agree(kb: KnowledgeBase, question: Question, context: Context) -> Answer | None:
    """Yes to nothing in particular: what one can ask."""
    return _what_now(kb, context, "Good. What would you like to know?")


def _disagree(kb: KnowledgeBase, question: Question, context: Context) -> Answer:
    return _what_now(kb, context, "All right. What would you like to know instead?")


def _what_would_change(kb: KnowledgeBase, question: Question, context: Context) -> Answer | None:
    """What would turn a recommendation round."""
    changed = fit_check.what_would_change(kb, context)
    if changed:
        return changed
    if len(context.recommended) != 1 or not context.about:
        return None
    other = [role for role in kb.main_roles if role not in context.recommended]
    focus = [f for f in (kb.overview(role, kb.profile_topics[0]) for role in other) if f]
    text = (
        f"If you told me that you enjoy what {plural(kb, other)} do, or dislike what you named so far, "
        f"it would change: {' '.join(f.text for f in focus)}"
    )
    return Answer("recommendation", (Text(text),), ids(focus), tuple(other), suggestions=(FIT_CHECK,))


def _what_now(kb: KnowledgeBase, context: Context, text: str) -> Answer:
    roles = context.roles if context.fresh else ()
    offers = (*(ask(kb, topic, roles) for topic in kb.profile_topics[:2]), FIT_CHECK)
    return Answer("clarify", (Text(text),), suggestions=offers)


_SORRY = (
    "Sorry about that. What exactly would you like to know?",
    "My apologies, let me try again. Which part did I get wrong?",
    "Sorry, that missed the point. Tell me in other words, or pick one of these.",
)
_WRONG = "Sorry about that. I have noted that this answer was not right. What exactly would you like to know?"


def apologise(kb: KnowledgeBase, context: Context, reason: str | None) -> tuple[Answer, Context]:
    """An apology for an answer that missed, with ways on; what is said depends on the ``reason`` that was given."""
    after = replace(context.next_turn(), misses=context.misses + 1)
    roles = context.roles if context.fresh else ()
    topics = [context.topic] if context.topic in kb.topics else []
    topics += [t for t in kb.profile_topics if t not in topics]
    offers = (*(ask(kb, topic, roles) for topic in topics[:2]), compare(kb))
    text = _SORRY[context.misses % len(_SORRY)]
    if rated(context) is not None:
        text = {"wrong": _WRONG, "outdated": _outdated(kb, context)}.get(reason or "", text)
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
    if wording().says("fit_check", question.text):
        return fit_check.step(kb, Question("start_fit_check"), Context())
    offers = (*(ask(kb, topic, ()) for topic in kb.profile_topics[:1]), compare(kb), FIT_CHECK)
    text = f"Let us start over. What would you like to know about {all_roles(kb, 'or')}?"
    return Answer("smalltalk", (Text(text),), suggestions=offers), Context()


def no_more_declines(kb: KnowledgeBase, answer: Answer, context: Context) -> Answer:
    """What is said instead of one more decline in a row."""
    about = told(kb, "is about", "My").replace("My article", "My source")
    text = (
        f"I keep missing what you are after, and I am sorry about that. {about} the work of {all_roles(kb)}. "
        "Tell me what you enjoy or what you do today, and I will say which of them is nearer to it."
    )
    offers = (FIT_CHECK, compare(kb), *(ask(kb, topic, ()) for topic in kb.profile_topics[:1]))
    return Answer(answer.kind, (Text(text),), answer.facts, answer.roles, answer.topics, suggestions=offers)


_TALK: dict[str, Talk] = {
    "react": _react,
    "vague_start": _vague,
    "dont_know": _unsure,
    "feelings": _feelings,
    "apology": _sorry,
    "recap": _recap,
    "recall_about_me": _recall,
    "tell_about_me": _about_me,
    "which_fits": _fits,
    "trust": _trust,
    "how_recent": _how_recent,
    "affirm": _agree,
    "deny": _disagree,
    "what_would_change": _what_would_change,
}
