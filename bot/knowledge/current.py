"""The knowledge base that this process answers from."""

from __future__ import annotations

import os
from functools import lru_cache

from bot.knowledge.base import KnowledgeBase
from bot.knowledge.load import load_knowledge


@lru_cache(maxsize=1)
def knowledge() -> KnowledgeBase:
    """The knowledge base of ``KNOWLEDGE_DIR`` (default ``data/knowledge``), loaded on first use.

    ``SOURCES``, ids or kinds of sources with commas between them, limits it to those; unset or empty means all.

    Raises KnowledgeError if it cannot be used.
    """
    sources = [name.strip() for name in os.environ.get("SOURCES", "").split(",") if name.strip()]
    return load_knowledge(os.environ.get("KNOWLEDGE_DIR", "data/knowledge"), sources)
