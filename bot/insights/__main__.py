"""Command line: ``python -m bot.insights`` (``make insights DAYS=30``, or ``FROM=`` and ``TO=``)."""

from __future__ import annotations

import argparse
import os
import sys
import time
from collections.abc import Sequence
from datetime import datetime
from pathlib import Path

from bot.insights.errors import InsightsError
from bot.insights.files import to_csv, to_json, to_text
from bot.insights.page import page
from bot.insights.period import Period, day
from bot.insights.report import make_report
from bot.insights.source import Progress
from bot.insights.summary import summary
from bot.insights.tables import tables_of
from bot.knowledge import KnowledgeError
from bot.knowledge.current import knowledge
from bot.private_files import UMASK


def main(arguments: Sequence[str] | None = None) -> int:
    """Write the report to a folder and print it; returns the exit code, 2 if it cannot be made."""
    parser = argparse.ArgumentParser(prog="python -m bot.insights", description="What people ask, from the store.")
    parser.add_argument("--days", default="", help="the last days, today included (default 30)")
    parser.add_argument("--from", dest="first", default="", help="first day, like 2026-05-01")
    parser.add_argument("--to", dest="last", default="", help="last day (default today)")
    parser.add_argument(
        "--zone", default=os.environ.get("INSIGHTS_TIMEZONE") or "UTC", help="time zone of days and hours"
    )
    parser.add_argument("--out", type=Path, default=Path("var/insights"), help="folder for the files")
    parser.add_argument("--links", type=int, nargs="*", default=[], help=argparse.SUPPRESS)
    parser.add_argument("--quiet", action="store_true", help="print nothing but errors")
    options = parser.parse_args(arguments)
    try:
        period = _period(options.days, options.first, options.last, options.zone)
        kb = knowledge()
        report = make_report(period=period, knowledge=kb, progress=None if options.quiet else _progress())
        tables, changes = tables_of(report, kb), summary(report, kb)
        folder = options.out
        (folder / "tables").mkdir(parents=True, exist_ok=True)
        _write(folder / "insights.html", page(report, tables, changes, options.links))
        _write(folder / "insights.json", to_json(report, changes))
        for table in tables:
            _write(folder / "tables" / f"{table.name}.csv", to_csv(table))
    except InsightsError as problem:
        print(problem, file=sys.stderr)
        return 2
    except KnowledgeError as problem:
        print(f"The knowledge base cannot be used: {problem}", file=sys.stderr)
        return 2
    except OSError as problem:
        print(f"The report cannot be written to {options.out}: {problem.strerror}", file=sys.stderr)
        return 2
    if not options.quiet:
        print(to_text(report, tables, changes))
        print(f"Written: {folder / 'insights.html'}, {folder / 'insights.json'}, {folder / 'tables'}/*.csv")
    return 0


def _period(days: str, first: str, last: str, zone: str) -> Period:
    if not first:
        if last:
            raise InsightsError("TO needs FROM as well.")
        if days and not days.isdecimal():
            raise InsightsError("DAYS must be a whole number.")
        return Period.last_days(int(days[:9] or 30), zone)
    if days:
        raise InsightsError("Give either DAYS or FROM and TO.")
    today = datetime.now(Period.last_days(1, zone).tz).date()
    return Period(day(first, "FROM"), day(last, "TO") if last else today, zone)


def _progress() -> Progress:
    shown = time.monotonic()

    def show(done: int, total: int) -> None:
        nonlocal shown
        if done >= total or time.monotonic() - shown > 1:
            shown = time.monotonic()
            print(f"{done:,} of {total:,} conversations read", file=sys.stderr, flush=True)

    return show


def _write(path: Path, text: str) -> None:
    # What people wrote is nobody else's business on a shared machine.
    path.touch(mode=0o600)
    path.chmod(0o600)
    path.write_text(text, "utf-8", newline="")


if __name__ == "__main__":
    os.umask(UMASK)
    sys.exit(main())
