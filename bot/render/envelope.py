"""The machine-readable part of an answer: kind, topics, roles, facts and sources (docs/architecture.md)."""

from __future__ import annotations

from typing import Any

from bot.advice import Answer, part_to_dict
from bot.knowledge import KnowledgeBase
from bot.render.sources import credits_of, entries


def envelope(kb: KnowledgeBase, answer: Answer) -> dict[str, Any]:
    """The ``custom`` object of the message; ``parts`` is for channels and is not sent over REST."""
    parts = [part_to_dict(part) for part in answer.parts]
    credits = credits_of(kb, answer)
    if credits:
        parts.append(credits.to_dict())
    return {
        "kind": answer.kind,
        "topics": list(answer.topics),
        "roles": list(answer.roles),
        "facts": list(answer.facts),
        "sources": entries(kb, answer),
        "parts": parts,
    }
