from collections.abc import Iterator

import pytest

from bot.knowledge import KnowledgeBase
from bot.knowledge.current import knowledge
from bot.training import train
from evaluation.in_process import InProcessBot
from evaluation.server import PROJECT, live_bot


@pytest.fixture(scope="session")
def kb() -> KnowledgeBase:
    return knowledge()


@pytest.fixture(scope="session")
def bot() -> InProcessBot:
    return InProcessBot()


@pytest.fixture(scope="session")
def url() -> Iterator[str]:
    train(PROJECT)
    with live_bot() as url:
        yield url
