"""The machine-readable part of an answer: kind, topics, roles, facts and sources (DESIGN: the answer envelope)."""

from __future__ import annotations

from datetime import date, datetime, timezone
from typing import Any

from bot.advice import Answer, part_to_dict
from bot.knowledge import KnowledgeBase


def sources_of(kb: KnowledgeBase, answer: Answer, today: date | None = None) -> list[dict[str, Any]]:
    """Each source and section that the answer's facts come from, once, in order.

    A source that is out of date ``today`` (default: the day it is, UTC) has ``outdated_from`` as well.
    """
    today = today or datetime.now(timezone.utc).date()
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
        if source.outdated_from and source.is_outdated(today):
            found[(source.id, fact.section)]["outdated_from"] = source.outdated_from.isoformat()
    return list(found.values())


def source_line(kb: KnowledgeBase, answer: Answer, today: date | None = None) -> str | None:
    """ "Source: article title, sections", every source once; None for an answer without facts.

    A source that is out of date is said to be so: "Source: title, section (out of date since March 1, 2026)".
    """
    sections: dict[tuple[str, str], list[str]] = {}
    for source in sources_of(kb, answer, today):
        sections.setdefault((source["title"], source.get("outdated_from", "")), []).append(source["section"])
    if not sections:
        return None
    cited = [f"{title}, {_brief(names)}{_since(outdated)}" for (title, outdated), names in sections.items()]
    return f"Source{'s' if len(cited) > 1 else ''}: {'; '.join(cited)}"


def _since(outdated: str) -> str:
    return f" (out of date since {date.fromisoformat(outdated).strftime('%B %-d, %Y')})" if outdated else ""


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
