"""Leave out the facts of some sources, and what nothing else speaks of."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from typing import Any

from bot.knowledge.problems import KnowledgeError, Problem, nearest
from bot.knowledge.schema import Fact, Uncovered

SETTING = "SOURCES"
"""Where the names come from, as problems call it."""


def select(records: Mapping[str, Sequence[Any]], names: Collection[str]) -> dict[str, list[Any]]:
    """Return the records without the facts of sources whose id and kind are not among `names`.

    Topics, roles and entities that had facts and have none left go with them. Kinds that are uncovered now
    (`unless_topics`) get the questions of the facts that were left out as examples.

    Raises KnowledgeError if a name is neither the id nor the kind of a source.
    """
    sources = [source for source in records["sources"] if {source.id, source.kind} & set(names)]
    known = {name: None for source in records["sources"] for name in (source.id, source.kind)}
    unknown = [name for name in names if name not in known]
    if unknown:
        names = ", ".join(f"{name!r}{nearest(name, known)}" for name in unknown)
        raise KnowledgeError([Problem(SETTING, 0, "", f"there is no source and no kind of source {names}")])
    ids = {source.id for source in sources}
    facts: list[Fact] = [fact for fact in records["facts"] if fact.source in ids]
    gone: list[Fact] = [fact for fact in records["facts"] if fact.source not in ids]
    topics = _left(records["topics"], {f.topic for f in facts}, {f.topic for f in gone})
    left = {topic.id for topic in topics}
    kept = {fact.id for fact in facts}
    return {
        "sources": sources,
        "roles": _left(records["roles"], _flat(f.roles for f in facts), _flat(f.roles for f in gone)),
        "topics": [topic.copy(update={"next": _within(topic.next, left)}) for topic in topics],
        "entities": _left(records["entities"], _flat(f.entities for f in facts), _flat(f.entities for f in gone)),
        "facts": facts,
        "uncovered": [_uncovered(kind, left, kept, gone) for kind in records["uncovered"]],
        "pairs": [pair for pair in records["pairs"] if {pair.first_fact, pair.second_fact} <= kept],
    }


def _uncovered(kind: Uncovered, topics: set[str], facts: set[str], gone: Iterable[Fact]) -> Uncovered:
    questions = dict.fromkeys(q for fact in gone if fact.topic in kind.unless_topics for q in fact.questions)
    return kind.copy(
        update={
            "nearest": _within(kind.nearest, topics),
            "nearest_facts": _within(kind.nearest_facts, facts),
            "partly": _within(kind.partly, topics),
            "examples": (*kind.examples, *(q for q in questions if q not in kind.examples)),
        }
    )


def _left(records: Iterable[Any], spoken_of: set[str], dropped: set[str]) -> list[Any]:
    return [record for record in records if record.id in spoken_of or record.id not in dropped]


def _flat(groups: Iterable[Iterable[str]]) -> set[str]:
    return {each for group in groups for each in group}


def _within(ids: Iterable[str], known: set[str]) -> tuple[str, ...]:
    return tuple(each for each in ids if each in known)
