"""``python -m benchmarks.capacity``: answers a second of one server, and of two on PostgreSQL and Redis behind nginx.

The client runs on the same machine and takes part of it, so the figures are on the low side.
"""

from __future__ import annotations

import argparse
import asyncio
import os
import sys
import time
from collections.abc import Sequence
from typing import Any

from benchmarks.cluster import PROGRAMS, running_cluster, running_server
from benchmarks.load import at_rate, saturate
from benchmarks.results import write
from benchmarks.services import missing
from benchmarks.soak import memory_mb

_WARM_UP_SECONDS = 5.0
_USERS = 16


async def measure(url: str, pids: Sequence[int], seconds: float) -> dict[str, Any]:
    """Answers a second with 16 users who wait for nothing, and how long answers take at half of that."""
    await saturate(url, _USERS, _WARM_UP_SECONDS)
    begin, used = time.monotonic(), _cpu_seconds(pids)
    capacity, busy = await saturate(url, _USERS, seconds)
    cores = (_cpu_seconds(pids) - used) / (time.monotonic() - begin)
    half = await at_rate(url, capacity / 2, seconds)
    return {
        "answers_per_s": round(capacity, 1),
        "cores_used": round(cores, 2),
        "answers_per_core_s": round(capacity / cores, 1),
        "failures": busy.failures() + half.failures(),
        "at_half_median_ms": round(1000 * half.percentile(0.5), 1),
        "at_half_p99_ms": round(1000 * half.percentile(0.99), 1),
        "memory_mb": round(memory_mb(pids) / len(pids)),
    }


def _cpu_seconds(pids: Sequence[int]) -> float:
    """Processor time that the processes used so far."""
    total = 0.0
    for pid in pids:
        with open(f"/proc/{pid}/stat", encoding="ascii") as file:
            fields = file.read().rpartition(")")[2].split()
        total += (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")
    return total


def main() -> int:
    """Measure and print both; returns 1 if a message was not answered, 2 if programs are missing."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.capacity", description=__doc__)
    parser.add_argument("--seconds", type=float, default=20.0)
    options = parser.parse_args()
    absent = missing(*PROGRAMS)
    if absent:
        print(f"not installed: {' '.join(absent)} (as root: scripts/services.sh)", file=sys.stderr)
        return 2
    result = {}
    with running_server() as (url, server):
        result["one server, SQLite"] = asyncio.run(measure(url, [server.pid], options.seconds))
    with running_cluster(action_servers=0, rabbitmq=False) as cluster:
        pids = [worker.pid for worker in cluster.workers]
        result["two servers, PostgreSQL, Redis, nginx"] = asyncio.run(measure(cluster.url, pids, options.seconds))
    for name, figures in result.items():
        print(name)
        for figure, value in figures.items():
            print(f"  {figure:<22} {value:10}")
    print(f"written to {write('capacity', result)}")
    return 1 if any(figures["failures"] for figures in result.values()) else 0


if __name__ == "__main__":
    sys.exit(main())
