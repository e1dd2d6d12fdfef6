"""One question in its conversation, with the roles it is about and its candidates worked out."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace

from bot.advice.question import Context, Question
from bot.advice.ranking import Ranking, rank
from bot.knowledge import KnowledgeBase, Role
from bot.language.wording import wording


@dataclass(frozen=True)
class Case:
    """One question in its conversation."""

    kb: KnowledgeBase
    question: Question
    context: Context
    roles: tuple[str, ...]
    named: bool
    """Whether the question or the conversation names a role (False: all roles)."""
    ranking: Ranking

    @classmethod
    def of(cls, kb: KnowledgeBase, question: Question, context: Context) -> Case:
        """Work out what ``question`` is about."""
        question = _with_roles_meant(kb, question, context)
        roles, named = resolve_roles(kb, question, context)
        return cls(kb, question, context, roles, named, rank(kb, question, context, question.roles))

    @property
    def compared(self) -> tuple[str, ...]:
        """The roles of a comparison: those named, one named with those before it, those before it, or all."""
        named, before = self.question.roles, self.context.roles if self.context.fresh else ()
        if len(named) > 1:
            return named
        several = tuple(role for role in self.kb.roles if role in {*named, *before})
        if len(several) > 1:
            return several
        main = tuple(self.kb.main_roles)
        return main if not named or named[0] in main else (*named, *main)


def _with_roles_meant(kb: KnowledgeBase, question: Question, context: Context) -> Question:
    """The question with "the other one" as the role that it is, and without a role that it is said not to be about."""
    if not question.roles and context.fresh and len(context.roles) == 1 and wording().says("the_other", question.text):
        return replace(question, roles=tuple(role for role in kb.main_roles if role not in context.roles))
    if len(question.roles) > 1:
        meant = tuple(role for role in question.roles if not _is_denied(kb.roles[role], question.text))
        asked = tuple(role for role in meant if not _is_background(kb.roles[role], question.text))
        return replace(question, roles=asked or meant or question.roles)
    return question


def _is_background(role: Role, text: str) -> bool:
    """Whether a role is only who asks: "I'm a backend developer, what would I miss for ML?"."""
    names = "|".join(re.escape(name) for name in (role.name.lower(), *role.aliases))
    found = re.search(rf"(.*?)\b(?:{names})s?\b", text)
    return role.secondary and found is not None and wording().says("background", found.group(1))


def _is_denied(role: Role, text: str) -> bool:
    names = "|".join(re.escape(name) for name in (role.name.lower(), role.plural.lower(), *role.aliases))
    return re.search(rf"\b(?:not|not mean|instead of|rather than) (?:the |an? )?(?:{names})\b", text) is not None


def resolve_roles(kb: KnowledgeBase, question: Question, context: Context) -> tuple[tuple[str, ...], bool]:
    """The roles a question is about: named in it, or in a fresh conversation, or all; and whether they were named."""
    if question.roles:
        return question.roles, True
    main = tuple(kb.main_roles)
    if question.mentions("both", "two", "either"):
        recent = context.roles if context.fresh and len(context.roles) == 2 else ()
        return recent or main, True
    if context.fresh and context.roles:
        return context.roles, len(context.roles) < len(main)
    return main, False
