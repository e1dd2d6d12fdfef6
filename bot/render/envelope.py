"""The machine-readable part of an answer: kind, topics, roles, facts and sources (DESIGN: the answer envelope)."""

from __future__ import annotations

from typing import Any

from bot.advice import Answer, part_to_dict
from bot.knowledge import KnowledgeBase


def sources_of(kb: KnowledgeBase, answer: Answer) -> list[dict[str, Any]]:
    """Each source and section that the answer's facts come from, once, in order."""
    found: dict[tuple[str, str], dict[str, Any]] = {}
    for fact_id in answer.facts:
        fact = kb.facts[fact_id]
        source = kb.sources[fact.source]
        found[(source.id, fact.section)] = {
            "title": source.title,
            "publisher": source.publisher,
            "date": source.date.isoformat(),
            "section": fact.section,
        }
    return list(found.values())


def source_line(kb: KnowledgeBase, answer: Answer) -> str | None:
    """ "Source: article title, sections", every source once; None for an answer without facts."""
    sections: dict[str, list[str]] = {}
    for source in sources_of(kb, answer):
        sections.setdefault(source["title"], []).append(source["section"])
    if not sections:
        return None
    cited = [f"{title}, {_brief(names)}" for title, names in sections.items()]
    return f"Source{'s' if len(cited) > 1 else ''}: {'; '.join(cited)}"


def envelope(kb: KnowledgeBase, answer: Answer) -> dict[str, Any]:
    """The ``custom`` object of the message; ``parts`` is for channels and is not sent over REST."""
    parts = [part_to_dict(part) for part in answer.parts]
    line = source_line(kb, answer)
    if line:
        parts.append({"type": "source", "text": line})
    return {
        "kind": answer.kind,
        "topics": list(answer.topics),
        "roles": list(answer.roles),
        "facts": list(answer.facts),
        "sources": sources_of(kb, answer),
        "parts": parts,
    }


def _brief(names: list[str]) -> str:
    return ", ".join(names) if len(names) <= 2 else f"{names[0]} and {len(names) - 1} more sections"
