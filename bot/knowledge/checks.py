"""Rules that hold between records: ids, references, aliases and overviews."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence

from bot.knowledge.document import Location
from bot.knowledge.problems import Problem, nearest
from bot.knowledge.records import Entry

# field of a record -> key under which the ids that it may hold are defined
_REFERENCES = {
    "facts": {"roles": "roles", "topic": "topics", "entities": "entities", "source": "sources"},
    "uncovered": {"nearest": "topics"},
    "pairs": {"first_fact": "facts", "second_fact": "facts"},
}


def check(entries: Sequence[Entry]) -> Iterator[Problem]:
    """Yield everything that is wrong between `entries`."""
    yield from _duplicate_ids(entries)
    yield from _unknown_references(entries)
    yield from _shared_aliases(entry for entry in entries if entry.key != "topics")
    yield from _shared_aliases(entry for entry in entries if entry.key == "topics")
    yield from _overviews(entries)


def normalize_alias(alias: str) -> str:
    """Return `alias` as it is compared: lower case, hyphens as spaces, single spaces."""
    return re.sub(r"[\s\-\u2010-\u2015_]+", " ", alias.lower()).strip()


def _duplicate_ids(entries: Iterable[Entry]) -> Iterator[Problem]:
    first: dict[tuple[str, str], str] = {}
    for entry in entries:
        ids: list[tuple[str, Location, str]] = [(entry.key, (), entry.record.id)]
        for number, item in enumerate(getattr(entry.record, "items", ())):
            ids.append(("items", ("items", number), item.id))
        for kind, place, id_ in ids:
            if (kind, id_) in first:
                message = f"duplicate id {id_!r}, first in {first[kind, id_]}"
                yield entry.problem(message, *place, "id")
            else:
                first[kind, id_] = _at(entry, *place)


def _unknown_references(entries: Sequence[Entry]) -> Iterator[Problem]:
    ids: dict[str, dict[str, None]] = defaultdict(dict)  # In the order of the files, and quick to look up.
    for entry in entries:
        ids[entry.key][entry.record.id] = None
    for entry in entries:
        for field, key in _REFERENCES.get(entry.key, {}).items():
            value = getattr(entry.record, field)
            single = isinstance(value, str)
            for index, reference in enumerate([value] if single else value):
                if reference not in ids[key]:
                    message = f"unknown id {reference!r}{nearest(reference, ids[key])}"
                    yield entry.problem(message, *((field,) if single else (field, index)))


def _shared_aliases(entries: Iterable[Entry]) -> Iterator[Problem]:
    owners: dict[str, tuple[Entry, str]] = {}
    for entry in entries:
        for owner, place, alias in _aliases(entry):
            known, known_owner = owners.setdefault(normalize_alias(alias), (entry, owner))
            # A role takes over what was listed as uncovered until its facts were there (see KnowledgeBase.of).
            taken_over = {known.key, entry.key} == {"roles", "uncovered"}
            if (known.key, known_owner) != (entry.key, owner) and not taken_over:
                message = f"alias {alias!r} belongs to {known_owner!r} already, in {_at(known)}"
                yield entry.problem(message, *place)


def _aliases(entry: Entry) -> Iterator[tuple[str, Location, str]]:
    """Yield owner, place and alias. An uncovered kind and its items count as one owner."""
    record = entry.record
    for index, alias in enumerate(getattr(record, "aliases", ())):
        yield record.id, ("aliases", index), alias
    for number, item in enumerate(getattr(record, "items", ())):
        for index, alias in enumerate(item.aliases):
            yield record.id, ("items", number, "aliases", index), alias


def _overviews(entries: Iterable[Entry]) -> Iterator[Problem]:
    pairs: dict[tuple[str, str], list[Entry]] = defaultdict(list)
    for entry in entries:
        if entry.key == "facts":
            for role in entry.record.roles:
                pairs[role, entry.record.topic].append(entry)
    for (role, topic), facts in pairs.items():
        overviews = [entry for entry in facts if entry.record.overview]
        if not overviews:
            yield facts[0].problem(f"{role} and {topic} have no overview", "overview")
        for extra in overviews[1:]:
            message = f"{role} and {topic} have an overview already, in {_at(overviews[0])}"
            yield extra.problem(message, "overview")


def _at(entry: Entry, *place: str | int) -> str:
    return f"{entry.document.file}:{entry.document.line((*entry.path, *place))}"
