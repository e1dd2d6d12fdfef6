"""Runs the behavioural suite with any bot, and holds the pass rates against the floors of evaluation/thresholds.yml."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

from bot.knowledge import KnowledgeBase
from evaluation.behaviour import Case
from evaluation.judging import problems
from evaluation.reply import Reply, Talk

PROJECT = Path(__file__).resolve().parents[1]
SUITE = PROJECT / "tests" / "behaviour" / "suite"
THRESHOLDS = PROJECT / "evaluation" / "thresholds.yml"


@dataclass(frozen=True)
class Outcome:
    """A case with the reply it got and what is wrong with it (nothing: it passes)."""

    case: Case
    reply: Reply
    problems: tuple[str, ...]


def run(cases: Iterable[Case], start: Callable[[], Talk], kb: KnowledgeBase) -> Iterator[Outcome]:
    """Hold each case's conversation; the replies that several cases are compared with are asked for once."""
    bases: dict[tuple[str, ...], Reply] = {}
    for case in cases:
        if case.base and case.base not in bases:
            bases[case.base] = _last_reply(case.base, start)
        reply = _last_reply(case.turns, start)
        yield Outcome(case, reply, tuple(problems(case, reply, bases.get(case.base), kb)))


def _last_reply(turns: tuple[str, ...], start: Callable[[], Talk]) -> Reply:
    talk = start()
    return [talk.ask(turn) for turn in turns][-1]


def thresholds(path: Path = THRESHOLDS) -> dict[str, Any]:
    """The floors, in per cent, by what they are for."""
    loaded: dict[str, Any] = yaml.safe_load(path.read_text(encoding="utf-8"))
    return loaded


def floor_of(case: Case, floors: Mapping[str, Any]) -> float:
    """The per cent of a case's group that have to pass."""
    own: Mapping[str, float] = floors.get("groups", {})
    return float(own.get(case.group, floors["suites"][case.suite]))


def by_group(outcomes: Iterable[Outcome]) -> dict[tuple[str, str], list[Outcome]]:
    """Outcomes by (suite, group), in order."""
    found: dict[tuple[str, str], list[Outcome]] = defaultdict(list)
    for outcome in outcomes:
        found[outcome.case.suite, outcome.case.group].append(outcome)
    return dict(found)


def rate(outcomes: Iterable[Outcome]) -> float:
    """The per cent of outcomes without a problem."""
    passed = [not outcome.problems for outcome in outcomes]
    return 100 * sum(passed) / len(passed)
