"""The scorecard: pass rates against their floors, as text for the terminal and as the page docs/scorecard.md."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field


@dataclass(frozen=True)
class Rate:
    """How many of how many passed, and the per cent that have to (None: only reported)."""

    name: str
    passed: int
    total: int
    floor: float | None = None
    most: float | None = None
    """The per cent that must not be passed, for what should be rare."""

    @property
    def percent(self) -> float:
        return 100 * self.passed / self.total if self.total else 0.0

    @property
    def holds(self) -> bool:
        low = self.floor is None or self.percent >= self.floor
        return low and (self.most is None or self.percent <= self.most)


@dataclass
class Section:
    """A heading with rates, or with a table of its own."""

    title: str
    rates: list[Rate] = field(default_factory=list)
    note: str = ""
    columns: Sequence[str] = ()
    rows: list[Sequence[str]] = field(default_factory=list)


def rates_by(label: str, outcomes: Iterable[tuple[Mapping[str, str], bool]], floor: float | None = None) -> list[Rate]:
    """One rate for each value of ``label``; an outcome is its labels and whether it passed."""
    counts: dict[str, list[int]] = defaultdict(lambda: [0, 0])
    for labels, good in outcomes:
        counts[labels.get(label, "none")][0] += good
        counts[labels.get(label, "none")][1] += 1
    return [Rate(name, passed, total, floor) for name, (passed, total) in sorted(counts.items())]


def failing(sections: Iterable[Section]) -> list[str]:
    """Every rate that misses its floor, in words."""
    return [
        f"{section.title}, {rate.name}: {rate.percent:.1f} %, {_bound(rate)}"
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
        yield ["", "passed", "rate", "bound"], rows
    if section.rows:
        yield list(section.columns), [list(row) for row in section.rows]


def _bound(rate: Rate) -> str:
    if rate.most is not None:
        return f"at most {rate.most:g} %"
    return "" if rate.floor is None else f"at least {rate.floor:g} %"


def _row(cells: Iterable[str]) -> str:
    return "| " + " | ".join(cell.replace("|", "\\|") for cell in cells) + " |"
