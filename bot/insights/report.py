"""The report: typed figures of a period, before anybody decides how they look."""

from __future__ import annotations

from collections import Counter, defaultdict
from dataclasses import dataclass
from datetime import date, timedelta

from bot.insights.drift import Drift, drift
from bot.insights.groups import Encoder, UnansweredGroup, group_questions
from bot.insights.period import Period
from bot.insights.questions import default_encoder
from bot.insights.source import Progress, Source
from bot.insights.tally import ConversationTally, Tally
from bot.insights.turns import Rating, items_of
from bot.knowledge import KnowledgeBase, current
from bot.language.personal_details.masking import Masker

_MOST_ROWS = 30


@dataclass(frozen=True)
class Unhelpful:
    """Answers that got a thumb down: the facts shown, how often, why, and an example of what was asked (masked)."""

    facts: tuple[str, ...]
    count: int
    reasons: dict[str, int]
    example: str


@dataclass(frozen=True)
class Confusion:
    """Two intents whose probabilities were close: how often, and an example (masked)."""

    first: str
    second: str
    count: int
    example: str


@dataclass(frozen=True)
class FitCheck:
    """``results``: roles to how often, several roles being too close to call and none too few answers."""

    started: int
    finished: int
    stopped: int
    results: dict[tuple[str, ...], int]
    left: dict[int, int]


@dataclass(frozen=True)
class Report:
    """A period in figures. Counters are (name, count), largest first; ``hours`` has a row a weekday from Monday on.

    ``sourced`` counts answers that drew on sources, ``outdated`` those of them with one that was out of date then.
    ``unanswered_total`` counts all questions without an answer, ``unanswered_grouped`` those that the groups hold.
    """

    period: Period
    conversations: int
    conversations_before: int
    visits: int
    returning: int
    messages: int
    messages_before: int
    buttons: int
    channels: list[tuple[str, int, int]]
    days: list[tuple[date, int]]
    hours: list[list[int]]
    kinds: list[tuple[str, int]]
    topics: list[tuple[str, int]]
    roles: list[tuple[str, int]]
    intents: list[tuple[str, int]]
    sourced: int
    outdated: int
    outdated_before: int
    outdated_sources: list[tuple[str, int]]
    unanswered_total: int
    unanswered_grouped: int
    unanswered: list[UnansweredGroup]
    thumbs_up: int
    thumbs_down: int
    reasons: list[tuple[str, int]]
    unhelpful: list[Unhelpful]
    fit_check: FitCheck
    confusions: list[Confusion]
    drift: Drift
    kind_drift: Drift


def make_report(
    database: str | None = None,
    period: Period | None = None,
    knowledge: KnowledgeBase | None = None,
    encoder: Encoder | None = None,
    progress: Progress | None = None,
) -> Report:
    """Read a period and the one before from the store; the arguments are those of ``unanswered``.

    Raises InsightsError if the store cannot be read.
    """
    period = period or Period.last_days(30)
    kb = knowledge or current.knowledge()
    before, now = Tally(), Tally()
    earlier = period.before()
    source = Source(database)
    for number, conversation in enumerate(source.conversations(earlier.start, period.end, progress)):
        old, new = ConversationTally(before, number, earlier), ConversationTally(now, number, period)
        for item in items_of(conversation):
            (old if item.time < period.start else new).add(item)
        was_there = old.end(conversation.created < earlier.start)
        new.end(was_there or conversation.created < period.start)
    masker = Masker(words for _, _, words in kb.phrases())
    questions = now.unanswered.items
    groups = group_questions(questions, kb, encoder or default_encoder(), masker) if questions else []
    return Report(
        period=period,
        conversations=now.conversations,
        conversations_before=before.conversations,
        visits=now.visits,
        returning=now.returning,
        messages=now.messages,
        messages_before=before.messages,
        buttons=now.buttons,
        channels=[(name, count, now.channel_conversations[name]) for name, count in _largest(now.channels)],
        days=[(day, now.days[day]) for day in (period.first + timedelta(n) for n in range(period.days))],
        hours=[[now.hours[weekday, hour] for hour in range(24)] for weekday in range(7)],
        kinds=_largest(now.kinds),
        topics=_largest(now.topics),
        roles=_largest(now.roles),
        intents=_largest(now.intents),
        sourced=now.sourced,
        outdated=now.outdated,
        outdated_before=before.outdated,
        outdated_sources=_largest(now.outdated_sources),
        unanswered_total=now.unanswered.seen,
        unanswered_grouped=sum(group.count for group in groups),
        unanswered=groups,
        thumbs_up=now.ratings["up"],
        thumbs_down=now.ratings["down"],
        reasons=_largest(now.reasons),
        unhelpful=_unhelpful(now.down.items, masker),
        fit_check=FitCheck(
            now.fit.started,
            now.fit.finished,
            now.fit.stopped,
            dict(sorted(now.fit.results.items())),
            dict(sorted(now.fit.left.items())),
        ),
        confusions=[
            Confusion(*pair, count, masker(now.confused_text[pair]))
            for pair, count in sorted(now.confused.items(), key=lambda item: (-item[1], item[0]))[:_MOST_ROWS]
        ],
        drift=drift(before.intents, now.intents),
        kind_drift=drift(before.kinds, now.kinds),
    )


def _unhelpful(ratings: list[Rating], masker: Masker) -> list[Unhelpful]:
    by_facts: dict[tuple[str, ...], list[Rating]] = defaultdict(list)
    for rating in ratings:
        by_facts[tuple(rating.facts)].append(rating)
    found = [
        Unhelpful(
            facts,
            len(rated),
            dict(_largest(Counter(rating.reason for rating in rated))),
            masker(next((rating.text for rating in rated if rating.text), "")),
        )
        for facts, rated in by_facts.items()
    ]
    return sorted(found, key=lambda each: (-each.count, each.facts))[:_MOST_ROWS]


def _largest(counter: Counter[str]) -> list[tuple[str, int]]:
    return sorted(counter.items(), key=lambda item: (-item[1], item[0]))[:_MOST_ROWS]
