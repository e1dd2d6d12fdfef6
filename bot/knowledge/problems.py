"""What can be wrong with the knowledge files, and how it is said."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from difflib import get_close_matches


@dataclass(frozen=True, order=True)
class Problem:
    """One mistake: file, line and field, and what is wrong with it. A setting has no line (0) and no field."""

    file: str
    line: int
    field: str
    message: str

    def __str__(self) -> str:
        if not self.line:
            return f"{self.file}: {self.message}"
        return f"{self.file}:{self.line}: {self.field}: {self.message}"


class KnowledgeError(ValueError):
    """The knowledge files cannot be used. `problems` lists every reason, sorted by place."""

    def __init__(self, problems: Iterable[Problem]) -> None:
        self.problems = tuple(sorted(set(problems)))
        super().__init__("\n".join(map(str, self.problems)))


def nearest(value: object, valid: Iterable[str]) -> str:
    """Return " (nearest: 'x')" for the valid value most like `value`, or an empty string."""
    matches = get_close_matches(str(value), list(valid), n=1, cutoff=0.5)
    return f" (nearest: {matches[0]!r})" if matches else ""
