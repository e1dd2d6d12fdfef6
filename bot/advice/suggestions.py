"""Up to three next questions that fit what was asked and were not asked or offered yet."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Sequence

from bot.advice.answer import Suggestion
from bot.advice.wording import join
from bot.knowledge import KnowledgeBase

MOST = 3

_NEXT = {
    "definition": ("focus_areas", "skills", "choosing"),
    "focus_areas": ("skills", "tools", "projects"),
    "skills": ("tools", "projects", "career_paths"),
    "tools": ("projects", "skills", "focus_areas"),
    "projects": ("tools", "skills", "career_paths"),
    "career_paths": ("trends", "choosing", "skills"),
    "choosing": ("focus_areas", "synergy", "career_paths"),
    "synergy": ("trends", "focus_areas", "choosing"),
    "trends": ("career_paths", "choosing", "synergy"),
}
_INTENTS = {
    "definition": "ask_definition",
    "focus_areas": "ask_focus_areas",
    "skills": "ask_skills",
    "tools": "ask_tools",
    "projects": "ask_projects",
    "career_paths": "ask_career_paths",
    "choosing": "ask_choosing",
    "synergy": "ask_synergy",
    "trends": "ask_trends",
}
INTENT_TOPICS = {intent: topic for topic, intent in _INTENTS.items()}

FIT_CHECK = Suggestion("Which role fits me?", "/start_fit_check")


def ask(kb: KnowledgeBase, topic: str, roles: Sequence[str]) -> Suggestion:
    """The suggestion to ask about ``topic`` for ``roles`` (all roles when empty)."""
    shown = tuple(roles) or tuple(kb.roles)
    if topic == "synergy":  # is always about all who work together
        shown = kb.roles_on(topic) or shown
    names = [kb.roles[role].plural for role in shown]
    title = kb.topics[topic].ask.format(roles=join(names) if len(names) < 3 else "these roles")
    if "{roles}" not in kb.topics[topic].ask or len(shown) == len(kb.roles) or topic == "synergy":
        return Suggestion(title, f"/{_INTENTS[topic]}")
    return Suggestion(title, f"/{_INTENTS[topic]}" + json.dumps({"role": list(shown)}))


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
    """What may be asked next, the best first."""
    if len(roles) == 1 and topics and topics[0] not in ("choosing", "synergy", "trends", "definition"):
        yield ask(kb, topics[0], tuple(role for role in kb.roles if role not in roles)[:1])
    for topic in [n for t in topics[:1] for n in _NEXT.get(t, ())] or ["focus_areas", "skills", "choosing"]:
        yield ask(kb, topic, roles)
    yield FIT_CHECK
    for topic in kb.topics:
        yield ask(kb, topic, roles)
