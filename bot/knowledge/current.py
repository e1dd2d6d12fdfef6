"""The knowledge base that this process answers from."""

from __future__ import annotations

from functools import lru_cache

from bot.knowledge.base import KnowledgeBase
from bot.knowledge.load import load_knowledge
from bot.settings import Settings


@lru_cache(maxsize=1)
def knowledge() -> KnowledgeBase:
    """The knowledge base of ``KNOWLEDGE_DIR`` (default ``data/knowledge``), loaded on first use.

    Raises KnowledgeError if it cannot be used.
    """
    return load_knowledge(Settings.from_environment(only=("KNOWLEDGE_DIR",)).knowledge_dir)
