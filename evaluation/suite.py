"""Runs the behavioural suite with any bot, and knows how many cases may fail (evaluation/thresholds.yml)."""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
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
    """How many cases may fail, by what they are for."""
    loaded: dict[str, Any] = yaml.safe_load(path.read_text(encoding="utf-8"))
    return loaded


def may_fail(allowance: int | Mapping[str, int], total: int) -> int:
    """How many of ``total`` cases may fail: a count, or so many ``of_100``, rounded up, but ``at_least``."""
    if isinstance(allowance, int):
        return allowance
    return max(allowance["at_least"], math.ceil(total * allowance["of_100"] / 100))


def may_fail_in_group(group: Sequence[Outcome], allowances: Mapping[str, Any]) -> int:
    """How many outcomes of a group of the suites may fail."""
    case = group[0].case
    own: Mapping[str, int] = allowances["groups"]
    return may_fail(own.get(case.group, allowances["suites"][case.suite]["each_group"]), len(group))


def by_group(outcomes: Iterable[Outcome]) -> dict[tuple[str, str], list[Outcome]]:
    """Outcomes by (suite, group), in order."""
    found: dict[tuple[str, str], list[Outcome]] = defaultdict(list)
    for outcome in outcomes:
        found[outcome.case.suite, outcome.case.group].append(outcome)
    return dict(found)


def failed(outcomes: Iterable[Outcome]) -> list[Outcome]:
    """The outcomes with a problem."""
    return [outcome for outcome in outcomes if outcome.problems]
