"""Typed payloads: ``/intent{"entity": "value"}`` says what a message means, past all understanding of language.

Buttons use them, and so may anybody who writes a message. Only intents that a visitor may trigger are let through.
"""

from __future__ import annotations

import json
import re
from typing import Any

from bot.channels.text import is_clean

# What Rasa does by itself for these would end a session, undo a turn, or leave a message without an answer.
_BUILT_IN = frozenset({"restart", "back", "session_start", "out_of_scope", "nlu_fallback"})
_INTERNAL = "internal_"
_NAME = re.compile(r"[A-Za-z]\w*", re.ASCII)
_PAYLOAD = re.compile(r"/([A-Za-z]\w*)(\{.*\})?", re.ASCII | re.DOTALL)


def public_intent(name: str) -> bool:
    """Whether a visitor may trigger the intent by its name."""
    return bool(_NAME.fullmatch(name)) and name not in _BUILT_IN and not name.startswith(_INTERNAL)


def without_payload(text: str) -> str:
    """The text with its slashes taken off, unless it is a payload that a visitor may send."""
    text = text.strip()
    if not text.startswith("/") or _allowed(text):
        return text
    plain = text
    while plain.startswith("/"):
        plain = plain.lstrip("/").strip()
    # Slashes alone name no intent.
    return plain or "/"


def _allowed(text: str) -> bool:
    payload = _PAYLOAD.fullmatch(text)
    if not payload:
        return False
    name, entities = payload.groups()
    return public_intent(name) and (entities is None or _plain_entities(entities))


def _plain_entities(text: str) -> bool:
    try:
        entities = json.loads(text, parse_constant=_refuse)
    except (ValueError, RecursionError):
        return False
    return isinstance(entities, dict) and all(
        all(_plain(each) for each in (value if isinstance(value, list) else [value])) for value in entities.values()
    )


def _plain(value: Any) -> bool:
    return isinstance(value, (bool, int, float)) or (isinstance(value, str) and is_clean(value))


def _refuse(constant: str) -> None:
    raise ValueError(constant)
