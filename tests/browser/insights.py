"""A store with a month of made-up conversations, and the page that reports on it."""

import random
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import sqlalchemy as sa

from benchmarks.synthetic import fill, row, turn_events
from bot.insights import Period
from bot.stores.schema import conversations, events
from evaluation.server import live_bot

PASSWORD = "correct horse battery"
DISTRESS = "nobody would miss me if i was gone"
_DAY = 86400.0


def fill_store(url: str) -> None:
    """About five hundred conversations in this month and the one before, with feedback and fit checks."""
    period = Period.last_days(30)
    end = time.time()
    fill(url, 90, 3, period.before().start, period.start, seed=5)
    # More towards the end, as on a site that becomes known.
    for part, count in enumerate((60, 90, 130)):
        fill(url, count, 3, end - (30 - 10 * part) * _DAY + 60, end - (20 - 10 * part) * _DAY, seed=10 + part)
    engine = sa.create_engine(url, future=True)
    chance = random.Random(7)
    with engine.begin() as connection:
        for number in range(60):
            begin = end - (1 + 28 * chance.random()) * _DAY
            for sender, happened in ((f"rated-{number}", _rated(chance)), (f"fit-{number}", _fit(chance))):
                rows = [row(sender, at + 1, begin + at, event) for at, event in enumerate(happened)]
                head = {"sender_id": sender, "created": begin, "last_active": begin + 99, "channel": "rest"}
                head |= {"events": len(rows), "user_turns": 2, "slots": "{}", "state": "{}"}
                connection.execute(conversations.insert(), [head])
                connection.execute(events.insert(), rows)
            if number % 20 == 0:
                happened = turn_events(DISTRESS, "distress", "smalltalk", candidates=(("off:life", 0.6),))
                rows = [row(f"sad-{number}", at + 1, begin + at, event) for at, event in enumerate(happened)]
                head |= {"sender_id": f"sad-{number}", "events": len(rows), "user_turns": 1}
                connection.execute(conversations.insert(), [head])
                connection.execute(events.insert(), rows)
    engine.dispose()


def _rated(chance: random.Random) -> list[dict[str, Any]]:
    role, topic = chance.choice([("ml_engineer", "tools"), ("ai_engineer", "skills"), ("ai_engineer", "projects")])
    fact = f"{role}.{topic}.overview"
    asked = turn_events(
        f"what about {topic} please",
        f"ask_{topic}",
        "answer",
        topic=topic,
        roles=(role,),
        facts=(fact,),
        message_id="m",
        runner_up=("ask_focus_areas", 0.78),
    )
    up = chance.random() < 0.6
    reason = None if up else chance.choice(["wrong", "not_asked", "too_long", "too_long", "other"])
    value = {"message_id": "m.1", "facts": [fact], "rating": "up" if up else "down", "reason": reason}
    return [*asked, {"event": "slot", "name": "feedback", "value": value}]


def _fit(chance: random.Random) -> list[dict[str, Any]]:
    happened: list[dict[str, Any]] = []
    answers: list[str] = []
    stay = chance.choice([2, 4, 6, 8, 8, 8])
    for _ in range(stay):
        progress = {"answers": list(answers), "tie": False, "active": True}
        happened += turn_events("/pick_option", "pick_option", "quiz", fit=progress)
        answers.append("first")
    if stay == 8:
        roles = chance.choice([("ai_engineer",), ("ml_engineer",), ("ml_engineer",), ("ai_engineer", "ml_engineer")])
        done = {"answers": answers, "tie": False, "active": False}
        happened += turn_events("/pick_option", "pick_option", "recommendation", roles=roles, fit=done)
    return happened


@contextmanager
def insights_server(folder: Path) -> Iterator[str]:
    """The live bot with the page, on such a store."""
    url = f"sqlite:///{folder}/conversations.db"
    fill_store(url)
    with live_bot({"INSIGHTS_PASSWORD": PASSWORD, "TRACKER_DB_URL": url}) as address:
        yield address
