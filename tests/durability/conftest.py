import asyncio
import os
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from rasa.core.tracker_store import SQLTrackerStore, TrackerStore
from rasa.shared.core.domain import Domain
from rasa.shared.core.events import BotUttered, UserUttered
from rasa.shared.core.trackers import DialogueStateTracker

from bot.stores import WindowedTrackerStore
from bot.training import train
from evaluation.server import PROJECT, live_process

DAY = 86_400
SECRET = "a secret for tests only"


@dataclass
class Bot:
    url: str
    process: subprocess.Popen[bytes]
    state: Path

    @property
    def database(self) -> Path:
        return self.state / "conversations.db"

    @property
    def log(self) -> str:
        """What the server wrote to its log so far."""
        return Path(os.readlink(f"/proc/{self.process.pid}/fd/2")).read_text()


async def keep(store: TrackerStore, sender: str, text: str, age: float = 0.0) -> None:
    """Store a conversation of one turn, as old as that."""
    then = time.time() - age
    events = [UserUttered(text, timestamp=then, input_channel="rest"), BotUttered("Hello.", timestamp=then)]
    tracker = DialogueStateTracker.from_events(sender, events, ())
    await store.save(tracker)


def store_with(url: str, *conversations: tuple[str, str, float]) -> None:
    """A database with these conversations: id, text, age in seconds."""
    store = WindowedTrackerStore(None, url)
    for sender, text, age in conversations:
        asyncio.run(keep(store, sender, text, age))
    store.close()


def stock_store_with(file: Path, *conversations: tuple[str, str, float]) -> None:
    """The same in a database of Rasa's own store, as earlier versions of the bot kept it."""
    store = SQLTrackerStore(Domain.empty(), db=str(file))
    for sender, text, age in conversations:
        asyncio.run(keep(store, sender, text, age))
    store.engine.dispose()


@pytest.fixture(scope="session")
def bot(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Bot]:
    train(PROJECT)
    state = tmp_path_factory.mktemp("state")
    old, recent = ("of long ago", "how are you", 31 * DAY), ("of last week", "what is machine learning?", 7 * DAY)
    stock_store_with(state / "conversations.db", old, recent)
    settings = {"STATE_DIR": str(state), "RETENTION_DAYS": "30", "CONVERSATION_SECRET": SECRET}
    with live_process(settings) as (url, process):
        yield Bot(url, process, state)


Command = Callable[..., "subprocess.CompletedProcess[str]"]


@pytest.fixture
def command(tmp_path: Path) -> Command:
    """Run ``python -m bot`` with settings as an operator does; without a server at PORT unless one is given."""

    def run(*arguments: str, **settings: str) -> subprocess.CompletedProcess[str]:
        given = {"STATE_DIR": str(tmp_path), "TRACKER_DB_URL": "", "PORT": "0", "RETENTION_DAYS": "", **settings}
        line = [sys.executable, "-W", "ignore", "-m", "bot", *arguments]
        return subprocess.run(
            line, cwd=PROJECT, env={**os.environ, **given}, capture_output=True, text=True, timeout=60
        )

    return run
