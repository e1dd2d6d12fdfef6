"""``python -m benchmarks.soak``: hours in small: half of what the server can do, for a long time.

Memory must not grow by more than 5 %, open files not at all, and the slowest answers must not get slower.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import sys
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from benchmarks.cluster import running_cluster, running_server
from benchmarks.load import Load, at_rate, saturate
from benchmarks.results import write

MOST_GROWTH = 0.05
# Counted while no client is connected: what leaks grows with the number of messages; what a proxy keeps open does not.
MOST_NEW_FILES = 10
MOST_SLOWER = 1.5
# Below this nobody notices, and a busy machine does that by itself.
UNNOTICED_SECONDS = 0.25
_USERS = 8
_SAMPLES = 30
_CLOSING_SECONDS = 1.0


def memory_mb(pids: Sequence[int]) -> float:
    """Resident memory of the processes; their share of what they have in common would change as others come and go."""
    lines = [line for pid in pids for line in Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines()]
    return sum(int(line.split()[1]) for line in lines if line.startswith("Rss:")) / 1024


def open_files(pids: Sequence[int]) -> int:
    """Open files and connections of the processes."""
    return sum(len(list(Path(f"/proc/{pid}/fd").iterdir())) for pid in pids)


async def soak(url: str, pids: Sequence[int], warm_up: float, seconds: float) -> dict[str, Any]:
    """Find out what the server can do in ``warm_up`` seconds, then send half of it for ``seconds``.

    Returns figures, with those that break a bound by name in ``problems``.
    """
    capacity, _ = await saturate(url, _USERS, warm_up)
    rate = capacity / 2
    # Settles caches and connections at the rate that is measured.
    await at_rate(url, rate, min(60.0, seconds / 4))
    await asyncio.sleep(_CLOSING_SECONDS)
    files = open_files(pids)
    samples: list[float] = []

    async def watch() -> None:
        while True:
            samples.append(await asyncio.to_thread(memory_mb, pids))
            await asyncio.sleep(seconds / _SAMPLES)

    watching = asyncio.create_task(watch())
    begin = time.monotonic()
    load = await at_rate(url, rate, seconds)
    end = time.monotonic()
    watching.cancel()
    await asyncio.sleep(_CLOSING_SECONDS)
    return _judged(load, (begin, end), samples, (files, open_files(pids)), capacity)


def _judged(
    load: Load, when: tuple[float, float], samples: list[float], files: tuple[int, int], capacity: float
) -> dict[str, Any]:
    begin, end = when
    third = (end - begin) / 3
    # The least of several samples: a garbage collection that is due is no leak.
    several = max(1, len(samples) // 5)
    first_mb, last_mb = min(samples[:several]), min(samples[-several:])
    first_p99 = load.percentile(0.99, begin, begin + third)
    last_p99 = load.percentile(0.99, end - third, end)
    result = {
        "seconds": round(end - begin),
        "capacity_per_s": round(capacity, 1),
        "messages": len(load.times),
        "failures": load.failures(),
        "answer_median_ms": round(1000 * load.percentile(0.5), 1),
        "p99_first_third_ms": round(1000 * first_p99, 1),
        "p99_last_third_ms": round(1000 * last_p99, 1),
        "memory_mb": [round(sample, 1) for sample in samples[:: max(1, len(samples) // 10)]],
        "memory_growth": round(last_mb / first_mb - 1, 4),
        "open_files": list(files),
    }
    bounds = {
        "failures": load.failures() == 0,
        "memory_growth": last_mb <= first_mb * (1 + MOST_GROWTH),
        "open_files": files[1] <= files[0] + MOST_NEW_FILES,
        "p99_last_third_ms": last_p99 <= max(MOST_SLOWER * first_p99, UNNOTICED_SECONDS),
    }
    return {**result, "problems": [name for name, kept in bounds.items() if not kept]}


def main() -> int:
    """Soak one server, or several with --cluster; prints and writes the result, returns 1 if a bound is broken."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.soak", description=__doc__)
    parser.add_argument("--minutes", type=float, default=30.0)
    parser.add_argument("--cluster", action="store_true", help="two servers on PostgreSQL and Redis behind nginx")
    options = parser.parse_args()
    seconds = 60 * options.minutes
    warm_up = min(30.0, seconds / 4)
    if options.cluster:
        with running_cluster() as cluster:
            pids = [worker.pid for worker in cluster.workers]
            result = asyncio.run(soak(cluster.url, pids, warm_up, seconds))
    else:
        with running_server() as (url, server):
            result = asyncio.run(soak(url, [server.pid], warm_up, seconds))
    result["servers"] = 2 if options.cluster else 1
    print(json.dumps(result, indent=2))
    print(f"written to {write('soak', result)}")
    return 1 if result["problems"] else 0


if __name__ == "__main__":
    sys.exit(main())
