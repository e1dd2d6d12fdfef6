"""One question in its conversation, with the roles it is about worked out."""

from __future__ import annotations

from dataclasses import dataclass

from bot.advice.question import Context, Question
from bot.knowledge import KnowledgeBase


@dataclass(frozen=True)
class Case:
    """One question in its conversation, with the roles it is about already worked out."""

    kb: KnowledgeBase
    question: Question
    context: Context
    roles: tuple[str, ...]
    named: bool
    """Whether the question or the conversation names a role (False: all roles)."""

    @property
    def compared(self) -> tuple[str, ...]:
        """The roles of a comparison: those named, one named with those before it, those before it, or all."""
        named, before = self.question.roles, self.context.roles if self.context.fresh else ()
        if len(named) > 1:
            return named
        several = tuple(role for role in self.kb.roles if role in {*named, *before})
        return several if len(several) > 1 else tuple(self.kb.roles)


def resolve_roles(kb: KnowledgeBase, question: Question, context: Context) -> tuple[tuple[str, ...], bool]:
    """The roles a question is about: named in it, or in a fresh conversation, or all; and whether they were named."""
    if question.roles:
        return question.roles, True
    if question.mentions("both", "two"):
        recent = context.roles if context.fresh and len(context.roles) == 2 else ()
        return recent or tuple(kb.roles), True
    if context.fresh and context.roles:
        return context.roles, len(context.roles) < len(kb.roles)
    return tuple(kb.roles), False
