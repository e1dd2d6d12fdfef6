"""The knowledge base that this process answers from."""

from __future__ import annotations

from functools import lru_cache
from pathlib import Path

from bot.knowledge.base import KnowledgeBase
from bot.knowledge.load import load_knowledge
from bot.settings import Settings


@lru_cache(maxsize=1)
def knowledge() -> KnowledgeBase:
    """The knowledge base of ``KNOWLEDGE_DIR`` (default ``data/knowledge``), loaded on first use.

    ``SOURCES``, ids or kinds of sources with commas between them, limits it to those; unset or empty means all.

    Raises KnowledgeError if it cannot be used.
    """
    settings = Settings.from_environment(only=("KNOWLEDGE_DIR", "SOURCES"))
    return load_knowledge(settings.knowledge_dir, settings.sources)


def knowledge_folder() -> Path:
    """The folder of its files, as ``KNOWLEDGE_DIR`` names it."""
    return Settings.from_environment(only=("KNOWLEDGE_DIR",)).knowledge_dir
