"""Counting turns: everything that a report needs of a period, in memory that does not grow with the messages."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from datetime import date, datetime

from bot.insights.fit_runs import FitRuns, FitTally
from bot.insights.groups import Unanswered
from bot.insights.period import Period
from bot.insights.questions import MOST_QUESTIONS, unanswered_in
from bot.insights.sample import Reservoir
from bot.insights.subjects import Subjects, present
from bot.insights.turns import DISTRESS, NO_KIND, FitState, Rating, Turn

VISIT_GAP = 30 * 60.0
"""Seconds of silence after which a message begins a new visit, as web analytics count it."""

CLOSE = 0.2
"""Two intents are confused when their probabilities differ by less than this."""

_MOST_NAMES = 5_000
_MOST_DOWN = 5_000


@dataclass
class Tally:
    """The counts of one period. Messages in distress are counted, and nothing that they say is kept."""

    subject_of: Subjects
    conversations: int = 0
    returning: int = 0
    visits: int = 0
    messages: int = 0
    buttons: int = 0
    distress: int = 0
    missed: int = 0
    channels: Counter[str] = field(default_factory=Counter)
    channel_conversations: Counter[str] = field(default_factory=Counter)
    hours: Counter[tuple[int, int]] = field(default_factory=Counter)
    days: Counter[date] = field(default_factory=Counter)
    kinds: Counter[str] = field(default_factory=Counter)
    topics: Counter[str] = field(default_factory=Counter)
    roles: Counter[str] = field(default_factory=Counter)
    intents: Counter[str] = field(default_factory=Counter)
    subjects: Counter[str] = field(default_factory=Counter)
    sourced: int = 0
    outdated: int = 0
    outdated_sources: Counter[str] = field(default_factory=Counter)
    confused: Counter[tuple[str, str]] = field(default_factory=Counter)
    confused_text: dict[tuple[str, str], str] = field(default_factory=dict)
    ratings: Counter[str] = field(default_factory=Counter)
    reasons: Counter[str] = field(default_factory=Counter)
    down: Reservoir[Rating] = field(default_factory=lambda: Reservoir(_MOST_DOWN))
    unanswered: Reservoir[Unanswered] = field(default_factory=lambda: Reservoir(MOST_QUESTIONS))
    fit: FitTally = field(default_factory=FitTally)

    def add_turn(self, turn: Turn, number: int) -> None:
        self.messages += 1
        _count(self.channels, turn.channel)
        self.buttons += turn.payload
        if turn.distress:
            self.distress += 1
            _count(self.kinds, DISTRESS)
            return
        _count(self.kinds, turn.kind or NO_KIND)
        for topic in turn.topics:
            _count(self.topics, topic)
        for role in turn.roles:
            _count(self.roles, role)
        self.sourced += bool(turn.facts)
        self.outdated += bool(turn.outdated)
        for source in turn.outdated:
            _count(self.outdated_sources, source)
        for part in turn.parts:
            _count(self.intents, present(part.intent))
            subject = self.subject_of.of(part)
            if self.subject_of.is_question(subject):
                _count(self.subjects, subject)
            if not turn.payload and len(part.ranking) > 1 and part.ranking[0][1] - part.ranking[1][1] < CLOSE:
                first, second = present(part.ranking[0][0]), present(part.ranking[1][0])
                pair = min(first, second), max(first, second)
                self.confused[pair] += 1
                self.confused_text.setdefault(pair, part.text)
        open_questions = list(unanswered_in(turn, number))
        self.missed += bool(open_questions)
        for question in open_questions:
            self.unanswered.add(question)

    def add_rating(self, rating: Rating) -> None:
        self.ratings[rating.rating] += 1
        if rating.rating == "down":
            _count(self.reasons, rating.reason)
            self.down.add(rating)


class ConversationTally:
    """Counts one conversation into the tally of a period, item by item."""

    def __init__(self, tally: Tally, number: int, period: Period) -> None:
        """``number`` tells this conversation from others."""
        self._tally = tally
        self._number = number
        self._tz = period.tz
        self._last: float | None = None
        self._visits = 0
        self._channels: set[str] = set()
        self._ratings: dict[tuple[str, tuple[str, ...]], Rating] = {}
        self._fit = FitRuns()

    def add(self, item: Turn | Rating | FitState) -> None:
        """Count what happened next."""
        if isinstance(item, Turn):
            if self._last is None or item.time - self._last > VISIT_GAP:
                self._visits += 1
            self._last = item.time
            self._channels.add(item.channel)
            when = datetime.fromtimestamp(item.time, self._tz)
            self._tally.days[when.date()] += 1
            self._tally.hours[when.weekday(), when.hour] += 1
            self._tally.add_turn(item, self._number)
        elif isinstance(item, Rating):
            # Who changes their mind about an answer counts once, with what they said last.
            self._ratings[item.text, tuple(item.facts)] = item
        else:
            self._fit.add(item)

    def end(self, known: bool) -> bool:
        """Count what can only be told at the end; ``known``: it had begun before the period. Was anything said?"""
        for rating in self._ratings.values():
            self._tally.add_rating(rating)
        self._fit.end(self._tally.fit)
        if self._visits:
            self._tally.conversations += 1
            self._tally.visits += self._visits
            self._tally.returning += known or self._visits > 1
            for channel in self._channels:
                _count(self._tally.channel_conversations, channel)
        return bool(self._visits)


def _count(counter: Counter[str], name: str) -> None:
    """Count a name that may come from outside: of too many different ones, the rest are one."""
    counter[name[:128] if name in counter or len(counter) < _MOST_NAMES else "others"] += 1
