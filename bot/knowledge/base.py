"""The knowledge base in memory: immutable, with the questions that the bot asks of it."""

from __future__ import annotations

import hashlib
import json
import re
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, fields
from functools import cached_property
from types import MappingProxyType
from typing import TypeVar

from bot.knowledge.checks import normalize_alias
from bot.knowledge.schema import (
    Entity,
    Fact,
    Lead,
    Pair,
    Record,
    Role,
    Source,
    SourceKind,
    Topic,
    Uncovered,
    UncoveredItem,
)

R = TypeVar("R", bound=Record)

_WORDS = re.compile(r"[\w-]+")


@dataclass(frozen=True, eq=False)
class KnowledgeBase:
    """Records by id, in the order of the files. Build it with `of` or `load_knowledge`."""

    sources: Mapping[str, Source]
    roles: Mapping[str, Role]
    topics: Mapping[str, Topic]
    entities: Mapping[str, Entity]
    facts: Mapping[str, Fact]
    uncovered: Mapping[str, Uncovered]
    pairs: Mapping[str, Pair]

    @classmethod
    def of(
        cls,
        sources: Iterable[Source] = (),
        roles: Iterable[Role] = (),
        topics: Iterable[Topic] = (),
        entities: Iterable[Entity] = (),
        facts: Iterable[Fact] = (),
        uncovered: Iterable[Uncovered] = (),
        pairs: Iterable[Pair] = (),
    ) -> KnowledgeBase:
        """Build a knowledge base from records that have been checked.

        What a role or an entity is called is no longer uncovered: such aliases, and items that have no other, are left
        out with the examples that name nothing else, and so are kinds whose `unless_topics` or `if_topics` say so.
        Facts of an article come first, for it decides what the roles are; otherwise the order is kept.
        """
        sources, roles, entities, facts = list(sources), list(roles), list(entities), list(facts)
        articles = {source.id for source in sources if source.kind == "article"}
        facts.sort(key=lambda fact: fact.source not in articles)
        with_facts = {fact.topic for fact in facts}
        kinds = [kind for kind in uncovered if _applies(kind, with_facts)]
        uncovered = [_left_uncovered(kind, roles, entities) for kind in kinds]
        return cls(
            sources=_by_id(sources),
            roles=_by_id(roles),
            topics=_by_id(topics),
            entities=_by_id(entities),
            facts=_by_id(facts),
            uncovered=_by_id(uncovered),
            pairs=_by_id(pairs),
        )

    @cached_property
    def main_roles(self) -> Mapping[str, Role]:
        """The roles that "both roles", comparisons without names, the fit check and recommendations are about."""
        return MappingProxyType({role.id: role for role in self.roles.values() if not role.secondary})

    def kind_of(self, fact: Fact) -> SourceKind:
        """What kind of source the fact is from."""
        return self.sources[fact.source].kind

    def facts_for(self, role: str, topic: str) -> tuple[Fact, ...]:
        """Return the facts about `topic` for `role`: the overview, then details by importance.

        Facts shared with other roles are included. A pair without facts gives ().
        """
        return self._by_role_and_topic.get((role, topic), ())

    @cached_property
    def _by_role_and_topic(self) -> Mapping[tuple[str, str], tuple[Fact, ...]]:
        found: dict[tuple[str, str], list[Fact]] = defaultdict(list)
        for fact in self.facts.values():
            for role in dict.fromkeys(fact.roles):
                found[role, fact.topic].append(fact)
        return {
            (role, topic): tuple(sorted(facts, key=lambda fact: not fact.is_overview_of(role)))
            for (role, topic), facts in found.items()
        }

    @cached_property
    def _by_entity(self) -> Mapping[str, tuple[Fact, ...]]:
        found: dict[str, list[Fact]] = defaultdict(list)
        for fact in self.facts.values():
            for entity in dict.fromkeys(fact.entities):
                found[entity].append(fact)
        return {entity: tuple(facts) for entity, facts in found.items()}

    def lead(self, opens: Lead, roles: Iterable[str]) -> Fact | None:
        """Return the fact that opens such an answer about `roles`, or None if none is about these alone."""
        return next((f for f in self.facts.values() if f.lead == opens and set(f.roles) <= set(roles)), None)

    @cached_property
    def profile_topics(self) -> tuple[str, ...]:
        """The topics of which the portrait of a role has a line."""
        return tuple(topic.id for topic in self.topics.values() if topic.profile)

    @cached_property
    def topic_of_intent(self) -> Mapping[str, str]:
        """The topic that each topic's intent asks for."""
        return MappingProxyType({topic.intent: topic.id for topic in self.topics.values()})

    def overview(self, role: str, topic: str) -> Fact | None:
        """Return the short answer about `topic` for `role`, or None if there are no facts."""
        return next((f for f in self.facts_for(role, topic) if f.is_overview_of(role)), None)

    def details(self, role: str, topic: str) -> tuple[Fact, ...]:
        """Return what `facts_for` returns, without the overview."""
        return tuple(f for f in self.facts_for(role, topic) if not f.is_overview_of(role))

    def roles_on(self, topic: str, *, secondary: bool = False) -> tuple[str, ...]:
        """Return the ids of the main (or all) roles with a fact on the topic, in the order of roles."""
        return tuple(role for role in self._among(secondary) if self.facts_for(role, topic))

    def facts_naming(self, entity_id: str) -> tuple[Fact, ...]:
        """Return all facts that name the entity, in the order of the files."""
        return self._by_entity.get(entity_id, ())

    def facts_naming_any(self, entity_ids: Iterable[str]) -> tuple[Fact, ...]:
        """Return the facts that name one of the entities, each once."""
        return tuple(dict.fromkeys(fact for entity in entity_ids for fact in self.facts_naming(entity)))

    def roles_naming(self, entity_id: str, *, secondary: bool = False) -> tuple[str, ...]:
        """Return the ids of the main (or all) roles with a fact that names the entity, in the order of roles."""
        named = {role for fact in self.facts_naming(entity_id) for role in fact.roles}
        return tuple(role for role in self._among(secondary) if role in named)

    def _among(self, secondary: bool) -> Mapping[str, Role]:
        return self.roles if secondary else self.main_roles

    def entity(self, entity_id: str) -> Entity:
        """Return the entity. Raises KeyError if there is none with this id."""
        return self.entities[entity_id]

    def phrases(self) -> list[tuple[str, str, str]]:
        """Return everything that can be recognised in a message as (kind, id, words).

        Kinds: "role", "thing" (an entity), "topic", and "uncovered" with the id of an uncovered kind or item.
        """
        found = [("role", r.id, alias) for r in self.roles.values() for alias in (r.name, *r.aliases)]
        found += [("thing", e.id, alias) for e in self.entities.values() for alias in (e.name, *e.aliases)]
        for kind in self.uncovered.values():
            found += [("uncovered", item.id, alias) for item in kind.items for alias in item.aliases]
            found += [("uncovered", kind.id, alias) for alias in kind.aliases]
        found += [("topic", t.id, alias) for t in self.topics.values() for alias in t.aliases]
        return found

    @property
    def sections(self) -> tuple[str, ...]:
        """The section headings that facts cite, each once, in the order of the files."""
        return tuple(dict.fromkeys(fact.section for fact in self.facts.values()))

    def fingerprint(self) -> str:
        """Return a sha256 of the content, the same wherever and however the files are laid out."""
        return self._fingerprint

    @cached_property
    def _fingerprint(self) -> str:
        content = {
            field.name: [record.dict() for record in getattr(self, field.name).values()] for field in fields(self)
        }
        text = json.dumps(content, sort_keys=True, default=str)
        return hashlib.sha256(text.encode()).hexdigest()


