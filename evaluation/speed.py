"""``python -m evaluation.speed``: start, memory and latency of the bot on this machine, in one run."""

from __future__ import annotations

import statistics
import subprocess
import sys
import time

from bot.training import train
from evaluation.server import PROJECT, Conversation, live_bot

QUESTIONS = (
    "what tools do ML engineers use?",
    "and AI?",
    "who works with FPGAs?",
    "how much do they earn?",
    "should I pick AI or ML?",
    "hello",
)
CONVERSATIONS = 40


def memory(url: str) -> float:
    """Resident memory in MB of the process that listens on the port of ``url``."""
    port = url.rsplit(":", 1)[1]
    listing = subprocess.run(["ps", "-eo", "rss,args"], capture_output=True, text=True, check=True).stdout
    sizes = [int(line.split()[0]) for line in listing.splitlines() if "-m bot serve" in line]
    return max(sizes, default=0) / 1024 if port else 0.0


def main() -> int:
    """Measure and print; returns 0."""
    train(PROJECT)
    started = time.perf_counter()
    with live_bot() as url:
        print(f"start to healthy     {time.perf_counter() - started:6.1f} s")
        conversation = Conversation(url)
        times = []
        for index in range(CONVERSATIONS * len(QUESTIONS)):
            if index % len(QUESTIONS) == 0:
                conversation = Conversation(url)
            question = (
                f"{QUESTIONS[index % len(QUESTIONS)].rstrip('?')} {index}"  # no two alike, so no cached embedding helps
            )
            before = time.perf_counter()
            conversation.ask(question)
            times.append(1000 * (time.perf_counter() - before))
        print(f"answer, median       {statistics.median(times):6.1f} ms")
        print(f"answer, 95th of 100  {statistics.quantiles(times, n=20)[18]:6.1f} ms")
        print(f"memory, one process  {memory(url):6.0f} MB")
    return 0


if __name__ == "__main__":
    sys.exit(main())
