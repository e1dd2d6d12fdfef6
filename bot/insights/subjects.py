"""What a question was about: by what the bot found nearest to it, not by the name of an intent.

Most questions share one intent (``ask_fact``), and names of intents have changed. What is stored with a question are
its candidates with their probabilities; of conversations from before there were any, the intent says what it can.
"""

from __future__ import annotations

from collections.abc import Iterable

from bot.insights.turns import Part
from bot.knowledge import KnowledgeBase
from bot.language.candidates import OFF_TOPIC as STRAY
from bot.language.candidates import UNCOVERED

OFF_TOPIC = "off_topic"
"""The subject of what is none of ours."""

RENAMED = {
    "uncovered_salary": "ask_pay",
    "uncovered_education": "ask_education",
    "uncovered_hiring_process": "ask_hiring",
    "uncovered_how_to_become": "ask_how_to_start",
    "uncovered_job_market": "ask_job_market",
    "uncovered_mathematics": "ask_mathematics",
    "uncovered_programming": "ask_programming",
    "uncovered_other_roles": "ask_other_roles",
    "uncovered_ai_impact": "ask_ai_impact",
    "ask_why": "why",
}
"""Intents that had another name in conversations of version 0.1."""

_ASKED = ("ask_", "uncovered_", "offtopic_")
_FALLBACK = "nlu_fallback"
_SHAPES = frozenset({"ask_difference", "ask_role_profile", "ask_source"})
"""Intents that say more about a question than the fact nearest to it."""


def present(intent: str) -> str:
    """What the intent is called now."""
    return RENAMED.get(intent, intent)


def asks(part: Part) -> bool:
    """Whether the bot read a question in it, of whatever kind, and not talk."""
    return part.intent.startswith(_ASKED) or part.intent == _FALLBACK


def covered(part: Part) -> float:
    """The summed probability of the facts among its candidates."""
    return sum(share for key, share in part.candidates if not key.startswith((UNCOVERED, STRAY)))


def uncovered(candidates: Iterable[tuple[str, float]]) -> float:
    """The summed probability of what no source covers."""
    return sum(share for key, share in candidates if key.startswith(UNCOVERED))


class Subjects:
    """The subjects of a knowledge base: its topics, what it says is not covered, and off topic."""

    def __init__(self, kb: KnowledgeBase) -> None:
        self._kb = kb

    def of(self, part: Part) -> str:
        """The id of a topic, ``uncovered:`` and the id of a kind, ``off_topic``, or the name of an intent."""
        intent = present(part.intent)
        if intent in _SHAPES or not asks(part):
            return intent
        if part.candidates:
            return self._nearest(part)
        kind = intent.removeprefix("uncovered_")
        if intent.startswith("offtopic_"):
            return OFF_TOPIC
        return UNCOVERED + kind if intent != kind else self._kb.topic_of_intent.get(intent, intent)

    def name(self, subject: str) -> str:
        """How it is called in a report."""
        kind = subject.removeprefix(UNCOVERED)
        if subject in self._kb.topics:
            return self._kb.topics[subject].name
        if kind != subject:
            return f"{self._kb.uncovered[kind].name if kind in self._kb.uncovered else kind} (not covered)"
        return _SPOKEN.get(subject, subject.removeprefix("ask_").replace("_", " "))

    def is_question(self, subject: str) -> bool:
        """Whether it is what people ask about, and not how they talk."""
        return subject in self._kb.topics or subject.startswith(UNCOVERED) or subject in _SPOKEN

    def _nearest(self, part: Part) -> str:
        stray = sum(share for key, share in part.candidates if key.startswith(STRAY))
        open_, ours = uncovered(part.candidates), covered(part)
        if stray > max(open_, ours):
            return OFF_TOPIC
        for key, _ in part.candidates:
            if open_ >= ours and key.startswith(UNCOVERED):
                return key
            if open_ < ours and key in self._kb.facts:
                return self._kb.facts[key].topic
        return present(part.intent)


_SPOKEN = {
    OFF_TOPIC: "Off topic",
    "ask_difference": "How the roles differ",
    "ask_role_profile": "What a role is like",
    "which_fits": "Which role fits",
    "which_is_better": "Which role is better",
    "pros_and_cons": "Pros and cons",
    _FALLBACK: "Not understood",
}