def _applies(kind: Uncovered, with_facts: set[str]) -> bool:
    """Whether a kind is uncovered where there are facts on the topics `with_facts`."""
    return with_facts.isdisjoint(kind.unless_topics) and with_facts.issuperset(kind.if_topics)


def _left_uncovered(kind: Uncovered, roles: Sequence[Role], entities: Sequence[Entity]) -> Uncovered:
    named = {normalize_alias(alias) for role in roles for alias in (role.name, role.plural, *role.aliases)}
    covered = named | {normalize_alias(alias) for entity in entities for alias in entity.aliases}
    ids = {record.id for record in (*roles, *entities)}
    items, gone = [], []
    for item in kind.items:
        aliases = tuple(alias for alias in item.aliases if normalize_alias(alias) not in covered)
        if item.id in ids or (aliases != item.aliases and normalize_alias(item.aliases[0]) in covered):
            gone.append(item)
        else:
            items.append(item.copy(update={"aliases": aliases}))
    examples = tuple(text for text in kind.examples if not _names(gone, text) or _names(items, text))
    names = [role.plural for role in roles]
    told = " and ".join([", ".join(names[:-1]), names[-1]] if len(names) > 1 else names)
    own = tuple(alias for alias in kind.aliases if normalize_alias(alias) not in named)
    phrase = kind.phrase.replace("{roles}", told)
    return kind.copy(update={"items": tuple(items), "aliases": own, "phrase": phrase, "examples": examples})


def _names(items: Iterable[UncoveredItem], text: str) -> bool:
    """Whether a text names one of the items, in the singular or plural."""
    words = f" {normalize_alias(' '.join(re.findall(_WORDS, text)))} "
    aliases = [normalize_alias(alias) for item in items for alias in item.aliases]
    return any(f" {alias}{end} " in words for alias in aliases for end in ("", "s"))


def _by_id(records: Iterable[R]) -> Mapping[str, R]:
    return MappingProxyType({record.id: record for record in records})
