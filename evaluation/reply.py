"""What a person got, from whichever bot was asked."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Protocol


@dataclass(frozen=True)
class Reply:
    """What a person gets, and how their message was read."""

    text: str
    kind: str
    facts: tuple[str, ...] = ()
    roles: tuple[str, ...] = ()
    topics: tuple[str, ...] = ()
    buttons: tuple[str, ...] = ()
    intent: str = ""
    parse: Mapping[str, Any] = field(default_factory=dict)
    parts: tuple[Mapping[str, Any], ...] = ()

    @classmethod
    def of(
        cls, messages: Sequence[Mapping[str, Any]], intent: str = "", parse: Mapping[str, Any] | None = None
    ) -> Reply:
        """The reply that messages of the REST channel are, with how the question was read where that is known."""
        custom: Mapping[str, Any] = next((m["custom"] for m in reversed(messages) if m.get("custom")), {})
        return cls(
            "\n".join(m.get("text") or "" for m in messages),
            str(custom.get("kind", "")),
            tuple(custom.get("facts", ())),
            tuple(custom.get("roles", ())),
            tuple(custom.get("topics", ())),
            tuple(b["title"] for m in messages for b in m.get("buttons") or ()),
            intent,
            parse or {},
            tuple(custom.get("parts", ())),
        )


class Talk(Protocol):
    """A conversation that is going on."""

    def ask(self, message: str) -> Reply:
        """Send a message and return the reply."""
