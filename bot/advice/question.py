"""What was asked: one question as the NLU pipeline understood it, and what the conversation was about before."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from bot.knowledge import KnowledgeBase

FRESH_TURNS = 6
"""For how many user turns an earlier role or topic still counts as what "they" or "that" means."""


@dataclass(frozen=True)
class Question:
    """One question.

    ``roles``, ``things``, ``topics`` and ``uncovered`` are ids found in its words; ``candidates`` are what it may be
    about, each with its score (logit) and probability, best first; ``ranking`` are the likeliest intents with their
    probability, best first; ``asks`` is how probable it is that anything about the subject is asked; a question is
    ``bare`` when it has no other words than those around a name ("what about spaCy?"), and ``topical`` when it has none
    than those around a topic and names ("how do I become an ML engineer?").
    """

    intent: str
    text: str = ""
    confidence: float = 1.0
    ranking: tuple[tuple[str, float], ...] = ()
    roles: tuple[str, ...] = ()
    things: tuple[str, ...] = ()
    topics: tuple[str, ...] = ()
    uncovered: tuple[str, ...] = ()
    candidates: tuple[tuple[str, float, float], ...] = ()
    values: Mapping[str, str] = field(default_factory=dict)
    asks: float = 1.0
    bare: bool = False
    topical: bool = False

    @classmethod
    def from_parse(cls, parse: Mapping[str, Any]) -> Question:
        """Build from one entry of the parse result's ``questions``, or from a whole parse result (button payloads)."""
        entities = [(str(e["entity"]), str(e["value"])) for e in parse.get("entities", [])]
        intent = parse["intent"]
        name = intent["name"] if isinstance(intent, Mapping) else intent
        return cls(
            intent=str(name),
            text=str(parse.get("text") or ""),
            confidence=float(parse.get("confidence", 1.0)),
            ranking=tuple((str(n), float(p)) for n, p in parse.get("ranking", [])),
            roles=_values(entities, "role"),
            things=_values(entities, "thing"),
            topics=_values(entities, "topic"),
            uncovered=_values(entities, "uncovered"),
            candidates=tuple((str(k), float(s), float(p)) for k, s, p in parse.get("candidates", [])),
            values=dict(entities),
            asks=float(parse.get("asks", 1.0)),
            bare=parse.get("bare") is True,
            topical=parse.get("topical") is True,
        )

    def known_to(self, kb: KnowledgeBase) -> Question:
        """The question without ids that the knowledge base does not have: a payload may carry anything."""
        uncovered = {item.id for kind in kb.uncovered.values() for item in kind.items} | set(kb.uncovered)
        return replace(
            self,
            roles=tuple(r for r in self.roles if r in kb.roles),
            things=tuple(t for t in self.things if t in kb.entities),
            topics=tuple(t for t in self.topics if t in kb.topics),
            uncovered=tuple(u for u in self.uncovered if u in uncovered),
            candidates=tuple(c for c in self.candidates if ":" in c[0] or c[0] in kb.facts),
        )

    def probability(self, prefix: str) -> float:
        """The summed probability of the ranked intents whose name starts with ``prefix``."""
        return sum(p for name, p in self.ranking if name.startswith(prefix))

    def mentions(self, *words: str) -> bool:
        """Whether any of the words stands in the question."""
        return not set(words).isdisjoint(self.text.replace("?", " ").replace(",", " ").split())


def _values(entities: Iterable[tuple[str, str]], kind: str) -> tuple[str, ...]:
    return tuple(dict.fromkeys(value for entity, value in entities if entity == kind))


Said = tuple[str, float, Mapping[str, float]]
"""Something that somebody told about themselves: the words, how they feel about it (1 likes, -1 dislikes, 0 neither),
and the facts that it matches, each with a weight."""


def _is_said(value: Any) -> bool:
    """Whether a value of a slot is :data:`Said`."""
    if not isinstance(value, (list, tuple)) or len(value) != 3 or not isinstance(value[2], Mapping):
        return False
    numbers = (value[1], *value[2].values())
    return isinstance(value[0], str) and all(isinstance(number, (int, float)) for number in numbers)


_ALLOWED: Mapping[Any, tuple[type, ...]] = {
    "int": (int,),
    "str": (str,),
    "tuple[str, ...]": (list, tuple),
    "Mapping[str, Any] | None": (dict, type(None)),
    "Mapping[str, float]": (dict,),
    "tuple[Said, ...]": (list, tuple),
}
"""What the fields of a context may hold when they come from a slot."""


@dataclass(frozen=True)
class Context:
    """What the conversation was about; small and bounded, kept in the slot ``context`` between messages.

    ``near`` are the facts that the last question was near to, with their probability; ``about`` is what the person told
    about themselves; ``told`` are hashes of what was said, so that nothing is said twice unasked; ``recommended`` are
    the roles of the last recommendation.
    """

    turn: int = 0
    content_turn: int = 0
    intent: str = ""
    text: str = ""
    roles: tuple[str, ...] = ()
    topic: str = ""
    things: tuple[str, ...] = ()
    facts: tuple[str, ...] = ()
    shown: tuple[str, ...] = ()
    options: tuple[str, ...] = ()
    offered: tuple[str, ...] = ()
    asked: tuple[str, ...] = ()
    pending: tuple[str, ...] = ()
    misses: int = 0
    near: Mapping[str, float] = field(default_factory=dict)
    about: tuple[Said, ...] = ()
    told: tuple[str, ...] = ()
    recommended: tuple[str, ...] = ()
    last: Mapping[str, Any] | None = None
    fit: Mapping[str, Any] | None = None

    @classmethod
    def from_slot(cls, value: Mapping[str, Any] | None) -> Context:
        """Read the slot; anything that is not a context (an old or foreign value) gives a new one."""
        if not isinstance(value, Mapping):
            return cls()
        try:
            known: dict[str, Any] = {name: value[name] for name in cls.__dataclass_fields__ if name in value}
            if any(type(value) not in _ALLOWED[cls.__dataclass_fields__[name].type] for name, value in known.items()):
                return cls()
            values: dict[str, Any] = {name: tuple(v) if isinstance(v, list) else v for name, v in known.items()}
            if not all(_is_said(said) for said in values.get("about", ())):
                return cls()
            return cls(**values)
        except TypeError:
            return cls()

    def to_slot(self) -> dict[str, Any]:
        """A JSON-ready dictionary."""
        values = ((name, getattr(self, name)) for name in self.__dataclass_fields__)
        return {name: list(value) if isinstance(value, tuple) else value for name, value in values}

    @property
    def fresh(self) -> bool:
        """Whether the last content is recent enough to be what a follow-up means."""
        return bool(self.content_turn) and self.turn - self.content_turn <= FRESH_TURNS

    def next_turn(self) -> Context:
        """The context at the start of the next message."""
        return replace(self, turn=self.turn + 1)
