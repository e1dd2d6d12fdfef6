"""The report: typed figures of a period, before anybody decides how they look."""

from __future__ import annotations

from collections import Counter, defaultdict
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path

from bot.insights.drift import Drift, drift
from bot.insights.groups import Encoder, UnansweredGroup, group_questions
from bot.insights.nearest import Index, Nearest
from bot.insights.period import Period
from bot.insights.questions import default_encoder, default_index
from bot.insights.source import Progress, Source
from bot.insights.subjects import Subjects
from bot.insights.tally import ConversationTally, Tally
from bot.insights.turns import Rating, items_of
from bot.knowledge import KnowledgeBase, current
from bot.knowledge.places import places_in
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

    ``folder`` is where the knowledge files are that entries of ``unanswered`` lead to. ``subjects`` are what questions
    were about (bot.insights.subjects), and what ``drift`` compares. ``distress`` counts messages in distress, which are
    in none of the other lists but ``kinds``. ``sourced`` counts answers that drew on sources, ``outdated`` those with
    one that was out of date then. ``missed`` counts messages with a question that had no answer,
    ``unanswered_total`` all such questions, ``unanswered_grouped`` those that the groups hold.
    """

    period: Period
    folder: str
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
    subjects: list[tuple[str, int]]
    distress: int
    distress_before: int
    sourced: int
    outdated: int
    outdated_before: int
    outdated_sources: list[tuple[str, int]]
    missed: int
    missed_before: int
    unanswered_total: int
    unanswered_before: int
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
    index: Index | None = None,
    folder: Path | None = None,
) -> Report:
    """Read a period and the one before from the store; the arguments are those of ``unanswered``.

    Raises InsightsError if the store cannot be read.
    """
    period = period or Period.last_days(30)
    kb = knowledge or current.knowledge()
    folder = folder or current.knowledge_folder()
    subjects = Subjects(kb)
    before, now = Tally(subjects), Tally(subjects)
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
    groups = []
    if questions:
        find = Nearest(kb, lambda: index or default_index(kb))
        groups = group_questions(questions, kb, encoder or default_encoder(), find, masker, places_in(folder))
    return Report(
        period=period,
        folder=folder.as_posix(),
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
        subjects=_largest(now.subjects),
        distress=now.distress,
        distress_before=before.distress,
        sourced=now.sourced,
        outdated=now.outdated,
        outdated_before=before.outdated,
        outdated_sources=_largest(now.outdated_sources),
        missed=now.missed,
        missed_before=before.missed,
        unanswered_total=now.unanswered.seen,
        unanswered_before=before.unanswered.seen,
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
        drift=drift(before.subjects, now.subjects),
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
