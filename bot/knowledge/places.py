"""Where each record of the knowledge files stands, for whoever is sent there to change it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from os import PathLike
from pathlib import Path

from bot.knowledge.document import read_document


@dataclass(frozen=True)
class Place:
    """A line of a file; ``file`` is relative to the folder of the knowledge base."""

    file: str
    line: int

    def __str__(self) -> str:
        return f"{self.file}:{self.line}"


def places_in(folder: str | PathLike[str]) -> Mapping[tuple[str, str], Place]:
    """Return the place of each record by (key of its list, id), such as ("facts", "ml_engineer.tools.spark").

    ("uncovered", "") is where another entry could be added: the end of the last list of that key. Files that cannot be
    read as YAML are passed over. Raises OSError.
    """
    root = Path(folder)
    found: dict[tuple[str, str], Place] = {}
    for path in sorted(root.rglob("*.yml")):
        document, _ = read_document(path)
        if not isinstance(document.data, dict):
            continue
        file = path.relative_to(root).as_posix()
        for key, items in document.data.items():
            for index, item in enumerate(items if isinstance(items, list) else ()):
                if isinstance(item, dict) and isinstance(item.get("id"), str):
                    found.setdefault((str(key), item["id"]), Place(file, document.line((str(key), index))))
            last = max((line for place, line in document.lines.items() if place[0] == key), default=1)
            found[str(key), ""] = Place(file, last)
    return found
