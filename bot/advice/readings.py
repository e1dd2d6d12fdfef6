"""Second thoughts about an intent: readings that the words of a question rule out give way to the next likely one."""

from __future__ import annotations

import re
from collections.abc import Sequence
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
_WHOSE = re.compile(r"^(?:is|are) .*\b(?:for|used by|part of|something for)\b.* or ")
_INSTRUCTIONS = re.compile(r"how (?:(?:do|can|should|would|could) (?:i|you|we|one|people)|to)\b")
_LIKES = re.compile(
    r"\b(?:i (?:really |truly |just |also )?(?:love|like|enjoy|prefer|adore|hate|dislike|do not (?:like|enjoy)"
    r"|cannot stand|am (?:good at|great at|into|passionate about|interested in|not interested in|bored by|tired of))"
    r"|my (?:passions?|strengths?|hobby|hobbies) (?:is|are))\b"
)
_FOR_ME = re.compile(r"\b(?:(?:fits?|suits?|matches|for) me|should i|would i)\b")
_ASKS = re.compile(
    r"\?|\b(?:what|which|who|how|where|when|why|whose)\b"
    r"|^(?:do|does|is|are|can|could|should|will|tell|explain|describe)\b"
)
_ABOUT = re.compile(
    r"(?:please )?(?:tell me|what does (?:the|your) (?:article|source) say|what do you know) (?:more )?about\b"
)
_SAYS_WHO = re.compile(r"(?:says|said) who\b|who says\b")
_LIKELY_ENOUGH = 0.03
_CERTAIN = 0.6


def names_a_job(kb: KnowledgeBase, text: str) -> bool:
    """Whether a normalised text speaks of a job, as opposed to the field (\"machine learning\")."""
    nouns = {
        word for role in kb.roles.values() for word in (role.name.lower().split()[-1], role.plural.lower().split()[-1])
    }
    return bool(_JOB_WORDS.search(text)) or not nouns.isdisjoint(re.findall(r"\w+", text))


def asks(text: str) -> bool:
    """Whether a normalised text is put as a question or request."""
    return bool(_ASKS.search(text))


def joined(questions: Sequence[Question]) -> list[Question]:
    """The questions of a message, with "I love Spark" and "which role fits me" as the one question that they are."""
    found: list[Question] = []
    for question in questions:
        before = found[-1] if found else None
        bare = not (question.roles or question.things or question.uncovered)
        if before and bare and _FOR_ME.search(question.text) and _says_what_they_like(before):
            found[-1] = replace(before, text=f"{before.text}, {question.text}", intent="tell_about_me")
        else:
            found.append(question)
    return found


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
    if _says_what_they_like(question):
        return "tell_about_me"
    if _SAYS_WHO.match(text):
        return "ask_source"
    if _ABOUT.match(text) and question.things and not roles and not question.topics:
        return "ask_about_thing"
    if question.confidence >= _CERTAIN and question.intent.startswith("ask_"):
        return None
    if len(roles) > 1 and _DIFFERENCE.search(text) and not question.uncovered and not question.things:
        return "ask_difference"
    if len(roles) > 1 and _EITHER_OR.search(text) and not question.uncovered and not question.things:
        return "ask_choosing"
    if len(roles) > 1 and question.things and _WHOSE.search(text):
        return "ask_who"
    if question.things and _WHICH_ROLE.search(text) and question.intent.startswith("ask_"):
        return "ask_who"
    if _INSTRUCTIONS.match(text) and question.intent in ("ask_projects", "ask_focus_areas", "ask_tools"):
        return "ask_how_to"
    return None


def _says_what_they_like(question: Question) -> bool:
    """ "I love robotics, which role fits me?" and "I like FPGAs", whatever else their words sound like."""
    text = question.text
    if (
        not _LIKES.search(text)
        or len(question.roles) == 1
        or not question.intent.startswith(("ask_", "uncovered_", "nlu_"))
    ):
        return False
    chooses = _FOR_ME.search(text) or (question.roles and re.search(r"\bor\b", text))
    return bool(chooses and (question.things or question.hits)) or bool(question.things and not asks(text))


def _ruled_out(kb: KnowledgeBase, question: Question, intent: str) -> bool:
    if intent == "tell_about_me":
        return not _FIRST_PERSON.search(question.text)
    if intent == "uncovered_other_roles":
        kind = kb.uncovered.get("other_roles")
        others = {item.id for item in kind.items} if kind else set()
        return bool(question.roles) and not others & set(question.uncovered) and "data_science" not in question.things
    return False
