"""Synthetic conversation stores with known counts: for the benchmark of the insights, their tests and pictures.

Rows look like those that the server stores, with the sizes of real ones: a message takes seven events.
"""

from __future__ import annotations

import json
import random
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa

from bot.stores.migrations import prepare
from bot.stores.schema import conversations, events

_PADDING: list[tuple[str, float, float]] = [
    (f"ml_engineer.tools.detail_{number}", 9 - number / 10, 0.0004) for number in range(24)
]
QUESTIONS: tuple[tuple[str, str, str, str, str], ...] = (
    ("what tools do ml engineers use", "ask_tools", "answer", "tools", "ml_engineer.tools.overview"),
    ("which skills does an ai engineer need", "ask_skills", "answer", "skills", "ai_engineer.skills.overview"),
    ("what do ai engineers build", "ask_projects", "answer", "projects", "ai_engineer.projects.overview"),
    ("how do the two roles differ", "ask_difference", "answer", "focus_areas", "ai_engineer.focus_areas.overview"),
    ("how much does a {level} ml engineer earn in india", "ask_pay", "declined", "", "uncovered:pay_india"),
    ("what does a {level} ml engineer earn in germany", "ask_fact", "declined", "", "uncovered:pay_germany"),
    ("how long does it take to become an ai engineer {level}", "ask_fact", "declined", "", "uncovered:duration"),
    ("can i do this job from home {place}", "uncovered_work_life", "declined", "", "uncovered:remote_work"),
    ("what is the weather {place}", "offtopic_knowledge", "off_topic", "", "off:knowledge"),
    ("hello there", "greet", "smalltalk", "", "off:assistant"),
)
_FILL = {
    "level": ["junior", "senior", "young", "good", "first", "self-taught", "remote", "freelance"],
    "place": [f"in {place}" for place in ("town", "the city", "the north", "the country", "a startup", "a bank")],
    "degree": ["master", "bachelor", "phd", "math", "physics", "music", "science", "software"],
}
_CHANNELS = ("rest", "rest", "rest", "slack", "cmdline")


@dataclass(frozen=True)
class Known:
    """What a store was filled with."""

    conversations: int
    messages: int
    events: int


_ANSWER = "One sentence that stands for an answer of the usual length. " * 4


def fill(url: str, conversation_count: int, turns: int, start: float, end: float, seed: int = 1) -> Known:
    """Fill the store at ``url`` with conversations spread over the time from ``start`` to ``end``."""
    engine = sa.create_engine(url, future=True)
    with engine.begin() as connection:
        prepare(connection)
    chance = random.Random(seed)
    stored = 0
    for first in range(0, conversation_count, 500):
        heads: list[dict[str, Any]] = []
        rows: list[dict[str, Any]] = []
        for number in range(first, min(first + 500, conversation_count)):
            begin = start + (end - start - turns * 60) * chance.random()
            sender = f"web-{chance.getrandbits(96):024x}"
            mine = list(_rows(sender, begin, turns, _CHANNELS[number % len(_CHANNELS)], chance))
            heads.append(_head(sender, begin, mine[-1]["timestamp"], len(mine), turns))
            rows.extend(mine)
        with engine.begin() as connection:
            connection.execute(conversations.insert(), heads)
            connection.execute(events.insert(), rows)
        stored += len(rows)
    engine.dispose()
    return Known(conversation_count, conversation_count * turns, stored)


def _head(sender: str, begin: float, end: float, count: int, turns: int) -> dict[str, Any]:
    head = {"sender_id": sender, "created": begin, "last_active": end, "events": count, "user_turns": turns}
    return {**head, "channel": "rest", "slots": "{}", "state": "{}"}


def _rows(sender: str, begin: float, turns: int, channel: str, chance: random.Random) -> Iterator[dict[str, Any]]:
    number = 0
    for turn in range(turns):
        time = begin + turn * 40
        text, intent, kind, topic, near = QUESTIONS[chance.randrange(len(QUESTIONS))]
        text = text.format(**{name: chance.choice(words) for name, words in _FILL.items()})
        for place, event in enumerate(
            turn_events(
                text, intent, kind, channel, topic=topic, message_id=f"{sender}{turn}", candidates=((near, 0.9),)
            )
        ):
            number += 1
            yield row(sender, number, time + place / 100, event)


def row(sender: str, number: int, time: float, event: dict[str, Any]) -> dict[str, Any]:
    """An event as a row of the store."""
    intent = event.get("parse_data", {}).get("intent", {}).get("name")
    data = json.dumps({**event, "timestamp": time})
    return {
        "sender_id": sender,
        "id": number,
        "type": event["event"],
        "intent": intent,
        "timestamp": time,
        "data": data,
    }


def turn_events(
    text: str,
    intent: str,
    kind: str,
    channel: str = "rest",
    topic: str = "",
    roles: tuple[str, ...] = ("ml_engineer",),
    facts: tuple[str, ...] = (),
    message_id: str = "",
    runner_up: tuple[str, float] = ("ask_focus_areas", 0.01),
    fit: dict[str, Any] | None = None,
    candidates: tuple[tuple[str, float], ...] | None = None,
) -> list[dict[str, Any]]:
    """The seven events of a message and its answer.

    ``candidates`` are what the question was near to, with probabilities; None gives a message of version 0.1.
    """
    ranking = [[intent, 0.9], list(runner_up), ["ask_skills", 0.005], ["ask_projects", 0.001]]
    question = {
        "text": text,
        "intent": intent,
        "confidence": 0.9,
        "ranking": ranking,
        "entities": [],
        "urgent": 0.9 if intent == "distress" else 0.001,
    }
    if candidates is None:
        question["facts"] = [[name, score / 20] for name, score, _ in _PADDING[:12]]
    else:
        question["candidates"] = [*([name, 15.0, p] for name, p in candidates), *_PADDING[len(candidates) :]]
    parsed = {
        "intent": {"name": intent, "confidence": 0.9},
        "entities": [],
        "text": text,
        "message_id": message_id,
        "questions": [question],
        "intent_ranking": [{"name": name, "confidence": share} for name, share in ranking],
    }
    envelope = {
        "kind": kind,
        "topics": [topic] if topic else [],
        "roles": list(roles) if topic or kind == "recommendation" else [],
        "facts": list(facts),
        "sources": [],
        "parts": [{"type": "text", "text": _ANSWER}],
    }
    # The console gets text and nothing else.
    custom = None if channel == "cmdline" else envelope
    return [
        {"event": "user", "text": text, "parse_data": parsed, "input_channel": channel, "message_id": message_id},
        {"event": "user_featurization", "use_text_for_featurization": False},
        {"event": "action", "name": "action_advise", "policy": "RulePolicy", "confidence": 1.0},
        {"event": "bot", "text": _ANSWER, "metadata": {}, "data": {"custom": custom}},
        {"event": "slot", "name": "context", "value": {"turn": 1, "last": envelope, "fit": fit}},
        {"event": "action", "name": "action_listen", "policy": "RulePolicy", "confidence": 1.0},
        {"event": "action", "name": "action_session_check", "policy": None, "confidence": None},
    ]
