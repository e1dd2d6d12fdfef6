"""Load from many conversations: as fast as answers come, or at a given rate."""

from __future__ import annotations

import asyncio
import time
from collections import Counter
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field

import aiohttp

QUESTIONS = (
    "what tools do ML engineers use",
    "and AI",
    "who works with FPGAs",
    "how much do they earn",
    "should I pick AI or ML",
    "tell me more about projects",
    "compare them",
    "what is the weather like",
)
TURNS = 10


@dataclass
class Load:
    """What was sent and how long answers took, in seconds from the moment at which a message was due."""

    statuses: Counter[str] = field(default_factory=Counter)
    times: list[tuple[float, float]] = field(default_factory=list)

    def percentile(self, share: float, begin: float = 0.0, end: float = float("inf")) -> float:
        """The time that this share of the answers stayed below, of those due between two moments."""
        times = sorted(taken for due, taken in self.times if begin <= due < end)
        return times[min(len(times) - 1, int(share * len(times)))] if times else 0.0

    def failures(self) -> int:
        """Messages that were not answered with 200."""
        return sum(count for status, count in self.statuses.items() if status != "200")


@asynccontextmanager
async def client() -> AsyncIterator[aiohttp.ClientSession]:
    """Kept connections without a limit on their number."""
    connector = aiohttp.TCPConnector(limit=0)
    async with aiohttp.ClientSession(connector=connector, timeout=aiohttp.ClientTimeout(total=40)) as session:
        yield session


async def say(session: aiohttp.ClientSession, url: str, number: int, load: Load, due: float) -> None:
    """Send message ``number``; every ``TURNS`` of them are one conversation."""
    # No two alike, so that no cached embedding helps.
    body = {"sender": f"load-{due:.0f}-{number // TURNS}", "message": f"{QUESTIONS[number % len(QUESTIONS)]} {number}"}
    try:
        async with session.post(f"{url}/webhooks/rest/webhook", json=body) as answer:
            await answer.read()
            load.statuses[str(answer.status)] += 1
    except (aiohttp.ClientError, asyncio.TimeoutError) as error:
        load.statuses[type(error).__name__] += 1
    load.times.append((due, time.monotonic() - due))


async def saturate(url: str, users: int, seconds: float) -> tuple[float, Load]:
    """``users`` conversations, each saying its next message at once; returns answers a second, and all that was."""
    load = Load()
    begin = time.monotonic()

    async def user(first: int) -> None:
        number = first
        while time.monotonic() < begin + seconds:
            await say(session, url, number, load, time.monotonic())
            number += 1

    async with client() as session:
        await asyncio.gather(*(user(10_000 * (each + 1)) for each in range(users)))
    return load.statuses["200"] / (time.monotonic() - begin), load


async def at_rate(url: str, rate: float, seconds: float) -> Load:
    """``rate`` messages a second, sent when they are due, whether those before are answered or not."""
    load = Load()
    begin = time.monotonic()
    tasks = []
    async with client() as session:
        for number in range(int(rate * seconds)):
            due = begin + number / rate
            await asyncio.sleep(max(0.0, due - time.monotonic()))
            # Turns of one conversation come one after the other, those of ten mixed.
            lane = (number % TURNS) * TURNS + number // TURNS % TURNS + number // TURNS**2 * TURNS**2
            tasks.append(asyncio.create_task(say(session, url, lane, load, due)))
        await asyncio.gather(*tasks)
    return load
