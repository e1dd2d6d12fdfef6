"""Small pieces of wording that several kinds of answer share."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from bot.knowledge import Fact, KnowledgeBase
from bot.language.wording import content_words

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


def all_roles(kb: KnowledgeBase, last: str = "and") -> str:
    """The roles that are compared by name, "AI engineers and ML engineers"."""
    return join([role.plural for role in kb.main_roles.values()], last)


def words_of_names(kb: KnowledgeBase, roles: Iterable[str]) -> set[str]:
    """The words of which the names of roles are made."""
    found = [kb.roles[role] for role in roles]
    names = [name for role in found for name in (role.name, role.plural, *role.aliases)]
    return {word for name in names for word in content_words(name)}


def told(kb: KnowledgeBase, verb: str, article: str = "The") -> str:
    """ "The article does not cover" for the ``verb`` "does not cover", "The sources do not cover" with several."""
    if len(kb.sources) < 2:
        return f"{article} article {verb}"
    head, _, rest = verb.partition(" ")
    head = {"does": "do", "is": "are", "says": "say", "lists": "list", "names": "name", "has": "have"}.get(head, head)
    return f"{article} sources {head} {rest}".rstrip()


def it_says(kb: KnowledgeBase, stressed: bool = False) -> str:
    """ "it says", "it does say", or the same of several sources."""
    one = len(kb.sources) < 2
    return f"{'it' if one else 'they'} {('does say' if one else 'do say') if stressed else ('says' if one else 'say')}"


def heading(kb: KnowledgeBase, roles: Iterable[str]) -> str:
    """:func:`plural` at the start of a line."""
    text = plural(kb, roles)
    return text[:1].upper() + text[1:]


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
