"""Fit checks: how many were started, how they ended, and after which pair people left."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field

from bot.insights.turns import FitState


@dataclass
class FitTally:
    """``results``: roles of the recommendation to how often; ``left``: pairs answered before leaving to how often."""

    started: int = 0
    finished: int = 0
    stopped: int = 0
    results: Counter[tuple[str, ...]] = field(default_factory=Counter)
    left: Counter[int] = field(default_factory=Counter)


class FitRuns:
    """The fit checks of one conversation, from the states after its turns."""

    def __init__(self) -> None:
        self._last: FitState | None = None
        self._ended: list[FitState] = []

    def add(self, state: FitState) -> None:
        """Show the state after another turn."""
        last = self._last
        again = last is not None and state.answers < last.answers
        if last is not None and again:
            self._ended.append(last)
        # Turns about other things repeat the state; a result is in the turn that gave it.
        if last is not None and not again and state.outcome is None and state.answers == last.answers:
            state.outcome = None if state.active else last.outcome
        elif not (state.answers and not state.active):
            state.outcome = None
        self._last = state

    def end(self, tally: FitTally) -> None:
        """Count the fit checks that were shown."""
        for run in [*self._ended, *([self._last] if self._last else [])]:
            tally.started += 1
            if run.outcome is not None:
                tally.finished += 1
                tally.results[tuple(sorted(run.outcome))] += 1
            else:
                tally.stopped += not run.active
                tally.left[run.answers] += 1
