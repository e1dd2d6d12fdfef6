"""What changed against the period before."""

from __future__ import annotations

import math
from collections import Counter
from dataclasses import dataclass

SMALLEST = 10
"""Names seen less often than this in both periods say nothing."""


@dataclass(frozen=True)
class Change:
    """A share of the messages, before and now; ``clear``: more than chance (two-proportion z-test, 95 %)."""

    name: str
    before: int
    now: int
    share_before: float
    share_now: float
    clear: bool


@dataclass(frozen=True)
class Drift:
    """``distance``: Jensen-Shannon distance of the two mixtures of subjects (base 2), from 0, the same, to 1, nothing
    in common; None if one period is empty."""

    distance: float | None
    changes: tuple[Change, ...]


def drift(before: Counter[str], now: Counter[str], most: int = 15) -> Drift:
    """Compare how often each name was counted; the largest changes of share first."""
    total_before, total_now = sum(before.values()), sum(now.values())
    if not total_before or not total_now:
        return Drift(None, ())
    changes = []
    divergence = 0.0
    for name in before.keys() | now.keys():
        p, q = before[name] / total_before, now[name] / total_now
        middle = (p + q) / 2
        divergence += sum(share * math.log2(share / middle) / 2 for share in (p, q) if share)
        if max(before[name], now[name]) >= SMALLEST:
            clear = _clear(before[name], total_before, now[name], total_now)
            changes.append(Change(name, before[name], now[name], p, q, clear))
    changes.sort(key=lambda change: (-abs(change.share_now - change.share_before), change.name))
    return Drift(round(math.sqrt(max(divergence, 0.0)), 3), tuple(changes[:most]))


def _clear(count: int, total: int, other: int, other_total: int) -> bool:
    pooled = (count + other) / (total + other_total)
    error = math.sqrt(pooled * (1 - pooled) * (1 / total + 1 / other_total))
    return error > 0 and abs(count / total - other / other_total) / error > 1.96
