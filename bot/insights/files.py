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


def to_csv(table: Table) -> str:
    """The table for a spreadsheet; no cell of text can be taken for a formula (OWASP: CSV injection)."""
    buffer = io.StringIO(newline="")
    writer = csv.writer(buffer, quoting=csv.QUOTE_NONNUMERIC)
    writer.writerow([_harmless(column) for column in table.columns])
    writer.writerows([[_harmless(cell) for cell in row] for row in table.rows])
    return buffer.getvalue()


def to_json(report: Report) -> str:
    """Everything in the report."""
    return json.dumps(_plain(report), indent=2, ensure_ascii=False) + "\n"


def to_text(report: Report, tables: Sequence[Table], most: int = 10) -> str:
    """The report for a terminal: the first rows of each table that has any."""
    period = report.period
    parts = [f"What people ask: {period.first} to {period.last} ({period.zone})"]
    for table in tables:
        if table.name in ("days", "hours") or not table.rows:
            continue
        rows = [[_narrow(cell) for cell in row[:5]] for row in table.rows[:most]]
        body = tabulate(rows, headers=[_narrow(column) for column in table.columns[:5]], disable_numparse=True)
        more = f"\n... and {len(table.rows) - most} more" if len(table.rows) > most else ""
        note = f"\n{table.note}" if table.note else ""
        parts.append(f"{table.title}{note}\n{body}{more}")
    return "\n\n".join(parts) + "\n"


def _harmless(cell: Cell) -> Cell:
    if isinstance(cell, str) and cell.lstrip().startswith(_FORMULA):
        return f"'{cell}"
    return cell


def _narrow(cell: Cell) -> str:
    """One short line that a terminal cannot take for a command."""
    text = "".join(" " if unicodedata.category(letter).startswith("C") else letter for letter in str(cell))
    return text if len(text) <= 44 else f"{text[:43]}…"


def _plain(value: Any) -> Any:
    if dataclasses.is_dataclass(value):
        return {field.name: _plain(getattr(value, field.name)) for field in dataclasses.fields(value)}
    if isinstance(value, dict):
        return {"+".join(key) if isinstance(key, tuple) else str(key): _plain(each) for key, each in value.items()}
    if isinstance(value, (list, tuple)):
        return [_plain(each) for each in value]
    return value.isoformat() if isinstance(value, date) else value
