"""``make bench``: this bot beside stock Rasa on this machine, in one run; see docs/performance.md."""

from __future__ import annotations

import argparse
import json
import subprocess
import sys
import time
from collections.abc import Callable, Sequence
from contextlib import ExitStack
from pathlib import Path
from typing import Any

from benchmarks import baseline_project as baseline
from benchmarks import machine, report, sections
from benchmarks.bots import BenchmarkError, Bot, StockBot, ThisBot
from benchmarks.breakdown import breakdown
from benchmarks.knowledge import knowledge
from benchmarks.sections import QUICK, Pair, Result, Sizes
from benchmarks.several import several
from benchmarks.stored import stored


def _printed(module: str) -> Callable[[Pair], Result]:
    """A section measured by a module of the tests, which prints a JSON object."""

    def section(pair: Pair) -> Result:
        command = [sys.executable, "-W", "ignore", "-m", module]
        done = subprocess.run(command, cwd=machine.PROJECT, capture_output=True, text=True, check=True)
        return {pair.bots[0].name: json.loads(done.stdout.strip().splitlines()[-1])}

    return section


ALONE: dict[str, Callable[[Pair], Result]] = {
    "size": sections.size,
    "training": sections.training,
    "start": sections.start,
    "stored": stored,
    "knowledge": knowledge,
    "several": several,
    "breakdown": breakdown,
    "widget": _printed("tests.browser.timing"),
    "slack": _printed("tests.slack.acknowledging"),
}
TOGETHER: dict[str, Callable[[Pair], Result]] = {
    "memory": sections.memory,
    "latency": sections.latency,
    "load": sections.load,
    "turns": sections.turns,
    "long": sections.long_messages,
}
"""Sections that both bots run for, started once; memory first, while they are fresh."""


def measure(names: Sequence[str], pair: Pair, result: dict[str, Any], target: Path) -> None:
    """Run the sections that the result lacks and write it after each one."""
    both = [name for name in TOGETHER if name in names]
    with ExitStack() as stack:
        for name in [*(name for name in ALONE if name in names), *both]:
            if name in both and not pair.running:
                pair.running = {bot.name: stack.enter_context(bot.running()) for bot in pair.bots}
            started = time.perf_counter()
            found = {**ALONE, **TOGETHER}[name](pair)
            result["sections"][name] = {
                bot: {key: round(float(value), 4) for key, value in figures.items()} for bot, figures in found.items()
            }
            target.write_text(json.dumps(result, indent=2) + "\n", encoding="utf-8")
            for line in list(report.lines({name: result["sections"][name]}))[1:]:
                print(line, flush=True)
            print(f"{name:<14} took {time.perf_counter() - started:.0f} s", file=sys.stderr, flush=True)


def main() -> int:
    """Measure, print, write the JSON file; returns the exit code."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description=__doc__)
    known = [*ALONE, *TOGETHER]
    parser.add_argument("--only", default="", help=f"sections, separated by commas: {', '.join(known)}")
    parser.add_argument("--quick", action="store_true", help="few repetitions: for development, not for figures")
    parser.add_argument("--alone", action="store_true", help="this bot only, without the baseline")
    parser.add_argument("--resume", action="store_true", help="go on with the newest result: only what it lacks")
    parser.add_argument("--readme", action="store_true", help="only write the README's figures from the newest results")
    options = parser.parse_args()
    if options.readme:
        report.write_readme(report.newest(), machine.PROJECT / "README.md")
        return 0
    names = options.only.split(",") if options.only else known
    if unknown := set(names) - set(known):
        parser.error(f"unknown sections: {', '.join(sorted(unknown))}")
    bots: list[Bot] = [ThisBot()] if options.alone else [ThisBot(), StockBot()]
    try:
        if not options.alone:
            _prepare_baseline()
        result, target = _resumed(options.quick) if options.resume else _new(options.quick)
        names = [name for name in names if name not in result["sections"]]
        measure(names, Pair(bots, QUICK if options.quick else Sizes()), result, target)
    except (baseline.BaselineError, BenchmarkError, FileNotFoundError) as problem:
        print(problem, file=sys.stderr)
        return 1
    print("\n" + "\n".join(report.lines(result["sections"])))
    print(f"written to {target.relative_to(machine.PROJECT)}")
    return 0


def _prepare_baseline() -> None:
    baseline.build()
    if not list((baseline.FOLDER / "models").glob("*.tar.gz")):
        print("Training stock Rasa ...", flush=True)
        StockBot().train(baseline.FOLDER, baseline.FOLDER / ".rasa" / "cache")


def _new(quick: bool) -> tuple[dict[str, Any], Path]:
    result = {**machine.described(), "quick": quick, "sections": {}}
    report.RESULTS.mkdir(parents=True, exist_ok=True)
    day = result["date"].replace("-", "").replace(":", "")[:15]
    commit = result["commit"].rstrip("+")
    # Results of quick runs are for whoever makes them; only full ones are kept in the repository.
    return result, report.RESULTS / f"bench-{day}-{commit}{'.quick' if quick else ''}.json"


def _resumed(quick: bool) -> tuple[dict[str, Any], Path]:
    target = report.latest(quick)
    result: dict[str, Any] = json.loads(target.read_text(encoding="utf-8"))
    return result, target


if __name__ == "__main__":
    sys.exit(main())
