"""The fit check: paired tasks, one point for the role of the task one would rather do, and an honest result.

Scoring: a choice gives its role one point, "neither" and "skip" give none. The result names a lean when the points
differ by at least :data:`MARGIN` and at least :data:`FEWEST` pairs were decided; anything less is too close to call.
It is a lean and not a measurement: published interest inventories cannot tell the two jobs apart.

An answer can be changed while the check runs and after its result: its pair is asked once more, and then the check goes
on where it was.
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
STEPS = frozenset({"start_fit_check", "skip", "neither", "cancel", "resume", "change_answer"})
_NEITHER, _SKIP = "neither", "skip"
_SURE = 0.4
_LETTERS = {"first": "A", "second": "B"}
_SHORT = 4
"""A message of more words than this names no number alone."""
_LONGEST_CHOICE = 14
"""Messages of more words than this are no choice of a task."""
_CONTINUE = Suggestion("Continue the fit check", "/resume")
_CHANGE = Suggestion("Change an answer", "/change_answer")
_WHICH = -1
"""Stands for the pair to ask again while somebody is asked which one it shall be."""
_NUMBER = "change "


@dataclass(frozen=True)
class Progress:
    """How far a fit check is: one entry an answered pair, "first", "second", "neither" or "skip".

    ``change`` is the pair that is asked once more, or that it is asked which one that shall be; once the check is over
    this is for the message after ``turn`` only.
    """

    answers: tuple[str, ...] = ()
    tie: bool = False
    active: bool = True
    change: int | None = None
    turn: int = 0

    @classmethod
    def of(cls, context: Context) -> Progress | None:
        """The fit check of a conversation, or None if there is none."""
        if not isinstance(context.fit, Mapping):
            return None
        data = context.fit
        answers, change, turn = tuple(data.get("answers", ())), data.get("change"), data.get("turn", 0)
        progress = cls(answers, bool(data.get("tie")), bool(data.get("active")))
        if not isinstance(change, int) or not _WHICH <= change < len(answers):
            return progress
        return replace(progress, change=change, turn=turn) if progress.active or turn == context.turn else progress

    def saved(self) -> dict[str, Any]:
        saved = {"answers": list(self.answers), "tie": self.tie, "active": self.active}
        return saved if self.change is None else {**saved, "change": self.change, "turn": self.turn}

    def running(self, pairs: Sequence[Pair]) -> int | None:
        """The number of the pair that is asked now, from 0; None where none is."""
        if self.change is not None:
            return None if self.change == _WHICH else self.change
        return len(self.answers) if self.active and len(self.answers) < len(pairs) else None

    def with_answer(self, answer: str) -> Progress:
        """After an answer to the pair that is asked now."""
        if self.change is None or self.change == _WHICH:
            return replace(self, answers=(*self.answers, answer), change=None)
        before, after = self.answers[: self.change], self.answers[self.change + 1 :]
        return replace(self, answers=(*before, answer, *after), change=None)


def pairs_of(kb: KnowledgeBase, tie: bool) -> list[Pair]:
    """The pairs that are asked, with the tie-breakers last where they are wanted."""
    return [p for p in kb.pairs.values() if not p.tie_breaker] + [p for p in kb.pairs.values() if tie and p.tie_breaker]


def step(kb: KnowledgeBase, question: Question, context: Context) -> tuple[Answer, Context]:
    """Start, skip, answer "neither", cancel, resume or change; returns the answer and the context after it."""
    progress = Progress.of(context)
    intent = question.intent
    if intent == "start_fit_check" and progress is not None and progress.active and not question.values.get("tie"):
        return _ask(kb, progress if progress.answers else Progress(), context)
    if intent == "start_fit_check":
        tie = bool(question.values.get("tie")) and progress is not None
        return _ask(kb, Progress(progress.answers, True) if tie and progress else Progress(), context)
    if intent == "change_answer" and progress is not None and progress.answers:
        return _change(kb, progress, _pair_in(question, progress), context)
    changing = progress is not None and progress.change is not None
    if progress is None or not (progress.active or changing or intent == "resume"):
        return _nothing_running(kb, intent if question.confidence >= _SURE else "", context)
    if intent in ("cancel", "resume") and wording().says("afresh", question.text):
        return _ask(kb, Progress(), context)
    if changing and (intent == "cancel" or (progress.change == _WHICH and intent in ("skip", "neither"))):
        return _ask(kb, replace(progress, change=None), context)
    if intent == "cancel":
        text = "The fit check is stopped. You can go on with it whenever you like, or ask me something else."
        return _said(Answer("smalltalk", (Text(text),), suggestions=(_CONTINUE,)), progress, context, active=False)
    if intent in ("resume", "change_answer"):
        return _ask(kb, progress if changing else replace(progress, active=True), context)
    return _answered(kb, progress, _SKIP if intent == "skip" else _NEITHER, context)


def choice_in(kb: KnowledgeBase, question: Question, context: Context) -> str | None:
    """What a message chooses, for :func:`choose`: a task of the pair that is asked, or the answer to change.

    None if it is about something else.
    """
    progress = Progress.of(context)
    if progress is None:
        return None
    if progress.change == _WHICH:
        number = _pair_in(question, progress) if len(question.text.split()) <= _SHORT else None
        return None if number is None else f"{_NUMBER}{number}"
    pairs = pairs_of(kb, progress.tie)
    running = progress.running(pairs)
    if running is None:
        return None
    given = question.values.get("choice")
    if given in ("first", "second"):
        return given
    position = wording().ordinal(question.text)
    if question.intent == "pick_option" and position in (0, 1, -1):
        return "first" if position == 0 else "second"
    if "?" in question.text or len(question.text.split()) > _LONGEST_CHOICE:
        return None
    pair = pairs[running]
    scores = [
        _nearness(kb, question, pair.first, pair.first_fact),
        _nearness(kb, question, pair.second, pair.second_fact),
    ]
    if max(scores) < 0.3 or abs(scores[0] - scores[1]) < 0.1:
        return None
    return "first" if scores[0] > scores[1] else "second"


def choose(kb: KnowledgeBase, choice: str, context: Context) -> tuple[Answer, Context]:
    """Record a choice of the running pair and ask on, or give the result; or ask the pair to change."""
    progress = Progress.of(context) or Progress()
    if choice.startswith(_NUMBER):
        return _change(kb, progress, int(choice.removeprefix(_NUMBER)), context)
    return _answered(kb, progress, choice, context)


def interrupted(context: Context) -> tuple[Suggestion, ...]:
    """The button that leads back to a fit check that another question interrupted."""
    progress = Progress.of(context)
    return (_CONTINUE,) if progress and progress.active else ()


def _answered(kb: KnowledgeBase, progress: Progress, answer: str, context: Context) -> tuple[Answer, Context]:
    return _ask(kb, progress.with_answer(answer), context)


def _ask(kb: KnowledgeBase, progress: Progress, context: Context) -> tuple[Answer, Context]:
    """The pair that is next, or the result."""
    pairs = pairs_of(kb, progress.tie)
    if progress.change is None and len(progress.answers) >= len(pairs):
        return _said(_result(kb, progress), progress, context, active=False)
    if progress.change == _WHICH:
        return _change(kb, progress, None, context)
    again = progress.change is not None
    number = progress.change if progress.change is not None else len(progress.answers)
    pair = pairs[number]
    lead = f"**Question {number + 1} of {len(pairs)}**{', once more' if again else ''}: which would you rather do?"
    if again:
        lead += f" Until now: {_LETTERS.get(progress.answers[number], progress.answers[number])}."
    buttons = (
        Suggestion(f"A: {pair.first}", '/pick_option{"choice": "first"}'),
        Suggestion(f"B: {pair.second}", '/pick_option{"choice": "second"}'),
        Suggestion("Neither", "/neither"),
        Suggestion("Leave it as it is", "/cancel") if again else Suggestion("Skip", "/skip"),
        *(() if again else (Suggestion("Stop", "/cancel"),)),
    )
    return _said(Answer("quiz", (Text(lead),), suggestions=buttons), progress, context, active=progress.active)


def _change(kb: KnowledgeBase, progress: Progress, number: int | None, context: Context) -> tuple[Answer, Context]:
    """Ask a pair once more, or which one it shall be."""
    turn = context.turn + 1
    if number is not None:
        return _ask(kb, replace(progress, change=number, turn=turn), context)
    shown = enumerate(_given(kb, progress), 1)
    buttons = [Suggestion(f"{n}: {text}", f'/change_answer{{"pair": "{n}"}}') for n, text in shown]
    buttons.append(Suggestion("Leave them as they are", "/cancel"))
    answer = Answer("quiz", (Text("Which answer would you like to change?"),), suggestions=tuple(buttons))
    return _said(answer, replace(progress, change=_WHICH, turn=turn), context, active=progress.active)


def _pair_in(question: Question, progress: Progress) -> int | None:
    """Which of the answered pairs a message names by its number, from 0; None for none of them."""
    given = str(question.values.get("pair", ""))
    if given:
        position = int(given) - 1 if given.isascii() and given.isdecimal() and len(given) < 3 else _WHICH
    else:
        words = [w for w in question.text.split() if len(w) > 1 or w.isdecimal()]  # "b" is a side, no number
        found = wording().ordinal(" ".join(words))
        position = len(progress.answers) - 1 if found == -1 else _WHICH if found is None else found
    return position if 0 <= position < len(progress.answers) else None


def _given(kb: KnowledgeBase, progress: Progress, named: bool = False) -> list[str]:
    """What was answered to each pair; ``named`` with the role that the task belongs to."""
    lines = []
    pairs = pairs_of(kb, progress.tie)
    for pair, answer in zip(pairs, progress.answers, strict=False):
        task, fact = (pair.first, pair.first_fact) if answer == "first" else (pair.second, pair.second_fact)
        if answer not in _LETTERS:
            task = "neither" if answer == _NEITHER else "skipped"
        elif named:
            task = f"{task} ({kb.roles[kb.facts[fact].roles[0]].short})"
        lines.append(task)
    return lines


def _result(kb: KnowledgeBase, progress: Progress) -> Answer:
    chosen = _chosen(kb, progress)
    points = {role: [f for _, f in chosen if f.roles[0] == role] for role in kb.main_roles}
    first, second = sorted(points, key=lambda role: -len(points[role]))[:2]
    ahead = len(points[first]) - len(points[second])
    score = join([f"{kb.roles[r].name} {len(points[r])}" for r in (first, second)])
    all_given = Bullets(tuple(_given(kb, progress, named=True)), "What you chose", numbered=True)
    if len(chosen) < FEWEST:
        decided = f"Only {len(chosen)} of the pairs {'was' if len(chosen) == 1 else 'were'} decided"
        text = f"{decided}, too few to name a lean. You can change an answer or start again."
        again = Suggestion("Start again", "/start_fit_check")
        return Answer("recommendation", (Text(text), all_given), suggestions=(again, _CHANGE))
    if ahead < MARGIN:
        return _close(kb, progress, chosen, score, (first, second), all_given)
    steps = tuple(ask(kb, topic, (first,)) for topic in kb.profile_topics[1:3])
    parts: list[Part] = [
        Text(f"You lean towards **{kb.roles[first].name}** ({score}). It is a lean, not a measurement."),
        all_given,
        Text(_would_change(ahead)),
    ]
    if steps:
        parts.append(Text(f"A good next step: {steps[0].title}"))
    used = points[first]
    return Answer("recommendation", tuple(parts), ids(used), (first,), topics_of(used), (*steps, _CHANGE), ids(used))


def _would_change(ahead: int) -> str:
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
    by = f"{len(own)} to {len(chosen) - len(own)}"
    text = f"Your answers lean towards {kb.roles[role].name} by {by}. {_would_change(ahead)}"
    parts = (Text(text), Bullets(tuple(task for task, _ in own), f"What speaks for {kb.roles[role].name}"))
    again = Suggestion("Take the fit check again", "/start_fit_check")
    facts = [fact for _, fact in own]
    return Answer("recommendation", parts, ids(facts), (role,), topics_of(facts), (_CHANGE, again))


def _close(
    kb: KnowledgeBase,
    progress: Progress,
    chosen: Sequence[tuple[str, Fact]],
    score: str,
    leading: tuple[str, str],
    all_given: Bullets,
) -> Answer:
    hybrid = kb.lead("both_fit", leading)
    parts: list[Part] = [
        Text(f"**Too close to call** ({score}): the two have to differ by at least {MARGIN}."),
        all_given,
    ]
    used = [f for _, f in chosen]
    if hybrid:
        parts.append(Text(hybrid.text))
        used.append(hybrid)
    more = () if progress.tie else (Suggestion("Two tie-breakers", '/start_fit_check{"tie": "yes"}'),)
    if more:
        parts.append(Text("A good next step: the two tie-breakers."))
    return Answer("recommendation", tuple(parts), ids(used), leading, topics_of(used), suggestions=(*more, _CHANGE))


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
