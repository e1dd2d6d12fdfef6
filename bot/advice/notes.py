"""What a question asks beyond the facts: a ranking, a personal opinion. The answer says that the source has none."""

from __future__ import annotations

import re

from bot.advice.question import Question
from bot.advice.wording import told
from bot.knowledge import KnowledgeBase

_RANKING = re.compile(
    r"\b(top \w+|best|most (?:important|useful|popular|common|valuable|relevant|wanted)|hot|hottest|favou?rite)\b"
)
_OPINION = re.compile(
    r"\b(in your (?:opinion|experience|view|job|work|career)|your (?:experience|opinion)"
    r"|do you (?:think|like|use|feel|find|work)"
    r"|are you (?:using|struggling|working)|(?:got|helped|taught) you|you (?:struggle|prefer|recommend))\b"
)
_REASONS = re.compile(r"\b(why|what is the deal|how come)\b")
_ANSWERED_ALL_THE_SAME = frozenset({"ask_choosing", "ask_difference", "ask_who", "ask_if_role_does", "ask_trends"})


def limits(kb: KnowledgeBase, question: Question) -> str | None:
    """A sentence on what the source does not say in answer to ``question``, or None."""
    if _OPINION.search(question.text):
        return f"I have no experience or opinion of my own and only know what {told(kb, 'says', 'the')}."
    undefined = [kb.entities[t].name for t in question.things if t in kb.entities]
    if question.intent == "ask_definition" and question.roles and undefined:
        return f"{told(kb, 'does not define')} {undefined[0]}."
    if question.intent == "ask_about_thing" and _REASONS.search(question.text):
        return f"{told(kb, 'does not go')} into reasons beyond that."
    if question.intent not in _ANSWERED_ALL_THE_SAME and _RANKING.search(question.text):
        return f"{told(kb, 'does not rank')} them."
    return None
