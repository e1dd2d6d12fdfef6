"""A report as tables: the one form that the page, the CSV files and the terminal show."""

from __future__ import annotations

from dataclasses import dataclass

from bot.insights.nearest import NEAR, Place
from bot.insights.report import Report
from bot.insights.subjects import Subjects
from bot.knowledge import KnowledgeBase

Cell = str | int | float
_WEEKDAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
KINDS = {
    "answer": "Answered",
    "partial": "Answered in part",
    "declined": "Not covered",
    "off_topic": "Off topic",
    "smalltalk": "Small talk",
    "clarify": "Asked back",
    "recommendation": "Recommendation",
    "quiz": "Fit check",
    "distress": "In distress",
    "not recorded": "Not recorded (console)",
}
REASONS = {
    "wrong": "Wrong",
    "not_asked": "Not what I asked",
    "too_long": "Too long",
    "outdated": "Outdated",
    "other": "Other",
    "none given": "None given",
}


@dataclass(frozen=True)
class Table:
    """``name`` is its file name; ``note`` says how to read it, or that there is nothing."""

    name: str
    title: str
    columns: tuple[str, ...]
    rows: tuple[tuple[Cell, ...], ...]
    note: str = ""


def tables_of(report: Report, kb: KnowledgeBase) -> list[Table]:
    """All tables of a report, in the order of reading."""
    return [
        _overview(report),
        _table("unanswered", "Questions without an answer", _UNANSWERED, _unanswered(report, kb), _sampled(report)),
        Table("kinds", "Kinds of answer", ("Kind", "Messages", "Share"), _shares(report.kinds, KINDS)),
        Table("topics", "Topics that answers were about", ("Topic", "Messages"), _named(report.topics, _topics(kb))),
        Table("roles", "Roles that answers were about", ("Role", "Messages"), _named(report.roles, _roles(kb))),
        Table("subjects", "What people ask about", ("Subject", "Questions", "Share"), _subjects(report, kb)),
        Table(
            "outdated",
            "Answers that drew on outdated sources",
            _OUTDATED,
            tuple(report.outdated_sources),
            _aged(report),
        ),
        Table("unhelpful", "Answers that got a thumb down", _UNHELPFUL, _unhelpful(report)),
        Table("reasons", "Why answers were unhelpful", ("Reason", "Thumbs down"), _named(report.reasons, REASONS)),
        Table("fit_results", "Fit checks: results", ("Result", "Fit checks"), _fit_results(report, kb)),
        Table("fit_left", "Fit checks: where people left", ("Answered before leaving", "Fit checks"), _left(report)),
        Table("confusions", "Intents that are hard to tell apart", _CONFUSIONS, _confusions(report)),
        Table("drift", "What changed against the period before", _DRIFT, _drift(report, kb), _distance(report)),
        Table("channels", "Channels", ("Channel", "Messages", "Conversations"), tuple(report.channels)),
        Table("days", "Messages a day", ("Day", "Messages"), tuple((day.isoformat(), n) for day, n in report.days)),
        Table("hours", f"Busy hours ({report.period.zone})", ("Weekday", *_HOURS), _hours(report)),
    ]


_HOURS = tuple(f"{hour:02}" for hour in range(24))
_UNANSWERED = ("Question", "Messages", "Conversations", "More examples", "Nearest fact", "Nearness", "Where it belongs")
_PLACES = "Where it belongs: the file and line of the kind that is not covered, or of the nearest fact."
_OUTDATED = ("Source", "Answers")
_UNHELPFUL = ("Facts shown", "Thumbs down", "Reasons", "Example")
_CONFUSIONS = ("Intent", "Other intent", "Questions", "Example")
_DRIFT = ("Subject", "Before", "Now", "Share before", "Share now", "More than chance")


def _overview(report: Report) -> Table:
    rated = report.thumbs_up + report.thumbs_down
    rows: list[tuple[Cell, ...]] = [
        ("Conversations", report.conversations, report.conversations_before),
        ("Messages", report.messages, report.messages_before),
        ("of them by button", report.buttons, ""),
        ("Visits", report.visits, ""),
        ("Returning visitors", report.returning, ""),
        ("Questions without an answer", report.unanswered_total, report.unanswered_before),
        ("Messages in distress", report.distress, report.distress_before),
        ("Answers from outdated sources", report.outdated, report.outdated_before),
        ("Thumbs up", report.thumbs_up, ""),
        ("Thumbs down", report.thumbs_down, ""),
        ("Thumbs up of all thumbs", _percent(report.thumbs_up, rated), ""),
        ("Fit checks started", report.fit_check.started, ""),
        ("Fit checks finished", report.fit_check.finished, ""),
    ]
    return Table("overview", "At a glance", ("", "This period", "Period before"), tuple(rows))


def _table(name: str, title: str, columns: tuple[str, ...], rows: tuple[tuple[Cell, ...], ...], note: str) -> Table:
    return Table(name, title, columns, rows, note)


