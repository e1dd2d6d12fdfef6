"""What storing and fetching a conversation costs: python benchmarks/store.py [--url ADDRESS] [--stock] [--json FILE].

Conversations of 10, 300 and 1,000 turns get one more, in a database that is empty or holds 100,000 others. Printed
are medians in ms: fetching one, storing one, both, and the longest wait of another task of the event loop meanwhile.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import sys
import tempfile
import time
from collections.abc import Coroutine
from pathlib import Path
from statistics import median
from typing import Any

sys.path.insert(0, str(Path(__file__).parent.parent))

import sqlalchemy as sa
from rasa.core.tracker_store import SQLTrackerStore, TrackerStore
from rasa.shared.core.domain import Domain
from rasa.shared.core.events import ActionExecuted, BotUttered, Event, SessionStarted, SlotSet, UserUttered

from bot.stores import WindowedTrackerStore
from bot.stores.schema import conversations, events

DOMAIN = Domain.from_yaml(
    'version: "3.1"\nslots:\n  context: {type: any, influence_conversation: false, mappings: [{type: custom}]}\n'
)
TURNS = (10, 300, 1000)
CONVERSATIONS = 80
Case = tuple[int, int]  # How many others are stored, and how many turns it has.
_AT_ONCE = 500


def turn(number: int) -> list[Event]:
    """One user turn, about as large as the bot's: an NLU result, an answer with its envelope, a slot."""
    text = f"What tools do ML engineers use for data pipelines, and why? ({number})"
    ranking = [{"name": f"ask_topic_{rank}", "confidence": 0.9 / (rank + 1)} for rank in range(10)]
    data = {"intent": ranking[0], "entities": [], "text": text, "intent_ranking": ranking}
    envelope = {"kind": "answer", "topics": ["tools"], "roles": ["ml_engineer"], "facts": ["ml_engineer.tools.spark"]}
    parts = [{"type": "text", "text": "ML engineers work with Apache Spark and Hadoop. " * 4}]
    return [
        UserUttered(text, ranking[0], [], data, time.time(), "rest", f"message-{number}"),
        ActionExecuted("action_advise", "RulePolicy", 1.0),
        BotUttered("ML engineers work with Apache Spark. " * 6, {"custom": {**envelope, "parts": parts}}),
        SlotSet("context", {"topics": ["tools"], "roles": ["ml_engineer"], "shown": ["ml_engineer.tools.spark"] * 5}),
        ActionExecuted("action_listen", "RulePolicy", 1.0),
    ]


def opening() -> list[Event]:
    return [ActionExecuted("action_session_start"), SessionStarted(), ActionExecuted("action_listen")]


async def grow(store: TrackerStore, sender: str, turns: int) -> None:
    """A conversation of that many turns, stored fast: a hundred turns at a time."""
    done = 0
    while done < turns:
        tracker = await store.get_or_create_tracker(sender, append_action_listen=False)
        step = min(turns - done, 100)
        added = [event for number in range(done, done + step) for event in turn(number)]
        tracker.update_with_events(added if done else [*opening(), *added], None)
        await store.save(tracker)
        done += step


async def message(store: TrackerStore, sender: str) -> tuple[float, float]:
    """Seconds that fetching a conversation and storing one more turn take."""
    started = time.perf_counter()
    tracker = await store.retrieve(sender)
    fetched = time.perf_counter()
    tracker.update_with_events(turn(0), None)
    changed = time.perf_counter()
    await store.save(tracker)
    return fetched - started, time.perf_counter() - changed


async def measure(cases: dict[Case, tuple[TrackerStore, list[str]]]) -> dict[Case, dict[str, float]]:
    """Medians by case over one message in each of its conversations, and how long another task waits meanwhile.

    One conversation of each case in turn, so that whatever else the machine does slows all of them alike.
    """
    taken: dict[Case, list[tuple[float, float]]] = {case: [] for case in cases}
    waits: dict[Case, list[float]] = {case: [] for case in cases}
    for number, group in enumerate(zip(*(senders for _, senders in cases.values()), strict=True)):
        for (case, (store, _)), sender in zip(cases.items(), group, strict=True):
            # Watching slows what is watched, so that a message is either watched or timed.
            if number % 4 == 0:
                waits[case].append(await _longest_wait(message(store, sender)))
            else:
                taken[case].append(await message(store, sender))
    rows = {}
    for case, times in taken.items():
        fetch, save = (1000 * median(column) for column in zip(*times, strict=True))
        both = 1000 * median(fetch + save for fetch, save in times)
        rows[case] = {"retrieve": fetch, "save": save, "both": both, "wait": 1000 * median(waits[case])}
    return rows


