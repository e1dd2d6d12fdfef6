"""``python -m benchmarks.fuzz``: hostile requests to every route of a server that is started for it.

Half are made by schemathesis from /openapi.json, half are raw bytes (benchmarks/fuzz/raw.py), some of these signed as
by Slack or with the owner's password (benchmarks/fuzz/trusted.py), while other clients hold unfinished requests open.
No response may be a 5xx, not as described, hold another conversation's text or the program's insides; afterwards the
server has to be healthy and what it stores unchanged.
"""

from __future__ import annotations

import argparse
import json
import random
import socket
import sys
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from benchmarks.fuzz import described, raw
from benchmarks.fuzz.trusted import SETTINGS
from benchmarks.fuzz.watch import Watch, plant
from benchmarks.results import write
from evaluation.server import live_bot

_STUCK = 30


def fuzz(url: str, count: int, number: int, share: float = 0.5) -> Watch:
    """Send ``count`` hostile requests to a server, a ``share`` by schemathesis, the rest raw; ``number``: the seed."""
    watch = Watch(plant(url))
    with _stuck_clients(url):
        described.attack(url, watch, round(count * share), number)
        raw.attack(url, watch, count - watch.requests, number)
    watch.afterwards(url)
    return watch


@contextmanager
def _stuck_clients(url: str) -> Iterator[None]:
    """Clients that have begun a request, or do not read their answers, as long as the others are at work."""
    parts = urlsplit(url)
    with ExitStack() as stack:
        for n in range(_STUCK):
            connection = socket.create_connection((parts.hostname or "", parts.port or 80), timeout=5)
            stack.enter_context(connection)
            begun = [
                b"GET /hea",
                b"POST /webhooks/rest/webhook HTTP/1.1\r\nHost: x\r\nContent-Length: 50\r\n\r\n{",
                b"",
            ][n % 3]
            connection.sendall(begun)
        yield


def main() -> int:
    """Run it, print what was found, write the result; returns 1 if anything was found."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.fuzz", description="Hostile requests to every route.")
    parser.add_argument("--requests", type=int, default=20_000, help="how many (default: 20,000)")
    parser.add_argument("--parts", type=int, default=4, help="how many servers, one after another, share them")
    parser.add_argument("--onto", metavar="FILE", help="add what is found to an earlier result")
    parser.add_argument("--seed", type=int, default=random.randrange(1_000_000))
    options = parser.parse_args()
    began = time.monotonic()
    parts: list[Watch] = []
    for part in range(options.parts):
        with live_bot(SETTINGS) as url:
            parts.append(fuzz(url, options.requests // options.parts, options.seed + part))
        print(f"{sum(each.requests for each in parts):,} of {options.requests:,} requests", flush=True)
    result = summary(parts) | {"seeds": [options.seed], "seconds": round(time.monotonic() - began)}
    if options.onto:
        earlier = json.loads(Path(options.onto).read_text(encoding="utf-8"))["fuzz"]
        result = added(earlier, result)
        Path(options.onto).unlink()
    for finding in result["findings"]:
        print(finding)
    print(json.dumps(result["statuses"]))
    print(f"{result['requests']:,} requests, {len(result['findings'])} findings. {write('fuzz', result)}")
    return 1 if result["findings"] else 0


def summary(parts: list[Watch]) -> dict[str, Any]:
    """What several runs counted, together."""
    statuses: Counter[str] = sum((part.statuses for part in parts), Counter())
    kinds: Counter[str] = sum((part.kinds for part in parts), Counter())
    return {
        "requests": sum(part.requests for part in parts),
        "findings": [finding for part in parts for finding in part.findings],
        "statuses": dict(sorted(statuses.items())),
        "kinds": dict(sorted(kinds.items())),
    }


def added(one: Any, other: Any) -> Any:
    """Two results as one: numbers are added, lists follow each other."""
    if isinstance(one, dict):
        shared = one.keys() & other.keys()
        return dict(sorted({**one, **other, **{key: added(one[key], other[key]) for key in shared}}.items()))
    return one + other


if __name__ == "__main__":
    sys.exit(main())
