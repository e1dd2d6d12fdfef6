"""The scorecard: pass rates and how many may fail, as text for the terminal and as the page docs/scorecard.md."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field


@dataclass(frozen=True)
class Rate:
    """How many of how many passed, and how many may fail (None: only reported)."""

    name: str
    passed: int
    total: int
    may_fail: int | None = None

    @property
    def percent(self) -> float:
        return 100 * self.passed / self.total if self.total else 0.0

    @property
    def holds(self) -> bool:
        return self.may_fail is None or self.total - self.passed <= self.may_fail


@dataclass
class Section:
    """A heading with rates, or with a table of its own."""

    title: str
    rates: list[Rate] = field(default_factory=list)
    note: str = ""
    columns: Sequence[str] = ()
    rows: list[Sequence[str]] = field(default_factory=list)


def rates_by(
    label: str, outcomes: Iterable[tuple[Mapping[str, str], bool]], may_fail: Callable[[int], int] | None = None
) -> list[Rate]:
    """One rate for each value of ``label``; an outcome is its labels and whether it passed.

    ``may_fail`` says how many of so many may fail.
    """
    counts: dict[str, list[int]] = defaultdict(lambda: [0, 0])
    for labels, good in outcomes:
        counts[labels.get(label, "none")][0] += good
        counts[labels.get(label, "none")][1] += 1
    return [
        Rate(name, passed, total, may_fail(total) if may_fail else None)
        for name, (passed, total) in sorted(counts.items())
    ]


def failing(sections: Iterable[Section]) -> list[str]:
    """Every rate of which more failed than may, in words."""
    return [
        f"{section.title}, {rate.name}: {rate.total - rate.passed} of {rate.total} failed, {_bound(rate)}"
        for section in sections
        for rate in section.rates
        if not rate.holds
    ]


def page(sections: Iterable[Section], date: str, commit: str) -> str:
    """The scorecard as Markdown."""
    lines = ["# Scorecard", "", f"Written by `make eval` on {date} at commit {commit}.", ""]
    for section in sections:
        lines += [f"## {section.title}", ""]
        if section.note:
            lines += [section.note, ""]
        for head, rows in _tables(section):
            lines += [_row(head), _row(["---"] * len(head)), *(_row(row) for row in rows), ""]
    return "\n".join(lines)


def printed(sections: Iterable[Section]) -> str:
    """The scorecard for a terminal."""
    lines: list[str] = []
    for section in sections:
        lines += ["", section.title]
        for head, rows in _tables(section):
            table = [head, *rows]
            widths = [max(len(row[column]) for row in table) for column in range(len(head))]
            lines += [
                "  " + "  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)) for row in table
            ]
    return "\n".join(lines)


def _tables(section: Section) -> Iterable[tuple[list[str], list[list[str]]]]:
    if section.rates:
        rows = [[r.name, f"{r.passed}/{r.total}", f"{r.percent:.1f} %", _bound(r)] for r in section.rates]
        yield ["", "passed", "rate", "failures"], rows
    if section.rows:
        yield list(section.columns), [list(row) for row in section.rows]


def _bound(rate: Rate) -> str:
    return "" if rate.may_fail is None else f"{rate.may_fail} may"


def _row(cells: Iterable[str]) -> str:
    return "| " + " | ".join(cell.replace("|", "\\|") for cell in cells) + " |"
