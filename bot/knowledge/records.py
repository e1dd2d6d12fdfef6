"""Turn the plain data of a file into records, and what does not fit into problems."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from pydantic import BaseModel, ValidationError

from bot.knowledge.document import Document, Location
from bot.knowledge.problems import Problem, nearest
from bot.knowledge.schema import (
    Entity,
    Fact,
    Figure,
    Pair,
    Record,
    Role,
    Source,
    Topic,
    Uncovered,
    UncoveredItem,
)

KINDS: dict[str, type[Record]] = {
    "sources": Source,
    "roles": Role,
    "topics": Topic,
    "entities": Entity,
    "facts": Fact,
    "uncovered": Uncovered,
    "pairs": Pair,
}

# field of a record -> what its items must look like
_NESTED: dict[str, type[BaseModel]] = {"items": UncoveredItem, "figures": Figure}

_MESSAGES = {
    "value_error.missing": "is missing",
    "type_error.none.not_allowed": "is empty",
    "value_error.any_str.min_length": "is empty",
    "type_error.str": "must be text",
    "type_error.tuple": "must be a list",
    "value_error.strictbool": "must be true or false",
    "value_error.date": "must be an ISO date such as 2025-06-11",
    "value_error.strictint": "must be a whole number",
    "type_error.integer": "must be a whole number",
    "type_error.dict": "must be a mapping of fields",
}


@dataclass(frozen=True)
class Entry:
    """A valid record and where it stands."""

    key: str
    record: Any
    document: Document
    path: Location

    def problem(self, message: str, *path: str | int) -> Problem:
        """Say that something is wrong at `path` within this record."""
        field = ".".join(step for step in path if isinstance(step, str))
        where = (*self.path, *path)
        return Problem(self.document.file, self.document.line(where), field, message)


def read_records(document: Document) -> Iterator[Entry | Problem]:
    """Yield an entry for each record that fits its schema, and a problem for each misfit."""
    data, file = document.data, document.file
    if data is None:
        return
    if not isinstance(data, dict):
        yield Problem(file, 1, "file", f"must be a mapping with any of: {', '.join(KINDS)}")
        return
    for key, items in data.items():
        line = document.line((str(key),))
        if key not in KINDS:
            yield Problem(file, line, str(key), f"unknown key{nearest(key, KINDS)}")
        elif not isinstance(items, list):
            if items is not None:
                yield Problem(file, line, key, "must be a list")
        else:
            for index, item in enumerate(items):
                yield from _read_record(document, key, index, item)


def _read_record(document: Document, key: str, index: int, item: Any) -> Iterator[Entry | Problem]:
    path: Location = (key, index)
    model = KINDS[key]
    try:
        yield Entry(key, model.parse_obj(item), document, path)
    except TypeError:  # a field such as 1 or yes, which YAML does not read as text
        yield Problem(document.file, document.line(path), key, "field names must be text")
    except ValidationError as error:
        for detail in error.errors():
            loc = tuple(step for step in detail["loc"] if step != "__root__")
            field = ".".join(str(step) for step in loc if isinstance(step, str)) or key
            line = document.line(path + loc)
            yield Problem(document.file, line, field, _message(model, loc, dict(detail)))


def _message(model: type[Record], loc: Location, detail: dict[str, Any]) -> str:
    kind = str(detail["type"])
    if kind == "value_error.extra":
        owner: type[BaseModel] = _NESTED.get(str(loc[0]), model) if len(loc) > 1 else model
        return f"unknown field{nearest(loc[-1], owner.__fields__)}"
    if kind == "value_error.const":
        permitted = detail["ctx"]["permitted"]
        given = detail["ctx"]["given"]
        hint = nearest(given, permitted) or f" (one of: {', '.join(permitted)})"
        return f"unknown kind {given!r}{hint}"
    return _MESSAGES.get(kind, str(detail["msg"]))
