"""What is measured of both bots, in turn A B A B; each section returns its figures by bot."""

from __future__ import annotations

import asyncio
import tempfile
import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from statistics import median

from benchmarks.bots import BenchmarkError, Bot, Running
from benchmarks.client import Client, Crowd, spread
from benchmarks.machine import folder_size

Figures = dict[str, float]
Result = dict[str, Figures]
USERS = (1, 8, 32, 128)
TURNS = (1, 10, 50, 300, 1000)
LONG = "I would like to know which of the two careers fits somebody who likes robots and data, because " * 11


@dataclass(frozen=True)
class Sizes:
    """How much is measured; ``quick`` is for development and says little."""

    rounds: int = 2
    messages: int = 200
    seconds: float = 10
    own_turns: int = 1000
    stock_turns: int = 300
    own_memory: int = 10_000
    stock_memory: int = 1_000
    stored: tuple[int, ...] = (0, 1_000, 100_000)
    times: tuple[int, ...] = (1, 10, 100)


QUICK = Sizes(1, 50, 3, 60, 60, 500, 100, (0, 1_000), (1, 10))


@dataclass
class Pair:
    """The bots that are compared and, in the sections that need it, both running at once."""

    bots: Sequence[Bot]
    sizes: Sizes
    running: Mapping[str, Running] = field(default_factory=dict)

    def client(self, bot: Bot) -> Client:
        return Client(self.running[bot.name].url, bot.questions)


def size(pair: Pair) -> Result:
    """Disk space of the environment, without projects and models."""
    return {bot.name: {"install_mb": folder_size(*bot.environment_folders)} for bot in pair.bots}


def training(pair: Pair) -> Result:
    """Seconds to train from nothing, to train again unchanged, and after a change to one example."""
    taken: dict[str, list[Figures]] = {bot.name: [] for bot in pair.bots}
    for _ in range(pair.sizes.rounds):
        for bot in pair.bots:
            with tempfile.TemporaryDirectory() as folder:
                project, cache = bot.copy(Path(folder) / "project"), Path(folder) / "cache"
                figures = {"train_cold_s": bot.train(project, cache)}
                figures["train_unchanged_s"] = bot.train(project, cache)
                examples = project / "data" / "nlu.yml"
                text = examples.read_text(encoding="utf-8")
                examples.write_text(text.replace("    - ", "    - well, ", 1), encoding="utf-8")
                figures["train_one_changed_s"] = bot.train(project, cache)
                taken[bot.name].append(figures)
    return {name: _medians(rows) for name, rows in taken.items()}


def start(pair: Pair) -> Result:
    """Seconds from starting all processes to the first answer, the byte-code and the files being in memory."""
    taken: dict[str, list[Figures]] = {bot.name: [] for bot in pair.bots}
    for _ in range(pair.sizes.rounds):
        for bot in pair.bots:
            with bot.running() as running:
                taken[bot.name].append({"first_answer_s": running.seconds, "memory_at_start_mb": running.memory()})
    return {name: _medians(rows) for name, rows in taken.items()}


def memory(pair: Pair) -> Result:
    """Proportional set size of all processes before and after many messages of eight users."""

    async def talk(bot: Bot, messages: int) -> None:
        async with pair.client(bot) as client:
            (await client.users(8, messages=messages)).all_answered()

    results = {}
    for bot in pair.bots:
        running = pair.running[bot.name]
        messages = pair.sizes.own_memory if bot is pair.bots[0] else pair.sizes.stock_memory
        # The first messages fill caches and pools of bounded size.
        asyncio.run(talk(bot, 100))
        before = running.memory()
        asyncio.run(talk(bot, messages))
        after = running.memory()
        growth = 100 * (after / before - 1)
        results[bot.name] = {"memory_before_mb": before, "messages": messages, "memory_after_mb": after}
        results[bot.name]["growth_percent"] = growth
    return results


def latency(pair: Pair) -> Result:
    """One user, conversations of five messages, each answered by a custom action."""
    taken: dict[str, list[float]] = {bot.name: [] for bot in pair.bots}

    async def talk(bot: Bot) -> None:
        async with pair.client(bot) as client:
            for _ in range(pair.sizes.messages // 10):
                taken[bot.name] += await client.conversation()

    for _ in range(2):
        for bot in pair.bots:
            asyncio.run(talk(bot))
    return {name: spread(times) for name, times in taken.items()}


def load(pair: Pair) -> Result:
    """Throughput and latency with several users who ask one message after the other without a pause.

    Messages without an answer are counted: stock Rasa has some when many write at once.
    """
    results: Result = {bot.name: {} for bot in pair.bots}

    async def talk(bot: Bot, users: int) -> Crowd:
        async with pair.client(bot) as client:
            return await client.users(users, seconds=pair.sizes.seconds)

    for users in USERS:
        crowds: dict[str, list[Crowd]] = {bot.name: [] for bot in pair.bots}
        for _ in range(pair.sizes.rounds):
            for bot in pair.bots:
                crowds[bot.name].append(asyncio.run(talk(bot, users)))
        for name, found in crowds.items():
            times = [ms for crowd in found for ms in crowd.taken]
            if not times:
                raise BenchmarkError(f"{name} answers none of {users} users: {found[-1].problem}")
            rate = len(times) / sum(crowd.seconds for crowd in found)
            figures = {"messages_per_s": rate, **spread(times), "failed": sum(crowd.failed for crowd in found)}
            results[name].update({f"{key}_{users}_users": value for key, value in figures.items()})
    return results


def turns(pair: Pair) -> Result:
    """Latency at some turns of one long conversation: the median of the nine messages around each."""
    results: Result = {}

    async def talk(bot: Bot, most: int) -> list[float]:
        async with pair.client(bot) as client:
            sender = uuid.uuid4().hex
            return [await client.ask(sender, client.question()) for _ in range(most + 4)]

    for bot in pair.bots:
        most = pair.sizes.own_turns if bot is pair.bots[0] else pair.sizes.stock_turns
        times = asyncio.run(talk(bot, most))
        results[bot.name] = {f"turn_{t}_ms": median(times[max(t - 5, 0) : t + 4]) for t in TURNS if t <= most}
        for turn in TURNS[2:]:
            if turn <= most:
                ratio = results[bot.name][f"turn_{turn}_ms"] / results[bot.name]["turn_10_ms"]
                results[bot.name][f"turn_{turn}_to_turn_10"] = ratio
    return results


def long_messages(pair: Pair) -> Result:
    """How much longer one user waits while another sends 1,000 characters again and again."""
    results: Result = {}

    async def talk(bot: Bot) -> Figures:
        async with pair.client(bot) as client:
            alone = [ms for _ in range(8) for ms in await client.conversation()]
            ended = False

            async def disturb() -> None:
                while not ended:
                    await client.ask(uuid.uuid4().hex, LONG[:990] + client.question()[-9:])

            other = asyncio.create_task(disturb())
            beside = [ms for _ in range(8) for ms in await client.conversation()]
            ended = True
            await other
        before, during = spread(alone), spread(beside)
        return {f"{key[:3]}_delay_ms": during[key] - before[key] for key in ("p50_ms", "p95_ms")}

    for bot in pair.bots:
        results[bot.name] = asyncio.run(talk(bot))
    return results


def _medians(rows: Sequence[Figures]) -> Figures:
    return {key: median(row[key] for row in rows) for key in rows[0]}
