"""Latency with conversations of other people in the store; this bot only, as stock Rasa keeps them in memory."""

from __future__ import annotations

import asyncio
import tempfile
from pathlib import Path

from benchmarks.client import Client, spread
from benchmarks.sections import Figures, Pair, Result


def stored(pair: Pair) -> Result:
    """Milliseconds a message with so many conversations in the database, and the ratio to an empty one."""
    bot, figures = pair.bots[0], Figures()
    for conversations in pair.sizes.stored:
        with tempfile.TemporaryDirectory() as folder:
            database = Path(folder) / "conversations.db"
            if conversations:
                _fill(database, conversations)
            with bot.running({"TRACKER_DB_URL": f"sqlite:///{database}"}) as running:
                times = asyncio.run(_talk(running.url, bot.questions, pair.sizes.messages))
        figures[f"stored_{conversations}_ms"] = spread(times)["p50_ms"]
    most = pair.sizes.stored[-1]
    figures[f"stored_{most}_to_none"] = figures[f"stored_{most}_ms"] / figures["stored_0_ms"]
    return {bot.name: figures}


def _fill(database: Path, conversations: int) -> None:
    # Imports Rasa, which only this needs.
    from benchmarks.store import DOMAIN, copy, grow
    from bot.stores import WindowedTrackerStore

    store = WindowedTrackerStore(DOMAIN, str(database))
    asyncio.run(grow(store, "other", 3))
    copy(store, "other", [f"other-{number}" for number in range(1, conversations)])
    store.close()


async def _talk(url: str, questions: tuple[str, ...], messages: int) -> list[float]:
    async with Client(url, questions) as client:
        await client.users(1, messages=20)
        return (await client.users(1, messages=messages)).all_answered()
