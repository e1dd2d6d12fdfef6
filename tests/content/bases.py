"""The project's knowledge base, and changed copies of it."""

from pathlib import Path
from typing import Any

from bot.knowledge import KnowledgeBase, load_knowledge

PROJECT = Path(__file__).resolve().parents[2]
KB = load_knowledge(PROJECT / "data" / "knowledge")


def changed(**more: Any) -> KnowledgeBase:
    records: dict[str, Any] = {name: list(getattr(KB, name).values()) for name in KB.__dataclass_fields__}
    return KnowledgeBase.of(**{name: [*values, *more.get(name, [])] for name, values in records.items()})
