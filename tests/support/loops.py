"""Loops of assertions that must not run over nothing."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import TypeVar

Item = TypeVar("Item")


def each(items: Iterable[Item], least: int = 1) -> Iterator[Item]:
    """The items one by one. Raises AssertionError at the end if there were fewer than ``least``.

    ``for answer in each(answers): assert ...`` fails where ``for answer in answers: assert ...`` would pass unseen; so
    does ``assert all(... for answer in each(answers))``.
    """
    count = 0
    for item in items:
        count += 1
        yield item
    assert count >= least, f"a loop of assertions ran over {count} items, and should have over at least {least}"
