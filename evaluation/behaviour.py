"""The behavioural suite: templates times fillers, after CheckList (Ribeiro et al. 2020, ACL).

Three kinds of test. *Minimum function*: a message has to get an answer of a kind, about roles and topics.
*Invariance*: a change of a message (who asks, capitals, politeness) must not change the reply at all. *Direction*: a
change has to move the reply in a known direction ("for ml" narrows the roles). Templates stand in
tests/behaviour/suite/*.yml; fillers may also come from the knowledge base, so that a new thing is tested without an
edit.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import product
from pathlib import Path
from string import Formatter
from typing import Any

import yaml

from bot.knowledge import KnowledgeBase
from evaluation.typos import with_typos

SUITES = ("minimum", "invariance", "direction")
_EXPECTATIONS = frozenset({"kind", "roles", "topics", "thing", "says", "says_not", "intent", "words", "compared"})


class SuiteError(ValueError):
    """A template that cannot be used; the message names file and group."""


class Filler(str):
    """The words that stand in a template; attributes such as ``{role.id}`` say what they mean."""

    values: Mapping[str, str]

    def __new__(cls, text: str, values: Mapping[str, str]) -> Filler:
        filler = super().__new__(cls, text)
        filler.values = values
        return filler

    def __getattr__(self, name: str) -> str:
        try:
            return self.values[name]
        except KeyError as error:
            raise AttributeError(name) from error


@dataclass(frozen=True)
class Case:
    """One conversation; the reply to its last turn is judged, where there is a ``base`` against the last reply of that.

    ``labels`` has kind, topic, role, and turn (first, follow-up, several).
    """

    id: str
    suite: str
    group: str
    turns: tuple[str, ...]
    base: tuple[str, ...]
    expect: Mapping[str, Any]
    labels: Mapping[str, str] = field(default_factory=dict)


def load_suite(folder: Path, kb: KnowledgeBase) -> list[Case]:
    """All cases of the YAML files in ``folder``, in order. Raises SuiteError for a template that cannot be used."""
    cases: list[Case] = []
    for path in sorted(folder.glob("*.yml")):
        data = yaml.safe_load(path.read_text(encoding="utf-8"))
        fillers = {**knowledge_fillers(kb), **{name: _fillers(each) for name, each in data.get("fillers", {}).items()}}
        for group in data["groups"]:
            try:
                cases += _cases(data["suite"], group, fillers)
            except (KeyError, AttributeError, TypeError, ValueError) as error:
                raise SuiteError(f"{path}, group {group.get('name')}: {error!r}") from error
    doubled = len(cases) - len({case.id for case in cases})
    if doubled:
        raise SuiteError(f"{folder}: {doubled} cases have the id of another one")
    return cases


def knowledge_fillers(kb: KnowledgeBase) -> dict[str, list[Filler]]:
    """Fillers that follow the knowledge base: ``thing`` (of one role), ``role``, ``role_topic``, ``not_covered``."""
    things: dict[str, list[Filler]] = {}
    for entity in kb.entities.values():
        owners = {role for fact in kb.facts_naming(entity.id) for role in fact.roles}
        if len(owners) == 1 and owners <= set(kb.main_roles):
            owner = owners.pop()
            other = next(role for role in kb.main_roles if role != owner)
            values = {
                "id": entity.id,
                "role": owner,
                "own": kb.roles[owner].plural,
                "other": kb.roles[other].plural,
                "other_id": other,
            }
            things.setdefault(f"{entity.kind}_thing", []).append(Filler(entity.name, values))
    things["thing"] = [filler for name in sorted(things) for filler in things[name]]
    things["usable_thing"] = [f for name in ("tool", "hardware", "technique") for f in things.get(f"{name}_thing", [])]
    for kind in kb.uncovered.values():
        items = [Filler(item.name, {"id": item.id, "kind": kind.id}) for item in kind.items]
        if items:
            things[f"no_{kind.id}"] = items
    main = kb.main_roles.values()
    roles = [Filler(r.plural, {"id": r.id, "other_id": next(o.id for o in main if o is not r)}) for r in main]
    return {**things, "role": roles}


def _fillers(entries: Iterable[str | Mapping[str, str]]) -> list[Filler]:
    return [Filler(e, {}) if isinstance(e, str) else Filler(e["text"], e) for e in entries]


def _cases(suite: str, group: Mapping[str, Any], fillers: Mapping[str, list[Filler]]) -> list[Case]:
    unknown = set(group.get("expect", {})) - _EXPECTATIONS
    if suite not in SUITES or unknown:
        raise ValueError(f"unknown suite {suite} or expectations {sorted(unknown)}")
    made = list(_filled(suite, group, fillers))
    limit = int(group.get("limit", len(made)))
    step = max(1.0, len(made) / limit) if limit else 1.0
    return [made[int(i * step)] for i in range(min(limit, len(made)))]


def _filled(suite: str, group: Mapping[str, Any], fillers: Mapping[str, list[Filler]]) -> Iterator[Case]:
    number = 0
    changes: Sequence[Any] = group.get("changes", [None])
    seen: set[tuple[tuple[str, ...], tuple[str, ...]]] = set()
    for template, change in product(group["messages"], changes):
        turns = [template] if isinstance(template, str) else list(template)
        names = _names([*turns, *_texts(change), *_texts(group.get("expect", {})), *_texts(group.get("labels", {}))])
        for chosen in product(*(fillers[name] for name in names)):
            values: dict[str, Any] = dict(zip(names, chosen, strict=True))
            base = tuple(turn.format(**values, message="{message}") for turn in turns)
            changed = _mistyped(_changed(base, change, values), group.get("typos", 0), number)
            against = base if suite != "minimum" else ()
            if (changed, against) in seen:
                continue
            seen.add((changed, against))
            expect = _format(group.get("expect", {}), values)
            labels = {
                "kind": "answer",
                "topic": "none",
                "role": "none",
                "turn": "follow-up" if len(base) > 1 else "first",
            }
            labels.update(_format(group.get("labels", {}), values))
            yield Case(f"{suite}/{group['name']}/{number}", suite, group["name"], changed, against, expect, labels)
            number += 1


def _changed(base: tuple[str, ...], change: str | list[str] | None, values: Mapping[str, Any]) -> tuple[str, ...]:
    """A text rewrites the last message; a list of texts goes on after it."""
    if change is None:
        return base
    if isinstance(change, list):
        return (*base, *(turn.format(**values) for turn in change))
    return (*base[:-1], change.format(**values, message=base[-1]))


def _mistyped(turns: tuple[str, ...], typos: int, seed: int) -> tuple[str, ...]:
    return (*turns[:-1], with_typos(turns[-1], typos, seed)) if typos else turns


def _names(texts: Iterable[str]) -> list[str]:
    found = [name.split(".")[0] for text in texts for _, name, _, _ in Formatter().parse(text) if name]
    return [name for name in dict.fromkeys(found) if name != "message"]


def _texts(value: Any) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, Mapping):
        for each in value.values():
            yield from _texts(each)
    elif isinstance(value, list):
        for each in value:
            yield from _texts(each)


def _format(value: Any, values: Mapping[str, Any]) -> Any:
    if isinstance(value, str):
        return value.format(**values)
    if isinstance(value, Mapping):
        return {key: _format(each, values) for key, each in value.items()}
    if isinstance(value, list):
        return [_format(each, values) for each in value]
    return value
