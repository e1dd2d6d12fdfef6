from collections.abc import Iterator

import pytest

from benchmarks.fuzz.trusted import SETTINGS
from bot.training import train
from evaluation.server import PROJECT, live_bot


@pytest.fixture(scope="session")
def url() -> Iterator[str]:
    """A live bot with all routes switched on."""
    train(PROJECT)
    with live_bot(SETTINGS) as url:
        yield url
