"""A report as tables: the one form that the page, the CSV files and the terminal show."""

from __future__ import annotations

from dataclasses import dataclass

from bot.insights.groups import NEAR
from bot.insights.report import Report
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
        Table("intents", "What people wanted (intents)", ("Intent", "Questions", "Share"), _shares(report.intents, {})),
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
        Table("drift", "What changed against the period before", _DRIFT, _drift(report), _distance(report)),
        Table("channels", "Channels", ("Channel", "Messages", "Conversations"), tuple(report.channels)),
        Table("days", "Messages a day", ("Day", "Messages"), tuple((day.isoformat(), n) for day, n in report.days)),
        Table("hours", f"Busy hours ({report.period.zone})", ("Weekday", *_HOURS), _hours(report)),
    ]


_HOURS = tuple(f"{hour:02}" for hour in range(24))
_UNANSWERED = ("Question", "Messages", "Conversations", "More examples", "Nearest fact", "Nearness", "Where it belongs")
_OUTDATED = ("Source", "Answers")
_UNHELPFUL = ("Facts shown", "Thumbs down", "Reasons", "Example")
_CONFUSIONS = ("Intent", "Other intent", "Questions", "Example")
_DRIFT = ("Intent", "Before", "Now", "Share before", "Share now", "More than chance")


def _overview(report: Report) -> Table:
    rated = report.thumbs_up + report.thumbs_down
    rows: list[tuple[Cell, ...]] = [
        ("Conversations", report.conversations, report.conversations_before),
        ("Messages", report.messages, report.messages_before),
        ("of them by button", report.buttons, ""),
        ("Visits", report.visits, ""),
        ("Returning visitors", report.returning, ""),
        ("Questions without an answer", report.unanswered_total, ""),
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
        place = group.place
        about = [kb.roles[role].name for role in place.roles if role in kb.roles]
        topic = [kb.topics[place.topic].name] if place.topic and place.topic in kb.topics else []
        where = f"{place.file} ({', '.join([*about, *topic])})" if about or topic else place.file
        close = group.nearest and group.nearest.similarity >= NEAR
        nearest, near = (group.nearest.text, group.nearest.similarity) if group.nearest and close else ("none near", "")
        more = " | ".join(group.examples[1:])
        rows.append((group.label, group.count, group.conversations, more, nearest, near, where))
    return tuple(rows)


def _sampled(report: Report) -> str:
    if report.unanswered_grouped == report.unanswered_total:
        return ""
    return (
        f"{report.unanswered_total:,} questions had no answer; the groups hold {report.unanswered_grouped:,} of them, "
        "drawn at random, so that their counts are to be read against that number."
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


def _drift(report: Report) -> tuple[tuple[Cell, ...], ...]:
    return tuple(
        (c.name, c.before, c.now, f"{c.share_before:.1%}", f"{c.share_now:.1%}", "yes" if c.clear else "no")
        for c in report.drift.changes
    )


def _distance(report: Report) -> str:
    if report.drift.distance is None:
        return "There is nothing to compare with: one of the two periods is empty."
    return f"Jensen-Shannon distance of the intents: {report.drift.distance:.3f} (0 the same, 1 nothing in common)."


def _hours(report: Report) -> tuple[tuple[Cell, ...], ...]:
    return tuple((name, *counts) for name, counts in zip(_WEEKDAYS, report.hours, strict=True))


def _percent(part: int, whole: int) -> str:
    return f"{part / whole:.1%}" if whole else "–"
