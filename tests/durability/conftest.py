import subprocess
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from bot.training import train
from evaluation.server import PROJECT, live_process


@dataclass
class Bot:
    url: str
    process: subprocess.Popen[bytes]
    state: Path

    @property
    def database(self) -> Path:
        return self.state / "conversations.db"


@pytest.fixture(scope="session")
def bot(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Bot]:
    train(PROJECT)
    state = tmp_path_factory.mktemp("state")
    with live_process({"STATE_DIR": str(state)}) as (url, process):
        yield Bot(url, process, state)
