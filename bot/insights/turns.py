"""One conversation as turns: what somebody wrote, what kind of answer came back, and what they thought of it."""

from __future__ import annotations

import json
from collections import deque
from collections.abc import Iterator
from dataclasses import dataclass, field
from sys import intern
from typing import Any

from bot.insights.source import Conversation

NO_KIND = "not recorded"
"""The kind of answers that say nothing about themselves: those in the console, where only text is sent."""

DISTRESS = "distress"
"""The intent of messages in distress, and the kind that they are counted as. What they say is never shown."""

_MAYBE_DISTRESS = 0.25
"""From this probability on a message may be one in distress that was not read as one, and is treated alike."""

_KEPT_CANDIDATES = 6

_REMEMBERED = 200
_LONGEST = 300


@dataclass
class Part:
    """One question of a message as the bot read it.

    ``ranking`` are intents, ``candidates`` what it may be about (ids of facts, ``uncovered:`` and the id of a kind,
    ``off:`` and a name), each with its probability, best first. Conversations of version 0.1 have no candidates.
    """

    text: str
    intent: str
    ranking: list[tuple[str, float]]
    candidates: tuple[tuple[str, float], ...] = ()


@dataclass
class Turn:
    """A message and the answer to it.

    ``payload``: it came from a button; ``distress``: somebody is, or may be, in distress; ``outdated``: sources out of
    date by then.
    """

    time: float
    channel: str
    intent: str
    payload: bool
    parts: list[Part]
    distress: bool = False
    message_id: str = ""
    kind: str = ""
    topics: list[str] = field(default_factory=list)
    roles: list[str] = field(default_factory=list)
    facts: list[str] = field(default_factory=list)
    outdated: list[str] = field(default_factory=list)


@dataclass
class Rating:
    """A thumb up or down, with the message it is about as far as that is known."""

    time: float
    rating: str
    reason: str
    facts: list[str]
    text: str


@dataclass
class FitState:
    """How far a fit check is after a turn; ``outcome`` are the roles of the recommendation given in that turn."""

    time: float
    answers: int
    active: bool
    tie: bool
    outcome: list[str] | None


def items_of(conversation: Conversation) -> Iterator[Turn | Rating | FitState]:
    """What happened in a conversation. Rows that make no sense are passed over: one must not cost the report."""
    turn: Turn | None = None
    recent: deque[Turn] = deque(maxlen=_REMEMBERED)
    outcome: list[str] | None = None
    for kind, time, data in conversation.rows:
        try:
            event = _read(data)
        except ValueError:
            continue
        if not isinstance(event, dict):
            continue
        if kind == "user":
            if turn:
                yield turn
            turn, outcome = _turn(event, time), None
            if turn:
                recent.append(turn)
        elif kind == "bot":
            envelope = _envelope(event)
            if turn and envelope:
                _answered(turn, envelope)
            if envelope and envelope.get("kind") == "recommendation":
                outcome = _texts(envelope.get("roles"))
        elif kind == "slot":
            item = _rating(event, time, recent) or _fit(event, time, outcome)
            if item:
                yield item
    if turn:
        yield turn


def _read(data: str) -> Any:
    """An event without halves of surrogate pairs, which can be neither embedded nor written. Raises ValueError."""
    event = json.loads(data)
    if "\\ud" in data.lower():
        event = json.loads(json.dumps(event, ensure_ascii=False).encode("utf-8", "replace"))
    return event


def _turn(event: dict[str, Any], time: float) -> Turn | None:
    text = event.get("text")
    parsed = event.get("parse_data")
    if not isinstance(text, str) or not text.strip() or not isinstance(parsed, dict):
        return None
    intent = _name(parsed.get("intent"))
    questions = _dicts(parsed.get("questions"))
    parts = [part for each in questions if (part := _part(each))]
    distress = DISTRESS in (intent, *(part.intent for part in parts)) or any(_may_be_distress(q) for q in questions)
    if len(parts) < 2:
        # For one question the whole message says it best: its own words, before typing errors were mended.
        ranking = parts[0].ranking if parts else _ranking(parsed.get("intent_ranking"))
        parts = [Part(text[:_LONGEST], intent, ranking, parts[0].candidates if parts else ())]
    return Turn(
        time=time,
        channel=_text(event.get("input_channel")) or "unknown",
        intent=intent,
        payload=text.startswith("/"),
        parts=parts,
        distress=distress,
        message_id=_text(event.get("message_id")),
    )


