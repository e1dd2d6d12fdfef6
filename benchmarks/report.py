"""Prints results as a table with ratios, and writes the README's figures from a file of results."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from benchmarks.machine import PROJECT

RESULTS = PROJECT / "benchmarks" / "results"
BEGIN, END = "<!-- figures: make bench-readme -->", "<!-- end of figures -->"
OURS, STOCK = "this bot", "stock rasa init"

_ROWS = (
    ("install", "install_mb", "MB"),
    ("start to first answer", "first_answer_s", "s"),
    ("memory, all processes", "memory_at_start_mb", "MB"),
    ("training from nothing", "train_cold_s", "s"),
    ("message answered by a custom action, median", "p50_ms", "ms"),
    ("the same, 99th percentile with 32 users", "p99_ms_32_users", "ms"),
    ("messages a second, 32 users", "messages_per_s_32_users", "/s"),
    ("message at turn 300 of one conversation", "turn_300_ms", "ms"),
)
_ALONE = (
    ("turn 1,000 against turn 10", "turn_1000_to_turn_10"),
    ("100,000 stored conversations against none", "stored_100000_to_none"),
    ("knowledge base × 100: latency", "knowledge_x100_p50_to_x1"),
    ("knowledge base × 100: training", "knowledge_x100_train_to_x1"),
)


def lines(sections: Mapping[str, Mapping[str, Mapping[str, float]]]) -> Iterator[str]:
    """The table for the terminal: section, figure, both bots, and this bot as a part of stock."""
    yield f"{'':<14} {'':<34} {OURS:>12} {STOCK:>16} {'ratio':>8}"
    for section, bots in sections.items():
        names = dict.fromkeys(name for figures in bots.values() for name in figures)
        for name in names:
            ours, stock = bots.get(OURS, {}).get(name), bots.get(STOCK, {}).get(name)
            ratio = f"{ours / stock:8.3f}" if ours is not None and stock else ""
            yield f"{section:<14} {name:<34} {_number(ours):>12} {_number(stock):>16} {ratio}".rstrip()


def merged(sections: Mapping[str, Mapping[str, Mapping[str, float]]]) -> dict[str, dict[str, float]]:
    """All figures by bot; names are unique over the sections."""
    found: dict[str, dict[str, float]] = {OURS: {}, STOCK: {}}
    for bots in sections.values():
        for name, figures in bots.items():
            found.setdefault(name, {}).update(figures)
    return found


def markdown(result: Mapping[str, Any]) -> str:
    """The README's figures. Raises KeyError when the result lacks a section that they need."""
    figures = merged(result["sections"])
    machine = result["machine"]
    rows = [
        f"Measured {result['date'][:10]} on {machine['cores']} cores ({machine['processor']}), commit "
        f"{result['commit']}, each line with both bots in one run:",
        "",
        "| | stock `rasa init` | this bot | ratio |",
        "| --- | --- | --- | --- |",
    ]
    for title, name, unit in _ROWS:
        ours, stock = figures[OURS][name], figures[STOCK][name]
        ratio = f"{ours / stock:.1f} ×" if ours > stock else f"1/{stock / ours:.1f}"
        rows.append(f"| {title} | {_number(stock)} {unit} | {_number(ours)} {unit} | {ratio} |")
    rows += ["", "| this bot | |", "| --- | --- |"]
    rows += [f"| {title} | {figures[OURS][name]:.2f} |" for title, name in _ALONE]
    messages, growth = figures[OURS]["messages"], figures[OURS]["growth_percent"]
    rows.append(f"| growth of memory after {messages:,.0f} messages | {growth:.1f} % |")
    rows.append(f"| three questions in one message, median | {figures[OURS]['three_questions_p50_ms']:.0f} ms |")
    return "\n".join(rows)


def write_readme(result: Mapping[str, Any], readme: Path) -> None:
    """Put the figures of a result between the README's markers.

    Raises ValueError where there are no markers, and KeyError where a section is missing.
    """
    text = readme.read_text(encoding="utf-8")
    before, begin, rest = text.partition(BEGIN)
    _, end, after = rest.partition(END)
    if not begin or not end:
        raise ValueError(f"{readme.name} has no place for the figures between {BEGIN} and {END}")
    readme.write_text(f"{before}{BEGIN}\n{markdown(result)}\n{END}{after}", encoding="utf-8")


def latest(quick: bool = False) -> Path:
    """The newest file of results, of quick runs or of full ones. Raises FileNotFoundError if there is none."""
    return _files(quick)[-1]


def newest() -> dict[str, Any]:
    """The newest full result, with sections that it lacks from the ones before; all commits are named.

    A section is taken whole, so that figures of both bots are of one run. Raises FileNotFoundError if there is none.
    """
    found: dict[str, Any] = {"sections": {}}
    commits: dict[str, str] = {}
    for file in _files():
        result = json.loads(file.read_text(encoding="utf-8"))
        for name, bots in result["sections"].items():
            # A run of one bot alone says nothing about how it compares.
            if set(found["sections"].get(name, ())) <= set(bots):
                found["sections"][name] = bots
                commits[name] = result["commit"]
        found |= {key: value for key, value in result.items() if key != "sections"}
    return {**found, "commit": ", ".join(dict.fromkeys(commits.values()))}


def _files(quick: bool = False) -> list[Path]:
    files = sorted(file for file in RESULTS.glob("bench-*.json") if (".quick" in file.name) == quick)
    if not files:
        raise FileNotFoundError("no results yet: make bench")
    return files


def _number(value: float | None) -> str:
    if value is None:
        return "–"
    return f"{value:,.0f}" if value >= 100 else f"{value:.1f}" if value >= 10 else f"{value:.2f}"
