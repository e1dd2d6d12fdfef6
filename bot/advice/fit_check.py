"""The fit check: paired tasks, one point for the role of the task one would rather do, and an honest result.

Scoring: a choice gives its role one point, "neither" and "skip" give none. The result names a lean when the points
differ by at least :data:`MARGIN` and at least :data:`FEWEST` pairs were decided; anything less is too close to call.
It is a lean and not a measurement: published interest inventories cannot tell the two jobs apart.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from bot.advice.answer import Answer, Bullets, Part, Suggestion, Text
from bot.advice.followups import remember
from bot.advice.question import Context, Question
from bot.advice.suggestions import ask
from bot.advice.wording import ids, join, topics_of
from bot.knowledge import Fact, KnowledgeBase, Pair
from bot.language.wording import wording

MARGIN = 2
FEWEST = 3
STEPS = frozenset({"start_fit_check", "skip", "neither", "cancel", "resume"})
_NEITHER, _SKIP = "neither", "skip"
_SURE = 0.4
_LONGEST_CHOICE = 14
"""Messages of more words than this are no choice of a task."""
_CONTINUE = Suggestion("Continue the fit check", "/resume")


@dataclass(frozen=True)
class Progress:
    """How far a fit check is: one entry an answered pair, "first", "second", "neither" or "skip"."""

    answers: tuple[str, ...] = ()
    tie: bool = False
    active: bool = True

    @classmethod
    def of(cls, context: Context) -> Progress | None:
        """The fit check of a conversation, or None if there is none."""
        if not isinstance(context.fit, Mapping):
            return None
        data = context.fit
        return cls(tuple(data.get("answers", ())), bool(data.get("tie")), bool(data.get("active")))

    def saved(self) -> dict[str, Any]:
        return {"answers": list(self.answers), "tie": self.tie, "active": self.active}


def pairs_of(kb: KnowledgeBase, tie: bool) -> list[Pair]:
    """The pairs that are asked, with the tie-breakers last where they are wanted."""
    return [p for p in kb.pairs.values() if not p.tie_breaker] + [p for p in kb.pairs.values() if tie and p.tie_breaker]


def step(kb: KnowledgeBase, question: Question, context: Context) -> tuple[Answer, Context]:
    """Start, skip, answer "neither", cancel or resume; returns the answer and the context after it."""
    progress = Progress.of(context)
    intent = question.intent
    if intent == "start_fit_check" and progress is not None and progress.active and not question.values.get("tie"):
        return _ask(kb, progress if progress.answers else Progress(), context)
    if intent == "start_fit_check":
        tie = bool(question.values.get("tie")) and progress is not None
        return _ask(kb, Progress(progress.answers, True) if tie and progress else Progress(), context)
    if progress is None or (not progress.active and intent != "resume"):
        return _nothing_running(kb, intent if question.confidence >= _SURE else "", context)
    if intent in ("cancel", "resume") and wording().says("afresh", question.text):
        return _ask(kb, Progress(), context)
    if intent == "cancel":
        text = "The fit check is stopped. You can go on with it whenever you like, or ask me something else."
        return _said(Answer("smalltalk", (Text(text),), suggestions=(_CONTINUE,)), progress, context, active=False)
    if intent == "resume":
        return _ask(kb, replace(progress, active=True), context)
    return _answered(kb, progress, _SKIP if intent == "skip" else _NEITHER, context)


def choice_in(kb: KnowledgeBase, question: Question, context: Context) -> str | None:
    """Which task of the running pair a message chooses: "first", "second", or None if it is about something else."""
    progress = Progress.of(context)
    if progress is None or not progress.active or len(progress.answers) >= len(pairs_of(kb, progress.tie)):
        return None
    given = question.values.get("choice")
    if given in ("first", "second"):
        return given
    position = wording().ordinal(question.text)
    if question.intent == "pick_option" and position in (0, 1, -1):
        return "first" if position == 0 else "second"
    if "?" in question.text or len(question.text.split()) > _LONGEST_CHOICE:
        return None
    pair = pairs_of(kb, progress.tie)[len(progress.answers)]
    scores = [
        _nearness(kb, question, pair.first, pair.first_fact),
        _nearness(kb, question, pair.second, pair.second_fact),
    ]
    if max(scores) < 0.3 or abs(scores[0] - scores[1]) < 0.1:
        return None
    return "first" if scores[0] > scores[1] else "second"


def choose(kb: KnowledgeBase, choice: str, context: Context) -> tuple[Answer, Context]:
    """Record a choice of the running pair and ask on, or give the result."""
    progress = Progress.of(context) or Progress()
    return _answered(kb, progress, choice, context)


def interrupted(context: Context) -> tuple[Suggestion, ...]:
    """The button that leads back to a fit check that another question interrupted."""
    progress = Progress.of(context)
    return (_CONTINUE,) if progress and progress.active else ()


def _answered(kb: KnowledgeBase, progress: Progress, answer: str, context: Context) -> tuple[Answer, Context]:
    progress = replace(progress, answers=(*progress.answers, answer))
    if len(progress.answers) < len(pairs_of(kb, progress.tie)):
        return _ask(kb, progress, context)
    return _said(_result(kb, progress), progress, context, active=False)


def _ask(kb: KnowledgeBase, progress: Progress, context: Context) -> tuple[Answer, Context]:
    pairs = pairs_of(kb, progress.tie)
    number = len(progress.answers)
    if number >= len(pairs):
        return _said(_result(kb, progress), progress, context, active=False)
    pair = pairs[number]
    lead = f"Question {number + 1} of {len(pairs)}: which would you rather do?"
    buttons = (
        Suggestion(pair.first, '/pick_option{"choice": "first"}'),
        Suggestion(pair.second, '/pick_option{"choice": "second"}'),
        Suggestion("Neither", "/neither"),
        Suggestion("Skip", "/skip"),
        Suggestion("Stop", "/cancel"),
    )
    parts = (Text(lead), Bullets((f"A: {pair.first}", f"B: {pair.second}")))
    return _said(Answer("quiz", parts, suggestions=buttons), progress, context, active=True)


def _result(kb: KnowledgeBase, progress: Progress) -> Answer:
    chosen = _chosen(kb, progress)
    points = {role: [f for _, f in chosen if f.roles[0] == role] for role in kb.main_roles}
    first, second = sorted(points, key=lambda role: -len(points[role]))[:2]
    ahead = len(points[first]) - len(points[second])
    score = join([f"{kb.roles[r].name} {len(points[r])}" for r in (first, second)])
    if len(chosen) < FEWEST:
        text = (
            f"Only {len(chosen)} of the pairs were decided, too few to name a lean. You can take the fit check again."
        )
        return Answer("recommendation", (Text(text),), suggestions=(Suggestion("Start again", "/start_fit_check"),))
    if ahead < MARGIN:
        return _close(kb, progress, chosen, score, (first, second))
    facts = points[first][:2]
    parts: list[Part] = [
        Text(f"You lean towards **{kb.roles[first].name}** ({score}). It is a lean, not a measurement."),
        Bullets(_choices(kb, chosen), "What you chose"),
        Bullets(tuple(f.text for f in facts), "The facts behind it"),
        Text(_change(ahead)),
    ]
    used = points[first]
    steps = tuple(ask(kb, topic, (first,)) for topic in kb.profile_topics[1:3])
    return Answer("recommendation", tuple(parts), ids(used), (first,), topics_of(used), steps, ids(used))


def _choices(kb: KnowledgeBase, chosen: Sequence[tuple[str, Fact]]) -> tuple[str, ...]:
    return tuple(f"{task} ({kb.roles[fact.roles[0]].name})" for task, fact in chosen)


def _change(ahead: int) -> str:
    """How many other answers would make a result too close to call; each moves a point from one role to the other."""
    change = (ahead - MARGIN) // 2 + 1
    answers = "One other answer" if change == 1 else f"{change} other answers"
    return f"{answers} the other way would make it too close to call."


def what_would_change(kb: KnowledgeBase, context: Context) -> Answer | None:
    """What would turn the result of a finished fit check round; None where there is none."""
    progress = Progress.of(context)
    if (
        progress is None
        or progress.active
        or len(context.recommended) != 1
        or context.recommended[0] not in kb.main_roles
    ):
        return None
    chosen = _chosen(kb, progress)
    role = context.recommended[0]
    own = [(task, fact) for task, fact in chosen if fact.roles[0] == role]
    ahead = 2 * len(own) - len(chosen)
    if ahead < MARGIN:
        return None
    text = (
        f"Your answers lean towards {kb.roles[role].name} by {len(own)} to {len(chosen) - len(own)}. {_change(ahead)}"
    )
    parts = (Text(text), Bullets(_choices(kb, own), f"What speaks for {kb.roles[role].name}"))
    again = Suggestion("Take the fit check again", "/start_fit_check")
    facts = [fact for _, fact in own]
    return Answer("recommendation", parts, ids(facts), (role,), topics_of(facts), (again,))


def _close(
    kb: KnowledgeBase, progress: Progress, chosen: Sequence[tuple[str, Fact]], score: str, leading: tuple[str, str]
) -> Answer:
    hybrid = kb.lead("both_fit", leading)
    parts: list[Part] = [
        Text(f"**Too close to call** ({score}): the two have to differ by at least {MARGIN}."),
        Bullets(_choices(kb, chosen), "What you chose"),
    ]
    used = [f for _, f in chosen]
    if hybrid:
        parts.append(Text(hybrid.text))
        used.append(hybrid)
    more = () if progress.tie else (Suggestion("Two tie-breakers", '/start_fit_check{"tie": "yes"}'),)
    return Answer("recommendation", tuple(parts), ids(used), leading, topics_of(used), suggestions=more)


def _chosen(kb: KnowledgeBase, progress: Progress) -> list[tuple[str, Fact]]:
    found = []
    for pair, answer in zip(pairs_of(kb, progress.tie), progress.answers, strict=False):
        if answer == "first":
            found.append((pair.first, kb.facts[pair.first_fact]))
        elif answer == "second":
            found.append((pair.second, kb.facts[pair.second_fact]))
    return found


def _nearness(kb: KnowledgeBase, question: Question, task: str, fact_id: str) -> float:
    """How much a free text points to a task: words in common, things in common, nearness to its fact."""
    said = {word for word in question.text.lower().replace(",", " ").split() if len(word) > 3}
    words = {word for word in task.lower().split() if len(word) > 3}
    shared = len(said & words) / (len(words) or 1)
    things = 0.4 if set(question.things) & set(kb.facts[fact_id].entities) else 0.0
    return shared + things + {key: p for key, _, p in question.candidates}.get(fact_id, 0.0) / 2


def _nothing_running(kb: KnowledgeBase, intent: str, context: Context) -> tuple[Answer, Context]:
    start = Suggestion("Start the fit check", "/start_fit_check")
    both = kb.lead("both_fit", kb.main_roles)
    if intent == _NEITHER and both:  # "I like both", "neither of them" outside of a fit check
        text = f"That is fine, you need not decide for ever. {both.text} The fit check may show a lean all the same."
        answer = Answer("answer", (Text(text),), (both.id,), tuple(both.roles), (both.topic,), (start,))
        return answer, replace(
            context.next_turn(), pending=(start.payload,), facts=answer.facts, content_turn=context.turn + 1
        )
    return Answer("clarify", (Text("No fit check is running. Shall we start one?"),), suggestions=(start,)), replace(
        context.next_turn(), pending=(start.payload,)
    )


def _said(answer: Answer, progress: Progress, context: Context, active: bool) -> tuple[Answer, Context]:
    after = replace(context.next_turn(), fit=replace(progress, active=active).saved(), pending=())
    if answer.facts:
        after = replace(
            after,
            content_turn=after.turn,
            facts=answer.facts,
            roles=answer.roles,
            intent="",
            topic="",
            options=answer.options,
            last=remember(answer),
            recommended=answer.roles if answer.kind == "recommendation" else after.recommended,
        )
    return answer, after
