"""``python -m evaluation.bench``: what the bot costs on this machine, in one run; JSON goes to benchmarks/results/."""

from __future__ import annotations

import json
import platform
import statistics
import subprocess
import sys
import time
from collections.abc import Callable
from datetime import datetime, timezone
from functools import partial
from typing import Any

from bot.training import train
from evaluation.server import PROJECT, Conversation, live_bot

QUESTIONS = (
    "what tools do ML engineers use",
    "and AI",
    "who works with FPGAs",
    "how much do they earn",
    "should I pick AI or ML",
    "what do ML engineers do day to day, what tools do they use and do I need a degree",
)
CONVERSATIONS = 40


def server() -> dict[str, float]:
    """Seconds to healthy, milliseconds an answer over a kept connection, memory in MB of the one process."""
    train(PROJECT)
    started = time.perf_counter()
    times: list[float] = []
    several: list[float] = []
    with live_bot() as url:
        healthy = time.perf_counter() - started
        for number in range(CONVERSATIONS):
            conversation = Conversation(url)
            for question in QUESTIONS:
                before = time.perf_counter()
                # No two messages alike, so that no cached embedding helps.
                conversation.ask(f"{question} {number}")
                taken = 1000 * (time.perf_counter() - before)
                (several if question == QUESTIONS[-1] else times).append(taken)
        memory = _memory()
    return {
        "start_to_healthy_s": healthy,
        "answer_median_ms": statistics.median(times),
        "answer_p95_ms": statistics.quantiles(times, n=20)[18],
        "three_questions_median_ms": statistics.median(several),
        "memory_mb": memory,
    }


def tool(module: str) -> dict[str, float]:
    """The JSON object that a measuring module of the tests prints. Raises CalledProcessError when it fails."""
    command = [sys.executable, "-W", "ignore", "-m", module]
    done = subprocess.run(command, cwd=PROJECT, capture_output=True, text=True, check=True)
    found: dict[str, float] = json.loads(done.stdout.strip().splitlines()[-1])
    return found


def _memory() -> float:
    listing = subprocess.run(["ps", "-eo", "rss,args"], capture_output=True, text=True, check=True).stdout
    return max((int(line.split()[0]) for line in listing.splitlines() if "-m bot serve" in line), default=0) / 1024


def _commit() -> str:
    command = ["git", "rev-parse", "--short", "HEAD"]
    return subprocess.run(command, cwd=PROJECT, capture_output=True, text=True, check=False).stdout.strip() or "unknown"


def main() -> int:
    """Measure, print the table, write the JSON file; returns 0."""
    now = datetime.now(timezone.utc)
    results: dict[str, Any] = {"date": now.isoformat(timespec="seconds"), "commit": _commit()}
    results["machine"] = {"system": platform.platform(), "python": platform.python_version()}
    measures: dict[str, Callable[[], dict[str, float]]] = {
        "server": server,
        "widget": partial(tool, "tests.browser.timing"),
        "slack": partial(tool, "tests.slack.acknowledging"),
    }
    for name, measure in measures.items():
        results[name] = {key: round(float(value), 1) for key, value in measure().items()}
        for key, value in results[name].items():
            print(f"{name:<8} {key:<28} {value:10.1f}", flush=True)
    folder = PROJECT / "benchmarks" / "results"
    folder.mkdir(parents=True, exist_ok=True)
    target = folder / f"{now:%Y%m%d-%H%M%S}-{results['commit']}.json"
    target.write_text(json.dumps(results, indent=2) + "\n", encoding="utf-8")
    print(f"written to {target.relative_to(PROJECT)}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
