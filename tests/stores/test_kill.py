"""A process that is killed while it stores messages."""

import os
import random
import signal
import sqlite3
import subprocess
import sys
import textwrap
from collections.abc import Iterator
from pathlib import Path

import pytest

from .conversations import converse, store_in, texts, turn

PROJECT = Path(__file__).parents[2]
SCRIPT = """
    import asyncio, sys
    sys.path.insert(0, "tests")
    from pathlib import Path
    from stores.conversations import DOMAIN, opening, store_in, turn

    async def main(folder, first):
        store = store_in(folder)
        number = first
        while True:
            tracker = await store.get_or_create_tracker("visitor", append_action_listen=False)
            tracker.update_with_events(turn(number), DOMAIN)
            await store.save(tracker)
            print(number, flush=True)
            number += 1

    asyncio.run(main(Path(sys.argv[1]), int(sys.argv[2])))
"""


def acknowledged(folder: Path, first: int, enough: int) -> Iterator[int]:
    """Numbers of the messages that another process has stored, which is killed when it has stored enough."""
    command = [sys.executable, "-W", "ignore", "-c", textwrap.dedent(SCRIPT), str(folder), str(first)]
    process = subprocess.Popen(command, stdout=subprocess.PIPE, cwd=PROJECT)
    assert process.stdout
    try:
        for line in process.stdout:
            number = int(line)
            yield number
            if number == first + enough and process.poll() is None:
                os.kill(process.pid, signal.SIGKILL)
    finally:
        process.kill()
        process.wait()
        process.stdout.close()
    assert process.returncode == -signal.SIGKILL


@pytest.mark.parametrize("seed", range(2))
async def test_no_message_that_was_acknowledged_is_lost_and_none_is_there_twice(tmp_path: Path, seed: int) -> None:
    enough = random.Random(seed).randint(3, 40)
    last = max(acknowledged(tmp_path, 0, enough))
    store = store_in(tmp_path)
    stored = await texts(store, "visitor")
    assert stored == [f"hello {number}" for number in range(len(stored))]
    assert len(stored) in (last + 1, last + 2), "one more may be stored than could be acknowledged"
    with sqlite3.connect(tmp_path / "conversations.db") as connection:
        [(events, turns)] = connection.execute("SELECT events, user_turns FROM conversations").fetchall()
        assert connection.execute("SELECT COUNT(*), MAX(id) FROM events").fetchall() == [(events, events)]
        assert connection.execute("PRAGMA integrity_check").fetchall() == [("ok",)]
    assert turns == len(stored)
    assert (await store.retrieve("visitor")).get_slot("turn") == len(stored) - 1
    await converse(store, "visitor", turn(len(stored)))
    assert len(await texts(store, "visitor")) == len(stored) + 1
    store.close()
