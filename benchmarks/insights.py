"""How long a report takes and how much memory: ``python -m benchmarks.insights [--messages 1000000]``.

Fills a store with that many messages of both sides, all in the period, makes the report in a process of its own as
`make insights` does, and writes what was measured to benchmarks/results.
"""

from __future__ import annotations

import argparse
import json
import os
import resource
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from benchmarks.results import write
from benchmarks.synthetic import fill
from bot.insights import Period

ROOT = Path(__file__).parents[1]
_TURNS = 10


def main() -> None:
    """Measure once and print the figures."""
    parser = argparse.ArgumentParser(description="Time and memory of a report on a large store.")
    parser.add_argument("--messages", type=int, default=1_000_000, help="of both sides together")
    messages = parser.parse_args().messages
    with tempfile.TemporaryDirectory() as folder:
        store = Path(folder) / "conversations.db"
        period = Period.last_days(30)
        started = time.monotonic()
        known = fill(f"sqlite:///{store}", messages // (2 * _TURNS), _TURNS, period.start, period.end)
        print(f"filled in {time.monotonic() - started:.0f} s: {store.stat().st_size / 1e9:.1f} GB", flush=True)
        environment = {**os.environ, "TRACKER_DB_URL": f"sqlite:///{store}"}
        command = [sys.executable, "-m", "bot.insights", "--days", "30", "--out", f"{folder}/report"]
        started = time.monotonic()
        subprocess.run(command, check=True, env=environment, cwd=ROOT, stdout=subprocess.DEVNULL)
        seconds = time.monotonic() - started
        report = json.loads((Path(folder) / "report" / "insights.json").read_text("utf-8"))
        assert (report["conversations"], report["messages"]) == (known.conversations, known.messages)
        size = store.stat().st_size
    memory = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss / 1024
    result = {
        "messages of both sides": messages,
        "conversations": known.conversations,
        "events": known.events,
        "store in MB": round(size / 1e6),
        "seconds": round(seconds, 1),
        "memory in MB": round(memory),
    }
    print(json.dumps(result, indent=2))
    print(write("insights", result))


if __name__ == "__main__":
    main()
