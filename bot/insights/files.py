"""The report as CSV, JSON and plain text."""

from __future__ import annotations

import csv
import dataclasses
import io
import json
import unicodedata
from collections.abc import Sequence
from datetime import date
from typing import Any

from tabulate import tabulate

from bot.insights.report import Report
from bot.insights.tables import Cell, Table

_FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n", "\0", "|", "%", "＝", "＋", "－", "＠")


_WIDEST = {False: 44, True: 90}
"""Characters of a cell in a terminal, and of the last one in a row."""


def to_csv(table: Table) -> str:
    """The table for a spreadsheet; no cell of text can be taken for a formula (OWASP: CSV injection)."""
    buffer = io.StringIO(newline="")
    writer = csv.writer(buffer, quoting=csv.QUOTE_NONNUMERIC)
    writer.writerow([_harmless(column) for column in table.columns])
    writer.writerows([[_harmless(cell) for cell in row] for row in table.rows])
    return buffer.getvalue()


def to_json(report: Report, summary: str = "") -> str:
    """Everything in the report, and its summary."""
    return json.dumps({"summary": summary, **_plain(report)}, indent=2, ensure_ascii=False) + "\n"


def to_text(report: Report, tables: Sequence[Table], summary: str = "", most: int = 10) -> str:
    """The report for a terminal: its summary, and the first rows of each table that has any."""
    period = report.period
    parts = [f"What people ask: {period.first} to {period.last} ({period.zone})", *([summary] if summary else [])]
    for table in tables:
        if table.name in ("days", "hours") or not table.rows:
            continue
        # Of the questions without an answer, where an answer belongs tells more than other examples.
        shown = (
            (0, 1, 2, len(table.columns) - 1) if table.name == "unanswered" else tuple(range(len(table.columns)))[:5]
        )
        rows = [[_narrow(row[place], _WIDEST[place == len(row) - 1]) for place in shown] for row in table.rows[:most]]
        headers = [_narrow(table.columns[place]) for place in shown]
        body = tabulate(rows, headers=headers, disable_numparse=True)
        more = f"\n... and {len(table.rows) - most} more" if len(table.rows) > most else ""
        note = f"\n{table.note}" if table.note else ""
        parts.append(f"{table.title}{note}\n{body}{more}")
    return "\n\n".join(parts) + "\n"


def _harmless(cell: Cell) -> Cell:
    if isinstance(cell, str) and cell.lstrip().startswith(_FORMULA):
        return f"'{cell}"
    return cell


def _narrow(cell: Cell, widest: int = 44) -> str:
    """One short line that a terminal cannot take for a command."""
    text = "".join(" " if unicodedata.category(letter).startswith("C") else letter for letter in str(cell))
    return text if len(text) <= widest else f"{text[: widest - 1]}…"


def _plain(value: Any) -> Any:
    if dataclasses.is_dataclass(value):
        return {field.name: _plain(getattr(value, field.name)) for field in dataclasses.fields(value)}
    if isinstance(value, dict):
        return {"+".join(key) if isinstance(key, tuple) else str(key): _plain(each) for key, each in value.items()}
    if isinstance(value, (list, tuple)):
        return [_plain(each) for each in value]
    return value.isoformat() if isinstance(value, date) else value
