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
    "topics": {"next": "topics"},
    "uncovered": {
        "nearest": "topics",
        "nearest_facts": "facts",
        "partly": "topics",
        "unless_topics": "topics",
        "if_topics": "topics",
    },
    "pairs": {"first_fact": "facts", "second_fact": "facts"},
}


def check(entries: Sequence[Entry]) -> Iterator[Problem]:
    """Yield everything that is wrong between `entries`."""
    yield from _duplicate_ids(entries)
    yield from _unknown_references(entries)
    yield from _shared_aliases(entry for entry in entries if entry.key != "topics")
    yield from _shared_aliases(entry for entry in entries if entry.key == "topics")
    yield from _overviews(entries)
    yield from _examples(entries)


def normalize_alias(alias: str) -> str:
    """Return `alias` as it is compared: lower case, hyphens as spaces, single spaces."""
    return re.sub(r"[\s\-\u2010-\u2015_]+", " ", alias.lower()).strip()


def _duplicate_ids(entries: Iterable[Entry]) -> Iterator[Problem]:
    first: dict[tuple[str, str], tuple[Entry, str]] = {}
    for entry in entries:
        ids: list[tuple[str, Location, str]] = [(entry.key, (), entry.record.id)]
        for number, item in enumerate(getattr(entry.record, "items", ())):
            ids.append(("items", ("items", number), item.id))
        for kind, place, id_ in ids:
            known, where = first.setdefault((kind, id_), (entry, _at(entry, *place)))
            again = known is not entry or where != _at(entry, *place)
            if again and not (kind == "items" and _never_together(known, entry)):
                yield entry.problem(f"duplicate id {id_!r}, first in {where}", *place, "id")


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
    places: dict[str, Location] = {}
    for entry in entries:
        for owner, place, alias in _aliases(entry):
            places.setdefault(normalize_alias(alias), place)
            known, known_owner = owners.setdefault(normalize_alias(alias), (entry, owner))
            first = places[normalize_alias(alias)]
            taken_over = _is_taken_over(entry, known, place) or _is_taken_over(known, entry, first)
            allowed = taken_over or _never_together(known, entry)
            if (known.key, known_owner) != (entry.key, owner) and not allowed:
                message = f"alias {alias!r} belongs to {known_owner!r} already, in {_at(known)}"
                yield entry.problem(message, *place)


def _never_together(one: Entry, other: Entry) -> bool:
    """Whether these are uncovered kinds of which one is there only where the other is not."""
    if not one.key == other.key == "uncovered":
        return False
    first, second = one.record, other.record
    return bool({*first.unless_topics} & {*second.if_topics} or {*second.unless_topics} & {*first.if_topics})


def _is_taken_over(entry: Entry, other: Entry, place: Location) -> bool:
    """Whether `other` covers what `entry` lists at `place` as uncovered until there are facts (KnowledgeBase.of)."""
    return entry.key == "uncovered" and (other.key == "roles" or (other.key == "entities" and place[0] == "items"))


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
        overviews = [entry for entry in facts if entry.record.is_overview_of(role)]
        if not overviews:
            yield facts[0].problem(f"{role} and {topic} have no overview", "overview")
        for extra in overviews[1:]:
            message = f"{role} and {topic} have an overview already, in {_at(overviews[0])}"
            yield extra.problem(message, "overview")


def _examples(entries: Sequence[Entry]) -> Iterator[Problem]:
    """A question cannot be both answered by a fact and an example of what no fact answers."""
    answered: dict[str, Entry] = {}
    for entry in entries:
        if entry.key == "facts":
            own: set[str] = set()
            for index, question in enumerate(entry.record.questions):
                words = _plain(question)
                if words in own:
                    yield entry.problem(f"question {question!r} is given twice", "questions", index)
                own.add(words)
                answered.setdefault(words, entry)
    for entry in entries:
        if entry.key == "uncovered":
            for index, question in enumerate(entry.record.examples):
                fact = answered.get(_plain(question))
                if fact is not None and fact.record.topic not in entry.record.unless_topics:
                    message = f"question {question!r} is answered by {fact.record.id!r}, in {_at(fact)}"
                    yield entry.problem(message, "examples", index)


def _plain(question: str) -> str:
    return " ".join(re.findall(r"\w+", question.lower()))


def _at(entry: Entry, *place: str | int) -> str:
    return f"{entry.document.file}:{entry.document.line((*entry.path, *place))}"
