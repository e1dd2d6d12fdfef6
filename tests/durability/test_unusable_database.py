"""A database that cannot be used for a while: clear refusals meanwhile, and nothing to do afterwards."""

import resource
import sqlite3
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from benchmarks.daemons import free_port
from bot.training import train
from evaluation.server import PROJECT
from tests.server.live import Server

from .clients import request, say, stored_messages
from .conftest import Bot, Command, store_with


def refused(status: int, headers: dict[str, str], body: Any) -> bool:
    """Whether this is the 503 of the contract."""
    error = body["error"]
    return status == 503 and int(headers["Retry-After"]) > 0 and error["message"].endswith(".") and bool(error["code"])


def until(true: Callable[[], bool], seconds: float = 60) -> bool:
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        if true():
            return True
        time.sleep(0.1)
    return true()


def health(bot: Bot) -> tuple[int, str]:
    status, _, parts = request(bot.url, "GET", "/health")
    return status, parts["store"]


def test_a_locked_file_gives_503_and_recovers(bot: Bot) -> None:
    assert say(bot.url, "locked", "what tools do ML engineers use?", message_id="1")[0] == 200
    other = sqlite3.connect(bot.database, isolation_level=None)
    other.execute("BEGIN IMMEDIATE")
    assert refused(*say(bot.url, "locked", "and AI?", message_id="2"))
    assert health(bot) == (503, "failing")
    other.execute("ROLLBACK")
    other.close()
    assert until(lambda: health(bot) == (200, "ok"))
    status, _, (reply, *_) = say(bot.url, "locked", "and AI?", message_id="2")
    assert status == 200
    assert reply["custom"]["topics"] == ["tools"]
    assert stored_messages(bot.database, "locked") == ["1", "2"]


def test_a_full_disk_gives_503_and_recovers(bot: Bot) -> None:
    assert say(bot.url, "full", "what tools do ML engineers use?", message_id="1")[0] == 200
    before = resource.prlimit(bot.process.pid, resource.RLIMIT_FSIZE)
    try:
        # No file may grow beyond this: to the server that is a disk without room.
        resource.prlimit(bot.process.pid, resource.RLIMIT_FSIZE, (4096, before[1]))
        assert refused(*say(bot.url, "full", "and AI?", message_id="2"))
        assert health(bot) == (503, "failing")
    finally:
        resource.prlimit(bot.process.pid, resource.RLIMIT_FSIZE, before)
    assert until(lambda: health(bot) == (200, "ok"))
    status, _, (reply, *_) = say(bot.url, "full", "and AI?", message_id="2")
    assert status == 200
    assert reply["custom"]["topics"] == ["tools"]
    assert stored_messages(bot.database, "full") == ["1", "2"]


def test_a_damaged_database_at_the_start_names_the_way_out_and_waits_for_it(tmp_path: Path, command: Command) -> None:
    database, backup = tmp_path / "conversations.db", tmp_path / "backup.db"
    store_with(str(database), ("visitor", "hello", 0))
    assert command("backup", str(backup)).returncode == 0
    database.write_bytes(b"something else " * 1_000)
    train(PROJECT)
    port = free_port()
    server = Server(
        PROJECT, {"STATE_DIR": str(tmp_path), "TRACKER_DB_URL": "", "PORT": str(port)}, ("-m", "bot", "serve")
    )
    try:
        line = server.logged("is damaged")
        assert "make restore FILE=... REPLACE=1" in line
        url = f"http://127.0.0.1:{port}"
        status, _, parts = request(url, "GET", "/health")
        assert (status, parts["status"], parts["store"]) == (503, "failing", "failing")
        status, _, body = say(url, "visitor", "hello")
        assert (status, body["error"]["code"]) == (503, "unavailable")
        assert command("restore", "--replace", str(backup)).returncode == 0
        server.ready()
        assert say(url, "another", "hello")[0] == 200
        with sqlite3.connect(database) as connection:
            assert connection.execute("SELECT sender_id FROM conversations ORDER BY 1").fetchall() == [
                ("another",),
                ("visitor",),
            ]
        assert len([each for each in server.log if "is damaged" in each]) == 1
    finally:
        server.close()
