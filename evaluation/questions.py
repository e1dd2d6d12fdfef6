"""Files of graded questions: one JSON object a line with ``id, turns, kind, must, must_not`` and labels."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

_SAME = str.maketrans(
    {"‘": "'", "’": "'", "“": '"', "”": '"', "–": "-", "—": "-", "‑": "-", "\u00a0": " ", "*": None, "`": None}
)


class QuestionFileError(ValueError):
    """A line that is no question; the message names file and line."""


@dataclass(frozen=True)
class Item:
    """A conversation whose last reply is graded.

    ``must`` is a conjunction of alternatives (regular expressions); nothing of ``must_not`` may match.
    """

    id: str
    turns: tuple[str, ...]
    kind: str
    labels: dict[str, str]
    must: tuple[tuple[str, ...], ...]
    must_not: tuple[str, ...]

    def problems(self, reply: str) -> list[str]:
        """What is wrong with ``reply``; an empty list means that it passes."""
        text = re.sub(r"\s+", " ", reply.translate(_SAME)).strip().lower()
        if not text:
            return ["empty reply"]
        missing = [f"missing: {' | '.join(g)[:120]}" for g in self.must if not any(_found(p, text) for p in g)]
        return missing + [f"forbidden: {p[:120]}" for p in self.must_not if _found(p, text)]


def _found(pattern: str, text: str) -> bool:
    return bool(re.search(pattern, text, re.IGNORECASE | re.DOTALL))


def read(path: Path) -> Iterator[Item]:
    """Yield the items of a file. Raises QuestionFileError for a line that is not one."""
    for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1):
        if not line.strip():
            continue
        try:
            yield _item(json.loads(line))
        except (ValueError, KeyError, TypeError, re.error) as error:
            raise QuestionFileError(f"{path}, line {number}: not a question: {error!r}") from error


def _item(data: dict[str, Any]) -> Item:
    turns = tuple(str(turn) for turn in data["turns"])
    if not turns or not all(turn.strip() for turn in turns):
        raise ValueError("turns must be non-empty texts")
    must = tuple(tuple(group) for group in data.get("must", []))
    must_not = tuple(data.get("must_not") or [])
    for pattern in (*must_not, *(p for group in must for p in group)):
        re.compile(pattern)
    labels = {name: str(data.get(name)) for name in ("topic", "role", "origin")}
    return Item(str(data["id"]), turns, str(data["kind"]), labels, must, must_not)
