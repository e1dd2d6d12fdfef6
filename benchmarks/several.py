"""How long a reply to three questions in one message takes; this bot only, as stock Rasa reads one intent a message."""

from __future__ import annotations

import asyncio
import uuid

from benchmarks.client import Client, spread
from benchmarks.sections import Pair, Result

THREE = "what do ML engineers do day to day, what tools do they use and how do they work with AI engineers"


def several(pair: Pair) -> Result:
    """Milliseconds of one user's messages that ask three questions each, none like another."""
    bot = pair.bots[0]
    with bot.running() as running:
        taken = asyncio.run(_talk(running.url, pair.sizes.messages))
    return {bot.name: {f"three_questions_{key}": value for key, value in spread(taken).items()}}


async def _talk(url: str, messages: int) -> list[float]:
    async with Client(url, ()) as client:
        taken = [await client.ask(uuid.uuid4().hex, f"{THREE} {number}") for number in range(messages + 20)]
    return taken[20:]
