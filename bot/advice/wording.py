"""Small pieces of wording that several kinds of answer share."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from bot.knowledge import Fact, KnowledgeBase

WORD_LIMIT = 110
"""Answers stay below this many words, so that with the source line they are at most about 120."""


def join(items: Sequence[str], last: str = "and") -> str:
    """ "a", "a and b", "a, b and c"."""
    if len(items) < 2:
        return "".join(items)
    return f"{', '.join(items[:-1])} {last} {items[-1]}"


def plural(kb: KnowledgeBase, roles: Iterable[str]) -> str:
    """ "AI engineers and ML engineers" for role ids."""
    return join([kb.roles[role].plural for role in roles])


def sentence(text: str) -> str:
    """``text`` with a capital at the start and a full stop at the end."""
    text = text.strip()
    end = "" if text.endswith((".", "!", "?")) else "."
    return text[:1].upper() + text[1:] + end


def within(facts: Iterable[Fact], words: int, most: int) -> list[Fact]:
    """The first facts whose points together have at most ``words`` words, and at most ``most`` of them."""
    kept: list[Fact] = []
    for fact in facts:
        words -= len(fact.point.split())
        if words < 0 or len(kept) == most:
            break
        kept.append(fact)
    return kept


def overviews(kb: KnowledgeBase, roles: Iterable[str], topic: str) -> list[tuple[str, Fact]]:
    """(role id, overview) for every role that has something on the topic, each overview once."""
    found: list[tuple[str, Fact]] = []
    for role in roles:
        fact = kb.overview(role, topic)
        if fact and fact.id not in {f.id for _, f in found}:
            found.append((role, fact))
    return found


def ids(facts: Iterable[Fact]) -> tuple[str, ...]:
    """Ids of facts, each once, in order."""
    return tuple(dict.fromkeys(fact.id for fact in facts))


def roles_of(facts: Iterable[Fact], kb: KnowledgeBase) -> tuple[str, ...]:
    """The roles that the facts are about, in the knowledge base's order."""
    named = {role for fact in facts for role in fact.roles}
    return tuple(role for role in kb.roles if role in named)


def topics_of(facts: Iterable[Fact]) -> tuple[str, ...]:
    """The topics that the facts belong to, each once, in order."""
    return tuple(dict.fromkeys(fact.topic for fact in facts))
