"""One question in its conversation, with the roles it is about and its candidates worked out."""

from __future__ import annotations

from dataclasses import dataclass

from bot.advice.question import Context, Question
from bot.advice.ranking import Ranking, rank
from bot.knowledge import KnowledgeBase


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
