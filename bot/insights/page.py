"""The report as one HTML file that loads nothing from anywhere."""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Sequence
from datetime import datetime
from functools import lru_cache
from importlib.resources import files

from jinja2 import Environment, StrictUndefined
from markupsafe import Markup

from bot.insights.report import Report
from bot.insights.tables import Table

_WIDE = ("unanswered", "unhelpful", "confusions", "drift")
_BARS = ("kinds", "topics", "roles", "reasons", "fit_results", "fit_left", "channels", "subjects")
_MOST_BARS = 12


def page(report: Report, tables: Sequence[Table], summary: str = "", links: Sequence[int] = ()) -> str:
    """The page; ``summary`` is its first sentence, ``links`` are the periods in days that the server offers beside this
    one, none for a file."""
    environment = Environment(autoescape=True, undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True)
    overview, *sections = tables
    return environment.from_string(_text("insights.html")).render(
        period=report.period,
        messages=report.messages,
        summary=summary,
        style=Markup(style()),
        links=links,
        figures=[(name, _figure(value), _figure(before)) for name, value, before in overview.rows],
        sections=[(table, _chart(table)) for table in sections],
        wide=_WIDE,
        made=datetime.now(report.period.tz).strftime("%Y-%m-%d %H:%M %Z"),
    )


def style() -> str:
    """The style sheet of the page."""
    return _text("insights.css")


def content_policy() -> str:
    """The Content-Security-Policy that the page needs: its own style sheet, and nothing else from anywhere."""
    digest = base64.b64encode(hashlib.sha256(style().encode()).digest()).decode()
    nothing_else = "base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
    return f"default-src 'none'; style-src 'sha256-{digest}'; {nothing_else}"


def _chart(table: Table) -> Markup | None:
    if not table.rows:
        return None
    # Imported here: drawing takes a second to load, and the terminal needs none of it.
    from bot.insights.charts import bars, columns, heat

    names = [str(row[0]) for row in table.rows]
    if table.name in _BARS:
        counts = [int(row[1]) for row in table.rows][:_MOST_BARS]
        return Markup(bars(names[:_MOST_BARS], counts, _description(table, names, counts)))
    if table.name == "days":
        counts = [int(row[1]) for row in table.rows]
        return Markup(columns([name[5:] for name in names], counts, _description(table, names, counts)))
    if table.name == "hours":
        grid = [[int(count) for count in row[1:]] for row in table.rows]
        most, weekday, hour = max(
            (n, name, at) for name, row in zip(names, grid, strict=True) for at, n in enumerate(row)
        )
        told = f"{table.title}. Most messages: {most:,} on {weekday} from {hour} o'clock."
        return Markup(heat(names, grid, told))
    return None


def _description(table: Table, names: Sequence[str], counts: Sequence[int]) -> str:
    most = max(range(len(counts)), key=lambda place: counts[place])
    return f"{table.title}. Largest: {names[most]} with {counts[most]:,}. All figures are in the table."


def _figure(value: object) -> str:
    return f"{value:,}" if isinstance(value, int) else str(value)


@lru_cache(maxsize=4)
def _text(name: str) -> str:
    return (files("bot.insights") / "templates" / name).read_text("utf-8")
