"""One sentence on what changed against the period before, for whoever reads nothing else."""

from __future__ import annotations

from bot.insights.report import Report
from bot.insights.subjects import Subjects
from bot.knowledge import KnowledgeBase

_STEADY = 0.1
"""A number that changed by less than this share is called about as many."""

_POINTS = 0.03
"""A share that changed by less than this is called about the same."""


def summary(report: Report, kb: KnowledgeBase) -> str:
    """The sentence: how many messages there were, how many questions had no answer, and what is asked more or less.

    A subject is named only if its share of the questions changed by more than chance.
    """
    days = report.period.days
    earlier = "the day before" if days == 1 else f"the {days} days before"
    now, before = report.messages, report.messages_before
    if not before:
        return f"Nobody wrote in {earlier}, so there is nothing to compare with." if now else ""
    if not now:
        return f"Nobody wrote in this period; in {earlier} there {_were(before, 'message')}."
    parts = [f"Compared with {earlier}, there {_were(now, 'message')} instead of {before:,} ({_change(now, before)})"]
    share, share_before = report.missed / now, report.missed_before / before
    rate = f"{share:.0%} of them without an answer"
    if abs(share - share_before) < _POINTS:
        parts.append(f"{rate}, about as before")
    else:
        parts.append(f"{rate} instead of {share_before:.0%}")
    return f"{', '.join(parts)}; {_subject(report, kb)}."


def _subject(report: Report, kb: KnowledgeBase) -> str:
    subjects = Subjects(kb)
    changed = [change for change in report.drift.changes if change.clear]
    if not changed:
        return "what people ask about is much the same"
    most = changed[0]
    more = "more" if most.share_now > most.share_before else "less"
    return f"{subjects.name(most.name)!r} is asked {more} ({most.share_now:.0%} instead of {most.share_before:.0%})"


def _were(count: int, noun: str) -> str:
    return f"was 1 {noun}" if count == 1 else f"were {count:,} {noun}s"


def _change(now: int, before: int) -> str:
    share = now / before - 1
    if abs(share) < _STEADY:
        return "about as many"
    return f"{now / before:.1f} times as many" if share >= 1 else f"{share:+.0%}"
