"""Up to three next questions that fit what was asked and were not asked or offered yet."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Sequence

from bot.advice.answer import Suggestion
from bot.advice.wording import join
from bot.knowledge import KnowledgeBase

MOST = 3

FIT_CHECK = Suggestion("Which role fits me?", "/start_fit_check")


def compare(kb: KnowledgeBase) -> Suggestion:
    """The suggestion to set the roles side by side."""
    return Suggestion("How do they differ?", "/ask_difference")


def ask(kb: KnowledgeBase, topic: str, roles: Sequence[str]) -> Suggestion:
    """The suggestion to ask about ``topic`` for ``roles`` (all roles when empty)."""
    shown = tuple(roles) or tuple(kb.main_roles)
    several = kb.topics[topic].several
    if several:  # is always about all who work together
        shown = kb.roles_on(topic) or shown
    names = [kb.roles[role].plural for role in shown]
    title = kb.topics[topic].ask.format(roles=join(names) if len(names) < 3 else "these roles")
    intent = kb.topics[topic].intent
    if "{roles}" not in kb.topics[topic].ask or set(shown) == set(kb.main_roles) or several:
        return Suggestion(title, f"/{intent}")
    return Suggestion(title, f"/{intent}" + json.dumps({"role": list(shown)}))


def suggest(
    kb: KnowledgeBase, topics: Iterable[str], roles: Sequence[str], used: Iterable[str]
) -> tuple[Suggestion, ...]:
    """Up to three suggestions after an answer on ``topics`` for ``roles``; none whose title is in ``used``."""
    taken = set(used)
    found: list[Suggestion] = []
    for each in _candidates(kb, [t for t in dict.fromkeys(topics) if t in kb.topics], roles):
        if each.title not in taken:
            taken.add(each.title)
            found.append(each)
            if len(found) == MOST:
                break
    return tuple(found)


def _candidates(kb: KnowledgeBase, topics: Sequence[str], roles: Sequence[str]) -> Iterator[Suggestion]:
    """What may be asked next, the best first; nothing on which there are no facts."""
    if len(roles) == 1 and topics and kb.topics[topics[0]].comparable:
        other = tuple(role for role in kb.main_roles if role not in roles)[:1]
        if other and kb.facts_for(other[0], topics[0]):
            yield ask(kb, topics[0], other)
    following = [n for t in topics[:1] for n in kb.topics[t].next]
    for topic in following or kb.profile_topics[:2]:
        if _covered(kb, topic, roles):
            yield ask(kb, topic, roles)
    yield FIT_CHECK
    for topic in kb.topics:
        if _covered(kb, topic, roles):
            yield ask(kb, topic, roles)


def _covered(kb: KnowledgeBase, topic: str, roles: Sequence[str]) -> bool:
    return any(kb.facts_for(role, topic) for role in (roles or kb.main_roles))
