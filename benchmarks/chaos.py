"""``python -m benchmarks.chaos``: conversations go on while everything under them is killed or hangs, part by part.

Each conversation says its turns one after the other through nginx and repeats a turn that got no answer, under the
same message id, until it has one. Afterwards the database has to hold every acknowledged message exactly once and in
order, and each part has to have recovered by itself.

A part that hangs is harder than one that is gone: a server gives up on a message whose first copy is stored later.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import signal
import statistics
import sys
import time
from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from itertools import count, takewhile
from typing import Any

import aiohttp
import sqlalchemy as sa

from benchmarks.cluster import PROGRAMS, Cluster, running_cluster
from benchmarks.daemons import Daemon
from benchmarks.results import write
from benchmarks.services import missing

QUESTIONS = (
    "what tools do ML engineers use",
    "and AI",
    "who works with FPGAs",
    "how much do they earn",
    "compare them",
)
RECOVERY_SECONDS = 15.0
HANG_SECONDS = 3.0
# How soon those who waited for a part that hung are answered once it goes on.
RESUMED_SECONDS = 2.0
_PATIENCE_SECONDS = 60.0
_PAUSE = 0.3


@dataclass
class Outcome:
    """What clients saw: in ``waits`` when each message was first sent and when it was answered; times in seconds."""

    acknowledged: dict[str, list[str]] = field(default_factory=dict)
    statuses: Counter[str] = field(default_factory=Counter)
    waits: list[tuple[float, float]] = field(default_factory=list)
    problems: list[str] = field(default_factory=list)
    outages: dict[str, float] = field(default_factory=dict)
    resumed: list[tuple[str, float]] = field(default_factory=list)

    def longest(self) -> float:
        """The longest that somebody waited for an answer."""
        return max((end - begin for begin, end in self.waits), default=0.0)

    def answered_after_hangs(self) -> dict[str, float]:
        """How long after a part went on the last of the messages was answered that had waited for it, at worst."""
        found: dict[str, float] = {}
        for name, resumed in self.resumed:
            late = [end - resumed for begin, end in self.waits if begin < resumed < end]
            found[name] = max([found.get(name, 0.0), *late])
        return found


async def chat(
    session: aiohttp.ClientSession, url: str, name: str, turns: Iterable[int], pause: float, seen: Outcome
) -> None:
    """Hold one conversation; what goes wrong is noted in ``seen``."""
    acknowledged = seen.acknowledged.setdefault(name, [])
    for turn in turns:
        body = {"sender": name, "message": QUESTIONS[turn % len(QUESTIONS)], "message_id": f"{name}-{turn}"}
        begin = time.monotonic()
        while not await _say(session, url, body, seen):
            if time.monotonic() > begin + _PATIENCE_SECONDS:
                seen.problems.append(f"{body['message_id']} was not answered within {_PATIENCE_SECONDS:g} seconds")
                return
            await asyncio.sleep(_PAUSE)
        acknowledged.append(body["message_id"])
        seen.waits.append((begin, time.monotonic()))
        await asyncio.sleep(pause)


async def _say(session: aiohttp.ClientSession, url: str, body: dict[str, str], seen: Outcome) -> bool:
    """Send a message once; True for an answer. Anything but an answer or a clean 503 is a problem."""
    try:
        try:
            status, text = await _post(session, url, body)
        except (aiohttp.ServerDisconnectedError, aiohttp.ClientOSError):
            # A connection that was kept may be closed at the moment in which it is used, by a reload of nginx for
            # instance. Browsers send such a request again at once, and so does this.
            seen.statuses["kept connection closed"] += 1
            status, text = await _post(session, url, body)
        seen.statuses[str(status)] += 1
        found = json.loads(text)
        if status == 200 and found and all(each["recipient_id"] == body["sender"] for each in found):
            return True
        if status != 503 or not found["error"]["message"]:
            seen.problems.append(f"{body['message_id']}: HTTP {status} {text[:100]}")
    except (aiohttp.ClientError, asyncio.TimeoutError, ValueError, KeyError, TypeError) as error:
        seen.statuses[type(error).__name__] += 1
        seen.problems.append(f"{body['message_id']}: {type(error).__name__}")
    return False


async def _post(session: aiohttp.ClientSession, url: str, body: dict[str, str]) -> tuple[int, str]:
    async with session.post(f"{url}/webhooks/rest/webhook", json=body) as answer:
        return answer.status, await answer.text()


async def disrupt(cluster: Cluster, seen: Outcome, settle: float) -> None:
    """Kill each part in turn and wait until all is well, then for ``settle`` seconds more; afterwards have two hang."""
    steps: list[tuple[str, Callable[[], None], Callable[[], Any]]] = [
        (f"{daemon.name} killed", daemon.kill, lambda daemon=daemon: daemon.wait_until_ready(60))  # type: ignore[misc]
        for daemon in (cluster.workers[0], cluster.action_servers[0], cluster.redis)
        if daemon
    ]
    database = cluster.database
    # What a crash leaves: no last checkpoint is written, and the next start has to replay the log.
    steps.append(("PostgreSQL crashed", lambda: database.kill(signal.SIGQUIT), lambda: database.wait_until_ready(60)))
    steps.append(("nginx reloaded", lambda: cluster.proxy.send(signal.SIGHUP), cluster.proxy.wait_until_ready))
    if cluster.broker:
        broker = cluster.broker
        steps.append(("RabbitMQ killed", broker.kill, lambda: broker.wait_until_ready(60)))
    for name, kill, recovered in steps:
        begin = time.monotonic()
        await asyncio.to_thread(kill)
        await asyncio.sleep(0.2)
        await asyncio.to_thread(recovered)
        for daemon in cluster.workers:
            await asyncio.to_thread(daemon.wait_until_ready, 60)
        seen.outages[name] = time.monotonic() - begin
        await asyncio.sleep(settle)
    for hanging in filter(None, (cluster.redis, database)):
        await hang(hanging, HANG_SECONDS, seen)
        await asyncio.sleep(max(settle, RESUMED_SECONDS))


async def hang(daemon: Daemon, seconds: float, seen: Outcome) -> None:
    """Have a part hang for so long."""
    await asyncio.to_thread(daemon.hang, seconds)
    seen.resumed.append((f"{daemon.name} hung", time.monotonic()))


def stored(database_url: str) -> dict[str, list[str]]:
    """The message ids in the database by conversation, in their order."""
    engine = sa.create_engine(database_url)
    query = sa.text("SELECT sender_id, data FROM events WHERE type = 'user' ORDER BY sender_id, id")
    found: dict[str, list[str]] = {}
    with engine.connect() as connection:
        for sender, data in connection.execute(query):
            found.setdefault(sender, []).append(json.loads(data)["message_id"])
    engine.dispose()
    return found


def differences(acknowledged: dict[str, list[str]], found: dict[str, list[str]]) -> list[str]:
    """What is lost, stored twice or out of order, one line for each conversation in which something is.

    A last message that was never acknowledged may be there.
    """
    wrong = []
    for name, messages in acknowledged.items():
        there = found.get(name, [])
        twice = [message for message, times in Counter(there).items() if times > 1]
        lost = sorted(set(messages) - set(there))
        more = sorted(set(there) - set(messages))[1:]
        if twice or lost or more:
            wrong.append(f"{name}: stored twice {twice}, lost {lost}, never acknowledged {more}")
        elif there[: len(messages)] != messages:
            wrong.append(f"{name}: stored in the order {there}, acknowledged in the order {messages}")
    return wrong


async def run(cluster: Cluster, conversations: int, turns: int, pause: float, settle: float) -> Outcome:
    """Hold the conversations while the parts are killed, and hang, one after the other."""
    seen = Outcome()
    async with _session() as session:

        async def late(number: int) -> None:
            # Spread, so that the load is even.
            await asyncio.sleep(pause * number / conversations)
            await chat(session, cluster.url, f"chaos-{number}", range(turns), pause, seen)

        await asyncio.gather(*(late(number) for number in range(conversations)), disrupt(cluster, seen, settle))
    seen.problems += differences(seen.acknowledged, await asyncio.to_thread(stored, cluster.database_url))
    return seen


async def hangs(cluster: Cluster, clients: int, times: int, seconds: float, rest: float = 1.0) -> Outcome:
    """Hold conversations without a pause while the database hangs again and again, ``rest`` seconds apart."""
    seen, over = Outcome(), asyncio.Event()
    async with _session() as session:

        async def disturb() -> None:
            for _ in range(times):
                await asyncio.sleep(rest)
                await hang(cluster.database, seconds, seen)
            await asyncio.sleep(rest)
            over.set()

        def talk(number: int) -> Any:
            turns = takewhile(lambda _: not over.is_set(), count())
            return chat(session, cluster.url, f"hangs-{number}", turns, 0.0, seen)

        await asyncio.gather(disturb(), *(talk(number) for number in range(clients)))
    seen.problems += differences(seen.acknowledged, await asyncio.to_thread(stored, cluster.database_url))
    return seen


def _session() -> aiohttp.ClientSession:
    return aiohttp.ClientSession(timeout=aiohttp.ClientTimeout(total=40), connector=aiohttp.TCPConnector(limit=0))


def slow(seen: Outcome) -> list[str]:
    """What took longer than it should on a machine that does nothing else."""
    limits = [
        ("well again", seen.outages, RECOVERY_SECONDS),
        ("the last who waited was answered", seen.answered_after_hangs(), RESUMED_SECONDS),
        ("a message was answered", {"at worst": seen.longest()}, RECOVERY_SECONDS),
    ]
    return [
        f"{name}: {what} after {seconds:.1f} seconds only"
        for what, found, limit in limits
        for name, seconds in found.items()
        if seconds > limit
    ]


def summary(seen: Outcome, cluster: Cluster) -> dict[str, Any]:
    """The figures of a run."""
    found = stored(cluster.database_url)
    return {
        "conversations": len(seen.acknowledged),
        "acknowledged": sum(map(len, seen.acknowledged.values())),
        "stored": sum(len(found.get(name, ())) for name in seen.acknowledged),
        "stored_twice": sum(len(there) - len(set(there)) for there in map(found.get, seen.acknowledged) if there),
        "responses": dict(seen.statuses),
        "answer_median_s": round(statistics.median(end - begin for begin, end in seen.waits), 3),
        "answer_longest_s": round(seen.longest(), 1),
        "well_again_after_s": {name: round(seconds, 1) for name, seconds in seen.outages.items()},
        "answered_after_hang_s": {name: round(seconds, 2) for name, seconds in seen.answered_after_hangs().items()},
        "problems": len(seen.problems) + len(slow(seen)),
    }


def main() -> int:
    """Run it and print what was seen; 1 if anything was lost, doubled, out of order, unclean or slow to recover."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.chaos", description=__doc__)
    parser.add_argument("--conversations", type=int, default=200)
    parser.add_argument("--turns", type=int, default=10)
    parser.add_argument("--pause", type=float, default=12.0, help="seconds between two turns of a conversation")
    parser.add_argument("--settle", type=float, default=2.0, help="seconds between two disruptions")
    parser.add_argument("--hangs", type=int, default=14, help="how often the database of one impatient server hangs")
    parser.add_argument("--long-hangs", type=int, default=3, help="how often that of two servers hangs, for 14 seconds")
    parser.add_argument("--only", choices=("killed", "impatient", "patient"), help="one part of it")
    options = parser.parse_args()
    absent = missing(*PROGRAMS)
    if absent:
        print(f"not installed: {' '.join(absent)} (as root: scripts/services.sh)", file=sys.stderr)
        return 2
    results: dict[str, Any] = {}
    problems: list[str] = []

    def note(name: str, cluster: Cluster, seen: Outcome) -> None:
        results[name] = summary(seen, cluster)
        problems.extend(f"{name}: {problem}" for problem in [*seen.problems, *slow(seen)])

    if options.only in (None, "killed"):
        with running_cluster() as cluster:
            seen = asyncio.run(run(cluster, options.conversations, options.turns, options.pause, options.settle))
            note("killed", cluster, seen)
    if options.only in (None, "impatient"):
        # One that gives up on every message while the database hangs: the first copy is stored after the second came.
        with running_cluster(1, 0, redis=False, rabbitmq=False, settings={"MESSAGE_TIMEOUT_SECONDS": "1"}) as cluster:
            note("impatient", cluster, asyncio.run(hangs(cluster, 20, options.hangs, 1.4)))
    if options.only in (None, "patient"):
        with running_cluster(2, 0, rabbitmq=False) as cluster:
            note("patient", cluster, asyncio.run(hangs(cluster, 20, options.long_hangs, 14.0, rest=3.0)))
    print(json.dumps(results, indent=2))
    for problem in problems[:20]:
        print(problem)
    print(f"written to {write('chaos', results)}")
    return 1 if problems else 0


if __name__ == "__main__":
    sys.exit(main())
