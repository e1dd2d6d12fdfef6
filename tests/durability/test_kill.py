"""The server is killed while it answers, and started again on what it left behind."""

import os
import signal
import sqlite3
import threading
from pathlib import Path

from bot.training import train
from evaluation.server import PROJECT, live_process

from .clients import Visitor, say, stored_messages

VISITORS = 4
ENOUGH = 25


def test_kill_9_loses_no_acknowledged_message_and_repeats_none(tmp_path: Path) -> None:
    train(PROJECT)
    settings = {"STATE_DIR": str(tmp_path)}
    visitors = [Visitor(f"visitor-{number}") for number in range(VISITORS)]
    enough = threading.Event()

    def talk(visitor: Visitor, url: str) -> None:
        while visitor.ask(url):
            if sum(len(each.acknowledged) for each in visitors) >= ENOUGH:
                enough.set()

    with live_process(settings) as (url, process):
        threads = [threading.Thread(target=talk, args=(visitor, url)) for visitor in visitors]
        for thread in threads:
            thread.start()
        assert enough.wait(60)
        os.kill(process.pid, signal.SIGKILL)
        for thread in threads:
            thread.join()
    database = tmp_path / "conversations.db"
    for visitor in visitors:
        stored = stored_messages(database, visitor.name)
        assert stored[: len(visitor.acknowledged)] == visitor.acknowledged
        assert len(stored) - len(visitor.acknowledged) in (0, 1), "one may be stored whose answer was not sent"

    with live_process({**settings, "LOG_TEXT": "on"}) as (url, process):
        for visitor in visitors:
            last, reply = visitor.acknowledged[-1], visitor.replies[visitor.acknowledged[-1]]
            # As if the last answer had been lost on its way.
            assert say(url, visitor.name, "sent again", message_id=last)[2] == reply
            while len(visitor.acknowledged) % 3 != 2:
                assert visitor.ask(url)
            assert visitor.ask(url)
            followed_up = visitor.replies[visitor.acknowledged[-2]][0]["custom"]
            assert followed_up["topics"] == ["tools"]
            assert followed_up["roles"] == ["ai_engineer"]
            assert stored_messages(database, visitor.name) == visitor.acknowledged
        log = Path(os.readlink(f"/proc/{process.pid}/fd/2")).read_text()
        assert f"{visitors[0].name}: thanks" in log, "LOG_TEXT=on shows what was written"
    with sqlite3.connect(database) as connection:
        assert connection.execute("PRAGMA integrity_check").fetchall() == [("ok",)]
        assert connection.execute("PRAGMA journal_mode").fetchall() == [("wal",)]