async def _longest_wait(work: Coroutine[Any, Any, Any]) -> float:
    longest = 0.0

    async def watch() -> None:
        nonlocal longest
        while True:
            started = time.perf_counter()
            await asyncio.sleep(0)
            longest = max(longest, time.perf_counter() - started)

    watcher = asyncio.create_task(watch())
    await asyncio.sleep(0)
    await work
    await asyncio.sleep(0)
    watcher.cancel()
    return longest


def copy(store: WindowedTrackerStore, model: str, senders: list[str]) -> None:
    """Store a conversation again under other names, row by row."""

    def copies(connection: Any) -> None:
        row = dict(connection.execute(sa.select(conversations).where(conversations.c.sender_id == model)).one())
        rows = [dict(event) for event in connection.execute(sa.select(events).where(events.c.sender_id == model))]
        for first in range(0, len(senders), _AT_ONCE):
            some = senders[first : first + _AT_ONCE]
            connection.execute(conversations.insert(), [{**row, "sender_id": sender} for sender in some])
            connection.execute(events.insert(), [{**event, "sender_id": sender} for sender in some for event in rows])

    store._database.write(copies)


def cases_in(store: WindowedTrackerStore, stored: int) -> dict[Case, tuple[TrackerStore, list[str]]]:
    """Conversations of each length in a store that holds ``stored`` others."""
    cases = {}
    if stored:
        asyncio.run(grow(store, "other", 3))
        copy(store, "other", [f"other-{number}" for number in range(1, stored)])
    for turns in TURNS:
        senders = [f"visitor-{turns}-{number}" for number in range(CONVERSATIONS)]
        asyncio.run(grow(store, f"model-{turns}", turns))
        copy(store, f"model-{turns}", senders)
        cases[stored, turns] = (store, senders)
    asyncio.run(message(store, f"model-{TURNS[0]}"))  # Connects, and compiles the statements.
    return cases


def show(rows: dict[Case, dict[str, float]]) -> None:
    print("   stored   turn  retrieve    save    both    wait   (ms)")
    for (stored, turns), row in rows.items():
        print("{:>9,} {:>6,} {retrieve:>9.2f} {save:>7.2f} {both:>7.2f} {wait:>7.2f}".format(stored, turns, **row))


def stock(folder: str) -> None:
    """The same for Rasa's own store, in few conversations because it takes long."""
    store = SQLTrackerStore(DOMAIN, db=f"{folder}/rasa.db")
    cases: dict[Case, tuple[TrackerStore, list[str]]] = {}
    for turns in TURNS:
        cases[0, turns] = (store, [f"visitor-{turns}-{number}" for number in range(4)])
        for sender in cases[0, turns][1]:
            asyncio.run(grow(store, sender, turns))
    print("Rasa's own SQLTrackerStore:")
    show(asyncio.run(measure(cases)))


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--url", help="an empty PostgreSQL database, instead of SQLite files in a temporary folder")
    parser.add_argument("--stock", action="store_true", help="measure Rasa's own SQLTrackerStore as well")
    parser.add_argument("--stored", type=int, default=100_000, help="conversations in the filled database")
    parser.add_argument("--json", type=Path, help="file to write the figures to")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        full = WindowedTrackerStore(DOMAIN, options.url or f"{folder}/full.db")
        cases = cases_in(full, options.stored)
        if not options.url:
            cases = {**cases_in(WindowedTrackerStore(DOMAIN, f"{folder}/empty.db"), 0), **cases}
        rows = asyncio.run(measure(cases))
        show(rows)
        for stored in sorted({stored for stored, _ in rows}):
            ratio = rows[stored, TURNS[-1]]["both"] / rows[stored, TURNS[0]]["both"]
            print(f"{stored:,} stored: turn {TURNS[-1]:,} / turn {TURNS[0]} = {ratio:.2f}")
        for turns in TURNS if (0, TURNS[0]) in rows else ():
            ratio = rows[options.stored, turns]["both"] / rows[0, turns]["both"]
            print(f"turn {turns:,}: {options.stored:,} stored / none = {ratio:.2f}")
        for store in {id(store): store for store, _ in cases.values()}.values():
            store.close()
        if options.stock:
            stock(folder)
    if options.json:
        table = [{"stored": stored, "turn": turns, **row} for (stored, turns), row in rows.items()]
        options.json.write_text(json.dumps(table) + "\n")


if __name__ == "__main__":
    main()
