"""Adds lines to the owner's YAML files as text, so that everything else in them stays as it is, comments included."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping, Sequence
from typing import Any

import yaml

from bot.content.errors import AcceptError


def has_intent(nlu: str, intent: str) -> bool:
    """Whether a file in Rasa's NLU format has a block for the intent."""
    return _block_of_intent(nlu.splitlines(), intent) is not None


def with_example(nlu: str, intent: str, example: str) -> str:
    """The NLU file with one more example at the end of the intent's block. Raises AcceptError without any example."""
    lines = nlu.splitlines(keepends=True)
    start = _block_of_intent(lines, intent)
    assert start is not None
    end = next((i for i in range(start + 1, len(lines)) if re.match(r"\s?-\s", lines[i])), len(lines))
    last = max((i for i in range(start, end) if lines[i].startswith("    - ")), default=None)
    if last is None:
        raise AcceptError(f"the intent {intent!r} has no examples yet; write the first by hand")
    if not lines[last].endswith("\n"):
        lines[last] += "\n"
    lines.insert(last + 1, f"    - {' '.join(example.split())}\n")
    return "".join(lines)


def _block_of_intent(lines: Sequence[str], intent: str) -> int | None:
    return next((i for i, line in enumerate(lines) if line.strip() == f"- intent: {intent}"), None)


def with_record(text: str, key: str, record: Mapping[str, Any], name: str) -> str:
    """The file with one more record at the end of its list ``key``, the last of the file; ``name`` is for problems.

    Raises AcceptError where the file is laid out otherwise.
    """
    before = yaml.safe_load(text) or {}
    if list(before)[-1:] != [key]:
        raise AcceptError(f"{name} does not end with {key}, so nothing can be added to it")
    indent = "  " if re.search(r"^ +- ", text, re.MULTILINE) or not before[key] else ""
    lines = [line for field, value in record.items() for line in _field(f"{indent}  ", field, value)]
    lines[0] = f"{indent}- {lines[0].strip()}"
    after = text.rstrip("\n") + "\n" + "\n".join(lines) + "\n"
    return _checked(after, {**before, key: [*(before[key] or []), dict(record)]}, name)


def with_items(text: str, key: str, record_id: str, field: str, items: Sequence[str], name: str) -> str:
    """The file with more ``items`` at the end of the list ``field`` of a record in its list ``key``.

    Raises AcceptError where the file is laid out otherwise.
    """
    before = yaml.safe_load(text) or {}
    lines = text.splitlines()
    head = f"- id: {record_id}"
    start = next((i for i, line in enumerate(lines) if line.strip() == head), None)
    records = [record for record in before.get(key) or [] if record.get("id") == record_id]
    if start is None or not records:
        raise AcceptError(f"{name} does not have {record_id!r} laid out line by line; add its {field} by hand")
    dash = len(lines[start]) - len(lines[start].lstrip())
    within = dash + 2
    end = next((i for i in range(start + 1, len(lines)) if 0 <= _indent(lines[i]) <= dash), len(lines))
    title = f"{' ' * within}{field}:"
    at = next((i for i in range(start + 1, end) if lines[i].rstrip() == title), None)
    added = [title, *_listed(" " * within, items)]
    if at is None:
        last = max(i for i in range(start, end) if _indent(lines[i]) > dash or i == start)
        place = last + 1
    else:
        place = next((i for i in range(at + 1, end) if 0 <= _indent(lines[i]) <= within), end)
        while _indent(lines[place - 1]) < 0:
            place -= 1
        added = added[1:]
    after = "\n".join([*lines[:place], *added, *lines[place:]]) + "\n"
    changed = {**records[0], field: [*(records[0].get(field) or []), *items]}
    expected = {**before, key: [changed if record is records[0] else record for record in before[key]]}
    return _checked(after, expected, name)


def _indent(line: str) -> int:
    """How far a line is indented; -1 for one that says nothing."""
    bare = line.strip()
    return len(line) - len(line.lstrip()) if bare and not bare.startswith("#") else -1


def _field(indent: str, field: str, value: Any) -> list[str]:
    """A field as YAML: lists of sentences one a line, everything else as JSON, which YAML includes."""
    if isinstance(value, (list, tuple)) and any(" " in str(each) for each in value):
        return [f"{indent}{field}:", *_listed(indent, value)]
    return [f"{indent}{field}: {json.dumps(value, ensure_ascii=False)}"]


def _listed(indent: str, items: Sequence[Any]) -> list[str]:
    return [f"{indent}  - {json.dumps(item, ensure_ascii=False)}" for item in items]


def _checked(after: str, expected: Any, name: str) -> str:
    try:
        found = yaml.safe_load(after)
    except yaml.YAMLError:
        found = None
    if found != expected:
        raise AcceptError(f"{name} is laid out in a way that nothing can be added to; add it by hand")
    return after
