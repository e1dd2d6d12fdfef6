"""``python -m evaluation FILE.jsonl [...]``: pass rates per kind and topic against a live bot."""

from __future__ import annotations

import argparse
import sys
from collections import defaultdict
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path

from evaluation.questions import Item, QuestionFileError, read
from evaluation.server import Conversation, ServerError, live_bot


def grade(url: str, items: Iterable[Item]) -> Iterator[tuple[Item, str, list[str]]]:
    """Hold each item's conversation; yields the item, the last reply and its problems."""
    for item in items:
        conversation = Conversation(url)
        reply = ""
        for turn in item.turns:
            reply, _ = conversation.ask(turn)
        yield item, reply, item.problems(reply)


def table(results: list[tuple[Item, str, list[str]]], label: str) -> list[str]:
    """Lines with passed, total and rate for each value of ``label``."""
    counts: dict[str, list[int]] = defaultdict(lambda: [0, 0])
    for item, _, problems in results:
        name = item.kind if label == "kind" else item.labels[label]
        counts[name][0] += not problems
        counts[name][1] += 1
    return [f"  {name:<20} {ok:4d}/{n:<4d} {100 * ok / n:5.1f} %" for name, (ok, n) in sorted(counts.items())]


@contextmanager
def _server(url: str | None) -> Iterator[str]:
    if url:
        yield url.rstrip("/")
        return
    with live_bot() as started:
        yield started


def main() -> int:
    """Grade files; returns 0, 1 for a file that cannot be read, 2 for a bot that cannot be reached."""
    parser = argparse.ArgumentParser(prog="python -m evaluation", description=__doc__)
    parser.add_argument("files", nargs="+", type=Path)
    parser.add_argument("--url", help="a running bot, such as http://localhost:5005 (default: start one)")
    parser.add_argument("--failures", type=int, default=10, help="how many failures to print")
    arguments = parser.parse_args()
    try:
        items = [item for path in arguments.files for item in read(path)]
        with _server(arguments.url) as url:
            results = list(grade(url, items))
    except (QuestionFileError, FileNotFoundError) as problem:
        print(problem, file=sys.stderr)
        return 1
    except (ServerError, OSError) as problem:
        print(problem, file=sys.stderr)
        return 2
    for label in ("kind", "topic"):
        print(f"by {label}", *table(results, label), sep="\n")
    failures = [result for result in results if result[2]]
    for item, reply, problems in failures[: arguments.failures]:
        print(f"\nFAILED {item.id} [{item.kind}] {' >> '.join(item.turns)}\n  -> {' '.join(reply.split())[:300]}")
        print(*(f"  {problem}" for problem in problems), sep="\n")
    print(f"\n{len(results) - len(failures)} passed, {len(failures)} failed")
    return 0


if __name__ == "__main__":
    sys.exit(main())