def _part(question: dict[str, Any]) -> Part | None:
    text = _text(question.get("text"))
    if not text:
        return None
    return Part(
        text[:_LONGEST],
        _name(question.get("intent")),
        _ranking(question.get("ranking")),
        _candidates(question.get("candidates")),
    )


def _may_be_distress(question: dict[str, Any]) -> bool:
    urgent = question.get("urgent")
    return isinstance(urgent, (int, float)) and urgent >= _MAYBE_DISTRESS


def _candidates(value: Any) -> tuple[tuple[str, float], ...]:
    found = []
    for each in value[:_KEPT_CANDIDATES] if isinstance(value, list) else ():
        key, _, share = each if isinstance(each, list) and len(each) == 3 else (None, None, None)
        if isinstance(key, str) and isinstance(share, (int, float)) and not isinstance(share, bool):
            # The same few keys come with every message: one copy of each is enough.
            found.append((intern(key[:_LONGEST]), float(share)))
    return tuple(found)


def _ranking(value: Any) -> list[tuple[str, float]]:
    found = []
    for each in value if isinstance(value, list) else ():
        if isinstance(each, dict):
            each = [each.get("name"), each.get("confidence")]
        name, share = each if isinstance(each, list) and len(each) == 2 else (None, None)
        if isinstance(name, str) and isinstance(share, (int, float)):
            found.append((name, float(share)))
    return found


def _envelope(event: dict[str, Any]) -> dict[str, Any] | None:
    # Responses of the domain carry their kind in their own metadata, which Rasa puts into the event's.
    for holder in (_dict(event.get("data")).get("custom"), _dict(event.get("metadata")).get("metadata")):
        if isinstance(holder, dict) and isinstance(holder.get("kind"), str):
            return holder
    return None


def _answered(turn: Turn, envelope: dict[str, Any]) -> None:
    turn.kind = envelope["kind"]
    for name in ("topics", "roles", "facts"):
        mine: list[str] = getattr(turn, name)
        mine.extend(text for text in _texts(envelope.get(name)) if text not in mine)
    for source in _dicts(envelope.get("sources")):
        name = ", ".join(_texts([source.get("title"), source.get("edition") or source.get("date")]))
        if name and _text(source.get("outdated_from")) and name not in turn.outdated:
            turn.outdated.append(name)


def _rating(event: dict[str, Any], time: float, recent: deque[Turn]) -> Rating | None:
    value = event.get("value")
    if event.get("name") != "feedback" or not isinstance(value, dict) or value.get("rating") not in ("up", "down"):
        return None
    facts = _texts(value.get("facts"))
    answered = _text(value.get("message_id")).rpartition(".")[0]
    about = next((turn for turn in reversed(recent) if answered and turn.message_id == answered), None)
    if about is None:
        about = next((turn for turn in reversed(recent) if facts and turn.facts == facts), None)
    if about is None and recent:
        about = recent[-1]
    quoted = about and not about.payload and not about.distress
    text = " / ".join(part.text for part in about.parts) if about and quoted else ""
    return Rating(time, value["rating"], _text(value.get("reason")) or "none given", facts, text[:_LONGEST])


def _fit(event: dict[str, Any], time: float, outcome: list[str] | None) -> FitState | None:
    fit = _dict(event.get("value")).get("fit") if event.get("name") == "context" else None
    if not isinstance(fit, dict) or not isinstance(fit.get("answers"), list):
        return None
    return FitState(time, len(fit["answers"]), bool(fit.get("active")), bool(fit.get("tie")), outcome)


def _name(intent: Any) -> str:
    name = intent.get("name") if isinstance(intent, dict) else intent
    return name if isinstance(name, str) and name else "nlu_fallback"


def _text(value: Any) -> str:
    return value if isinstance(value, str) else ""


def _texts(value: Any) -> list[str]:
    return [text for text in value if isinstance(text, str)] if isinstance(value, list) else []


def _dict(value: Any) -> dict[str, Any]:
    return value if isinstance(value, dict) else {}


def _dicts(value: Any) -> list[dict[str, Any]]:
    return [each for each in value if isinstance(each, dict)] if isinstance(value, list) else []
