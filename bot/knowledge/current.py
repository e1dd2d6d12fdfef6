"""The knowledge base that this process answers from."""

from __future__ import annotations

import os
from collections.abc import Mapping
from functools import lru_cache

from bot.knowledge.base import KnowledgeBase
from bot.knowledge.load import load_knowledge
from bot.knowledge.problems import KnowledgeError


@lru_cache(maxsize=1)
def knowledge() -> KnowledgeBase:
    """The knowledge base of ``KNOWLEDGE_DIR`` (default ``data/knowledge``), loaded on first use.

    ``SOURCES``, ids or kinds of sources with commas between them, limits it to those; unset or empty means all.

    Raises KnowledgeError if it cannot be used.
    """
    return load_knowledge(os.environ.get("KNOWLEDGE_DIR") or "data/knowledge", chosen_sources())


def chosen_sources(environment: Mapping[str, str] = os.environ) -> tuple[str, ...]:
    """The ids and kinds of sources in ``SOURCES``, each once and sorted; none means all."""
    names = (name.strip() for name in environment.get("SOURCES", "").split(","))
    return tuple(sorted({name for name in names if name}))


def unusable_sources() -> str | None:
    """What is wrong with ``SOURCES``, in one line; None where it can be used or is not set."""
    if not chosen_sources():
        return None
    try:
        knowledge()
    except KnowledgeError as error:
        return str(error.problems[0])
    return None
