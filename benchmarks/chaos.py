"""``python -m benchmarks.chaos``: conversations go on while everything under them is killed, part by part.

Each conversation says its turns one after the other through nginx and repeats a turn that got no answer, under the
same message id, until it has one. Afterwards the database has to hold every acknowledged message exactly once and in
order, and each part has to have recovered by itself.
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
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

import aiohttp
import sqlalchemy as sa

from benchmarks.cluster import PROGRAMS, Cluster, running_cluster
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
_PATIENCE_SECONDS = 60.0
_PAUSE = 0.3


@dataclass
class Outcome:
    """What clients saw; times in seconds."""

    acknowledged: dict[str, list[str]] = field(default_factory=dict)
    statuses: Counter[str] = field(default_factory=Counter)
    times: list[float] = field(default_factory=list)
    problems: list[str] = field(default_factory=list)
    outages: dict[str, float] = field(default_factory=dict)


async def chat(session: aiohttp.ClientSession, url: str, name: str, turns: int, pause: float, seen: Outcome) -> None:
    """Hold one conversation; what goes wrong is noted in ``seen``."""
    acknowledged = seen.acknowledged.setdefault(name, [])
    for turn in range(turns):
        body = {"sender": name, "message": QUESTIONS[turn % len(QUESTIONS)], "message_id": f"{name}-{turn}"}
        begin = time.monotonic()
        while not await _say(session, url, body, seen):
            if time.monotonic() > begin + _PATIENCE_SECONDS:
                seen.problems.append(f"{body['message_id']} was not answered within {_PATIENCE_SECONDS:g} seconds")
                return
            await asyncio.sleep(_PAUSE)
        acknowledged.append(body["message_id"])
        seen.times.append(time.monotonic() - begin)
        await asyncio.sleep(pause)


async def _say(session: aiohttp.ClientSession, url: str, body: dict[str, str], seen: Outcome) -> bool:
    """Send a message once; True for an answer. Anything but an answer or a clean 503 is a problem."""
    try:
        try:
            status, text = await _post(session, url, body)
        except (aiohttp.ServerDisconnectedError, aiohttp.ClientOSError):
            # A connection that was kept may be closed at the moment in which it is used, by a reload of nginx for
            # instance. Browsers send such a request again at once, on a new one, and so does this.
            seen.statuses["kept connection closed"] += 1
            async with aiohttp.ClientSession(timeout=session.timeout) as another:
                status, text = await _post(another, url, body)
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
    """Kill each part in turn and wait until all is well again, then for ``settle`` seconds more."""
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
    """Conversations in which the database does not hold what was acknowledged, once each and in that order.

    A last message that was never acknowledged may be there.
    """
    wrong = []
    for name, messages in acknowledged.items():
        there = found.get(name, [])
        if there[: len(messages)] != messages or len(there) > len(messages) + 1 or len(set(there)) != len(there):
            wrong.append(f"{name}: acknowledged {messages}, stored {there}")
    return wrong


async def run(
    cluster: Cluster, conversations: int, turns: int, pause: float, settle: float, restart: float = RECOVERY_SECONDS
) -> Outcome:
    """Hold the conversations while the parts are killed one after the other.

    ``restart`` is the seconds within which a killed part has to be there again.
    """
    seen = Outcome()
    timeout = aiohttp.ClientTimeout(total=40)
    connector = aiohttp.TCPConnector(limit=0)
    async with aiohttp.ClientSession(timeout=timeout, connector=connector) as session:

        async def late(number: int) -> None:
            # Spread, so that the load is even.
            await asyncio.sleep(pause * number / conversations)
            await chat(session, cluster.url, f"chaos-{number}", turns, pause, seen)

        await asyncio.gather(*(late(number) for number in range(conversations)), disrupt(cluster, seen, settle))
    seen.problems += differences(seen.acknowledged, await asyncio.to_thread(stored, cluster.database_url))
    seen.problems += [
        f"{name}: well again after {seconds:.1f} seconds only"
        for name, seconds in seen.outages.items()
        if seconds > restart
    ]
    if max(seen.times, default=0.0) > RECOVERY_SECONDS:
        seen.problems.append(f"a message was answered after {max(seen.times):.1f} seconds only")
    return seen


def main() -> int:
    """Run it and print what was seen; 1 if anything was lost, doubled, out of order, unclean or slow to recover."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.chaos", description=__doc__)
    parser.add_argument("--conversations", type=int, default=200)
    parser.add_argument("--turns", type=int, default=10)
    parser.add_argument("--pause", type=float, default=12.0, help="seconds between two turns of a conversation")
    parser.add_argument("--settle", type=float, default=2.0, help="seconds between two disruptions")
    options = parser.parse_args()
    absent = missing(*PROGRAMS)
    if absent:
        print(f"not installed: {' '.join(absent)} (as root: scripts/services.sh)", file=sys.stderr)
        return 2
    with running_cluster() as cluster:
        seen = asyncio.run(run(cluster, options.conversations, options.turns, options.pause, options.settle))
    count = sum(map(len, seen.acknowledged.values()))
    result = {
        "conversations": options.conversations,
        "acknowledged": count,
        "responses": dict(seen.statuses),
        "answer_median_s": round(statistics.median(seen.times), 3),
        "answer_longest_s": round(max(seen.times), 1),
        "well_again_after_s": {name: round(seconds, 1) for name, seconds in seen.outages.items()},
        "problems": len(seen.problems),
    }
    print(json.dumps(result, indent=2))
    for problem in seen.problems[:20]:
        print(problem)
    print(f"written to {write('chaos', result)}")
    return 1 if seen.problems else 0


if __name__ == "__main__":
    sys.exit(main())
