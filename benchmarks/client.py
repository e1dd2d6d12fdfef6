"""The client of the benchmark: the same for both bots, over kept connections, one message at a time for each user."""

from __future__ import annotations

import asyncio
import itertools
import time
import uuid
from collections.abc import Sequence
from dataclasses import dataclass, field
from statistics import median, quantiles

import aiohttp

from benchmarks.bots import ROUTE, BenchmarkError

TURNS = 5
"""Messages of a conversation, unless a section says otherwise."""

_numbers = itertools.count(1)


@dataclass
class Crowd:
    """What several users got: milliseconds of each answer, messages without one, the last reason, seconds in all."""

    taken: list[float] = field(default_factory=list)
    failed: int = 0
    problem: str = ""
    seconds: float = 0.0

    def all_answered(self) -> list[float]:
        """Milliseconds of each answer. Raises BenchmarkError if there was a message without one."""
        if self.failed:
            raise BenchmarkError(f"{self.failed} messages were not answered: {self.problem}")
        return self.taken


class Client:
    """Connections to one bot; to be used as an asynchronous context manager."""

    def __init__(self, url: str, questions: Sequence[str]) -> None:
        self._url = url + ROUTE
        self._questions = questions

    async def __aenter__(self) -> Client:
        connector = aiohttp.TCPConnector(limit=0, keepalive_timeout=60)
        timeout = aiohttp.ClientTimeout(total=120)
        self._session = aiohttp.ClientSession(connector=connector, timeout=timeout)
        return self

    async def __aexit__(self, *_: object) -> None:
        await self._session.close()

    async def ask(self, sender: str, message: str) -> float:
        """Milliseconds to the whole answer. Raises BenchmarkError if there is none."""
        started = time.perf_counter()
        async with self._session.post(self._url, json={"sender": sender, "message": message}) as answer:
            content = await answer.json()
        taken = 1000 * (time.perf_counter() - started)
        if answer.status != 200 or not content:
            raise BenchmarkError(f"HTTP {answer.status} for {message!r}: {str(content)[:200]}")
        return taken

    def question(self) -> str:
        """A question that was not asked before: caches of whole messages must not help."""
        number = next(_numbers)
        return f"{self._questions[number % len(self._questions)]} {number}"

    async def conversation(self, turns: int = TURNS) -> list[float]:
        """Milliseconds of each message of a new conversation."""
        sender = uuid.uuid4().hex
        return [await self.ask(sender, self.question()) for _ in range(turns)]

    async def users(self, users: int, seconds: float = 0, messages: int = 0) -> Crowd:
        """So many users at once, for a time or until so many messages are answered."""
        crowd = Crowd()
        started = time.perf_counter()

        def enough() -> bool:
            return time.perf_counter() - started >= seconds if seconds else len(crowd.taken) >= messages

        async def talk() -> None:
            while not enough():
                sender = uuid.uuid4().hex
                for _ in range(TURNS):
                    try:
                        crowd.taken.append(await self.ask(sender, self.question()))
                    except (BenchmarkError, aiohttp.ClientError, asyncio.TimeoutError) as problem:
                        crowd.failed += 1
                        crowd.problem = str(problem) or type(problem).__name__
                    if enough():
                        return

        await asyncio.gather(*(talk() for _ in range(users)))
        crowd.seconds = time.perf_counter() - started
        return crowd


def spread(taken: Sequence[float]) -> dict[str, float]:
    """Median, 95th and 99th percentile in milliseconds."""
    cuts = quantiles(taken, n=100, method="inclusive")
    return {"p50_ms": median(taken), "p95_ms": cuts[94], "p99_ms": cuts[98]}
