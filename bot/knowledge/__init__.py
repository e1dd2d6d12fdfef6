"""The facts of the bot: load them, check them, ask for them. Never imports Rasa."""

from bot.knowledge.base import KnowledgeBase
from bot.knowledge.checks import normalize_alias
from bot.knowledge.load import load_knowledge
from bot.knowledge.problems import KnowledgeError, Problem
from bot.knowledge.schema import (
    Entity,
    Fact,
    Figure,
    Lead,
    Pair,
    Role,
    Source,
    SourceKind,
    Topic,
    Uncovered,
    UncoveredItem,
)

__all__ = [
    "Entity",
    "Fact",
    "Figure",
    "KnowledgeBase",
    "KnowledgeError",
    "Lead",
    "Pair",
    "Problem",
    "Role",
    "Source",
    "SourceKind",
    "Topic",
    "Uncovered",
    "UncoveredItem",
    "load_knowledge",
    "normalize_alias",
]
