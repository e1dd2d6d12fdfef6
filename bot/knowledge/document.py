"""Read one YAML file and remember on which line each value stands."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

from bot.knowledge.problems import Problem

# The C parser is about ten times faster; both give the same marks.
_Loader: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)

# The way to a value: ("facts", 3, "roles", 0).
Location = tuple[str | int, ...]

# key > record > field > item > field > alias: no knowledge file nests deeper than that.
_MAX_DEPTH = 6


@dataclass(frozen=True)
class Document:
    """The plain data of a file and the line of each value, by its path into the data."""

    file: str
    data: Any
    lines: Mapping[Location, int]

    def line(self, path: Location) -> int:
        """Return the line of `path`, or of the closest value around it."""
        while path not in self.lines and path:
            path = path[:-1]
        return self.lines.get(path, 1)


def read_document(path: Path) -> tuple[Document, list[Problem]]:
    """Read `path`. Returns its data and what is wrong with it as YAML; raises nothing but OSError.

    A file that cannot be parsed comes back without data.
    """
    file = str(path)
    try:
        loader = _Loader(path.read_text(encoding="utf-8"))
        node = loader.get_single_node()
        data = None if node is None else loader.construct_document(node)
    except UnicodeDecodeError:
        return Document(file, None, {}), [Problem(file, 1, "yaml", "is not UTF-8 text")]
    except (yaml.YAMLError, ValueError) as error:  # ValueError: a date such as 2025-13-45
        return Document(file, None, {}), [_invalid(file, error)]
    lines: dict[Location, int] = {}
    problems: list[Problem] = []
    for where, line, repeated in _walk(node, ()):
        if repeated:
            problems.append(Problem(file, line, str(where[-1]), "is given twice"))
        else:
            lines[where] = line
    return Document(file, data, lines), problems


def _walk(node: yaml.Node | None, path: Location) -> Iterator[tuple[Location, int, bool]]:
    """Yield path, line and whether the key was there before, for all values below `node`."""
    if len(path) >= _MAX_DEPTH:
        return
    if isinstance(node, yaml.MappingNode):
        seen: set[str] = set()
        for key, value in node.value:
            where = (*path, str(key.value))
            yield where, key.start_mark.line + 1, key.value in seen
            seen.add(str(key.value))
            yield from _walk(value, where)
    elif isinstance(node, yaml.SequenceNode):
        for index, item in enumerate(node.value):
            yield (*path, index), item.start_mark.line + 1, False
            yield from _walk(item, (*path, index))


def _invalid(file: str, error: Exception) -> Problem:
    mark = getattr(error, "problem_mark", None) or getattr(error, "context_mark", None)
    reason = getattr(error, "problem", None) or str(error)
    return Problem(file, mark.line + 1 if mark else 1, "yaml", f"is not valid YAML: {reason}")
