"""Second thoughts about an intent: readings that the words of a question rule out give way to the next likely one."""

from __future__ import annotations

import re
from dataclasses import replace

from bot.advice.question import Question
from bot.knowledge import KnowledgeBase

_FIRST_PERSON = re.compile(r"\b(i|i'm|i'd|i've|my|me|myself|mine|years?)\b")
_JOB_WORDS = re.compile(
    r"\b(engineer\w*|mles?|aies?|developers?|role|roles|job|jobs|career|careers|position|specialists?|people|guys?|experts?)\b"
)
_DIFFERENCE = re.compile(r"\b(differ\w*|vs|versus|compare[ds]?|comparison|distinguish\w*|distinct\w*|contrast)\b")
_EITHER_OR = re.compile(r"\b(should|which|better|choose|pick|become|recommend|go for)\b.*\bor\b")
_WHICH_ROLE = re.compile(r"\b(which|what) (?:kind of |sort of |of the )?(?:role|engineer|job|profession|career)\b")
_INSTRUCTIONS = re.compile(r"how (?:(?:do|can|should|would|could) (?:i|you|we|one|people)|to)\b")
_LIKELY_ENOUGH = 0.03
_CERTAIN = 0.6


def names_a_job(text: str) -> bool:
    """Whether a normalised text speaks of a job, as opposed to the field (\"machine learning\")."""
    return bool(_JOB_WORDS.search(text))


def plausible(kb: KnowledgeBase, question: Question) -> Question:
    """The question with its intent, or with the likeliest one that its words do not rule out."""
    intent = _by_wording(question)
    if intent and intent != question.intent:
        return replace(question, intent=intent)
    if not question.text or not question.ranking or not _ruled_out(kb, question, question.intent):
        return question
    for name, probability in question.ranking:
        if probability >= _LIKELY_ENOUGH and name != question.intent and not _ruled_out(kb, question, name):
            return replace(question, intent=name, confidence=probability)
    return question


def _by_wording(question: Question) -> str | None:
    """The intent that the wording leaves no doubt about, where the classifier has some."""
    text, roles = question.text, set(question.roles)
    if question.confidence >= _CERTAIN and question.intent.startswith("ask_"):
        return None
    if len(roles) > 1 and _DIFFERENCE.search(text) and not question.uncovered and not question.things:
        return "ask_difference"
    if len(roles) > 1 and _EITHER_OR.search(text) and not question.uncovered and not question.things:
        return "ask_choosing"
    if question.things and _WHICH_ROLE.search(text) and question.intent.startswith("ask_"):
        return "ask_who"
    if _INSTRUCTIONS.match(text) and question.intent in ("ask_projects", "ask_focus_areas", "ask_tools"):
        return "ask_how_to"
    return None


def _ruled_out(kb: KnowledgeBase, question: Question, intent: str) -> bool:
    if intent == "tell_about_me":
        return not _FIRST_PERSON.search(question.text)
    if intent == "uncovered_other_roles":
        kind = kb.uncovered.get("other_roles")
        others = {item.id for item in kind.items} if kind else set()
        return bool(question.roles) and not others & set(question.uncovered) and "data_science" not in question.things
    return False
