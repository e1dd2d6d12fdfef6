from collections.abc import Iterator

import pytest

from bot.training import train
from evaluation.server import PROJECT, live_bot


@pytest.fixture(scope="session")
def url() -> Iterator[str]:
    """A live bot with a short patience for slow clients."""
    train(PROJECT)
    with live_bot() as url:
        yield url
