"""What a person got, from whichever bot was asked."""

from __future__ import annotations

from collections.abc import Mapping
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


class Talk(Protocol):
    """A conversation that is going on."""

    def ask(self, message: str) -> Reply:
        """Send a message and return the reply."""