def _unanswered(report: Report, kb: KnowledgeBase) -> tuple[tuple[Cell, ...], ...]:
    rows: list[tuple[Cell, ...]] = []
    for group in report.unanswered:
        close = group.nearest and group.nearest.probability >= NEAR
        nearest, near = (
            (group.nearest.text, group.nearest.probability) if group.nearest and close else ("none near", "")
        )
        more = " | ".join(group.examples[1:])
        where = f"{report.folder}/{group.place.file}:{group.place.line} ({_what(group.place, kb)})"
        rows.append((group.label, group.count, group.conversations, more, nearest, near, where))
    return tuple(rows)


def _what(place: Place, kb: KnowledgeBase) -> str:
    """What stands at the place, in words."""
    if place.record in kb.uncovered:
        return f"not covered: {kb.uncovered[place.record].name}"
    if place.record not in kb.facts:
        return "a new kind of what is not covered"
    about = [kb.roles[role].name for role in place.roles if role in kb.roles]
    return ", ".join([*about, *(topic.name for topic in kb.topics.values() if topic.id == place.topic)])


def _subjects(report: Report, kb: KnowledgeBase) -> tuple[tuple[Cell, ...], ...]:
    subjects = Subjects(kb)
    return _shares(report.subjects, {name: subjects.name(name) for name, _ in report.subjects})


def _sampled(report: Report) -> str:
    if report.unanswered_grouped == report.unanswered_total:
        return _PLACES
    return (
        f"{report.unanswered_total:,} questions had no answer; the groups hold {report.unanswered_grouped:,} of them, "
        f"drawn at random, so that their counts are to be read against that number. {_PLACES}"
    )


def _aged(report: Report) -> str:
    if not report.outdated:
        return ""
    share = _percent(report.outdated, report.sourced)
    return (
        f"{report.outdated:,} of {report.sourced:,} answers with a source ({share}) "
        "drew on one that was out of date on that day; make content-check lists them all."
    )


def _shares(counts: list[tuple[str, int]], names: dict[str, str]) -> tuple[tuple[Cell, ...], ...]:
    total = sum(count for _, count in counts)
    return tuple((names.get(name, name), count, _percent(count, total)) for name, count in counts)


def _named(counts: list[tuple[str, int]], names: dict[str, str]) -> tuple[tuple[Cell, ...], ...]:
    return tuple((names.get(name, name), count) for name, count in counts)


def _topics(kb: KnowledgeBase) -> dict[str, str]:
    return {topic.id: topic.name for topic in kb.topics.values()}


def _roles(kb: KnowledgeBase) -> dict[str, str]:
    return {role.id: role.name for role in kb.roles.values()}


def _unhelpful(report: Report) -> tuple[tuple[Cell, ...], ...]:
    return tuple(
        (
            ", ".join(each.facts) or "none",
            each.count,
            ", ".join(f"{REASONS.get(reason, reason)} ({count})" for reason, count in each.reasons.items()),
            each.example,
        )
        for each in report.unhelpful
    )


def _fit_results(report: Report, kb: KnowledgeBase) -> tuple[tuple[Cell, ...], ...]:
    def name(roles: tuple[str, ...]) -> str:
        if not roles:
            return "Too few answers"
        return f"Leans to {_roles(kb).get(roles[0], roles[0])}" if len(roles) == 1 else "Too close to call"

    rows = [(name(roles), count) for roles, count in report.fit_check.results.items()]
    unfinished = report.fit_check.started - report.fit_check.finished
    return (*rows, ("Not finished", unfinished)) if unfinished else tuple(rows)


def _left(report: Report) -> tuple[tuple[Cell, ...], ...]:
    return tuple((f"{answers} pairs", count) for answers, count in report.fit_check.left.items())


def _confusions(report: Report) -> tuple[tuple[Cell, ...], ...]:
    return tuple((each.first, each.second, each.count, each.example) for each in report.confusions)


def _drift(report: Report, kb: KnowledgeBase) -> tuple[tuple[Cell, ...], ...]:
    subjects = Subjects(kb)
    return tuple(
        (
            subjects.name(c.name),
            c.before,
            c.now,
            f"{c.share_before:.1%}",
            f"{c.share_now:.1%}",
            "yes" if c.clear else "no",
        )
        for c in report.drift.changes
    )


def _distance(report: Report) -> str:
    if report.drift.distance is None:
        return "There is nothing to compare with: one of the two periods is empty."
    return f"Jensen-Shannon distance of the subjects: {report.drift.distance:.3f} (0 the same, 1 nothing in common)."


def _hours(report: Report) -> tuple[tuple[Cell, ...], ...]:
    return tuple((name, *counts) for name, counts in zip(_WEEKDAYS, report.hours, strict=True))


def _percent(part: int, whole: int) -> str:
    return f"{part / whole:.1%}" if whole else "–"
