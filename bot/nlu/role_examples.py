"""Training examples for roles that have none: derived from those of the other roles, so that a role needs no code.

`data/nlu.yml` annotates its examples with the roles they name. A role of the knowledge base that is annotated nowhere
is new. It gets copies of examples about other roles in which one of them is replaced, plural by plural, job by job and
field by field; what was an example of something uncovered and names the new role now is left out.
"""

from __future__ import annotations

import random
import re
from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from bot.knowledge import KnowledgeBase, Role

PER_INTENT = 30
"""Derived examples of one intent for one new role: enough to move a classifier that has about 100 of each."""

MOST_PER_INTENT = 120
"""Derived examples of one intent for all new roles together, so that training does not grow with their number."""

_SEED = 8
_UNCOVERED_ROLES = "ask_other_roles"
_AN = re.compile(r"\b(an?) $", re.IGNORECASE)
_VOWEL = re.compile(r"[aeiou]", re.IGNORECASE)


@dataclass(frozen=True)
class Example:
    """One training example; ``entities`` are Rasa's, with "entity", "value", "start" and "end" in characters."""

    text: str
    intent: str
    entities: tuple[dict[str, Any], ...] = ()


def new_roles(kb: KnowledgeBase, examples: Iterable[Example]) -> list[Role]:
    """The roles that no example is annotated with; none at all if no example has a role."""
    known = {e["value"] for example in examples for e in example.entities if e["entity"] == "role"}
    return [role for role in kb.main_roles.values() if role.id not in known] if known else []


def stale(kb: KnowledgeBase, example: Example) -> bool:
    """Whether an example teaches that something is uncovered which the knowledge base covers by now."""
    if not example.intent.startswith("uncovered_"):
        return False
    uncovered = {item.id for kind in kb.uncovered.values() for item in kind.items} | set(kb.uncovered)
    named = [e["value"] for e in example.entities if e["entity"] == "uncovered"]
    return bool(named) and uncovered.isdisjoint(named)


def derived(kb: KnowledgeBase, examples: Iterable[Example], per_intent: int = PER_INTENT) -> Iterator[Example]:
    """Examples for the new roles, at most ``per_intent`` of an intent for each; the same on every call.

    Where there are many new roles each gets fewer, and where there are very many each only of some intents.
    """
    examples = list(examples)
    by_intent: dict[str, list[Example]] = defaultdict(list)
    for example in examples:
        names_role = any(e["entity"] == "role" for e in example.entities)
        if names_role and example.intent != _UNCOVERED_ROLES:
            by_intent[example.intent].append(example)
    roles = new_roles(kb, examples)
    count = max(1, min(per_intent, MOST_PER_INTENT // max(1, len(roles))))
    step = -(-len(roles) // MOST_PER_INTENT)
    for place, role in enumerate(roles):
        chance = random.Random(_SEED)
        for pool in list(by_intent.values())[place % step :: step]:
            for example in chance.sample(pool, min(count, len(pool))):
                yield _about(role, example, chance)


def _about(role: Role, example: Example, chance: random.Random) -> Example:
    """The example with one of its roles replaced by ``role``."""
    chosen = chance.choice([e for e in example.entities if e["entity"] == "role"])
    before, after = example.text[: chosen["start"]], example.text[chosen["end"] :]
    name = _like(example.text[chosen["start"] : chosen["end"]], role)
    before = _AN.sub(lambda found: _article(found.group(1), name), before)
    shift = len(before) + len(name) - chosen["end"]
    entities = [
        _moved(e, shift if e["start"] >= chosen["end"] else len(before) - chosen["start"] if e is chosen else 0)
        for e in example.entities
        if e is chosen or e["end"] <= chosen["start"] or e["start"] >= chosen["end"]
    ]
    at = entities.index(next(e for e in entities if e["start"] == len(before) and e["entity"] == "role"))
    entities[at] = {"entity": "role", "value": role.id, "start": len(before), "end": len(before) + len(name)}
    return Example(before + name + after, example.intent, tuple(entities))


def _like(words: str, role: Role) -> str:
    """A name for the role in the grammatical form of ``words``: many people, one person, or their field."""
    last = words.lower().split()[-1]
    if last.endswith("s") and last not in ("ds", "ops"):
        return role.plural
    if " " in words.strip() and last not in ("learning", "intelligence"):
        return role.name
    return role.short


def _article(found: str, name: str) -> str:
    article = "an" if _VOWEL.match(name) else "a"
    return f"{article.capitalize() if found[0].isupper() else article} "


def _moved(entity: dict[str, Any], by: int) -> dict[str, Any]:
    return {**entity, "start": entity["start"] + by, "end": entity["end"] + by}
