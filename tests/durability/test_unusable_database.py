"""A database that cannot be used for a while: clear refusals meanwhile, and nothing to do afterwards."""

import resource
import sqlite3
import time
from collections.abc import Callable
from typing import Any

from .clients import request, say, stored_messages
from .conftest import Bot


def refused(status: int, headers: dict[str, str], body: Any) -> bool:
    """Whether this is the 503 of the contract."""
    error = body["error"]
    return status == 503 and int(headers["retry-after"]) > 0 and error["message"].endswith(".") and bool(error["code"])


def until(true: Callable[[], bool], seconds: float = 15) -> bool:
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
