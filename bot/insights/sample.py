"""A bounded sample of a stream of unknown length."""

from __future__ import annotations

import random
from typing import Generic, TypeVar

Item = TypeVar("Item")


class Reservoir(Generic[Item]):
    """Keeps at most ``size`` items, each seen one with the same chance (Vitter 1985, algorithm R).

    The same stream gives the same sample.
    """

    def __init__(self, size: int) -> None:
        self.items: list[Item] = []
        self.seen = 0
        self._size = size
        self._random = random.Random(size)

    def add(self, item: Item) -> None:
        """Show the reservoir one more item."""
        self.seen += 1
        if len(self.items) < self._size:
            self.items.append(item)
            return
        place = self._random.randrange(self.seen)
        if place < self._size:
            self.items[place] = item
