from collections.abc import Callable, Iterator

import pytest

from bot.training import train
from evaluation.server import PROJECT, Conversation, live_bot


@pytest.fixture(scope="session")
def url() -> Iterator[str]:
    train(PROJECT)
    with live_bot() as url:
        yield url


@pytest.fixture
def conversation(url: str) -> Conversation:
    return Conversation(url)


@pytest.fixture
def converse(url: str) -> Callable[..., list[tuple[str, dict]]]:
    """Hold a conversation; returns the text and the envelope of each reply."""

    def hold(*messages: str) -> list[tuple[str, dict]]:
        talk = Conversation(url)
        return [talk.ask(message) for message in messages]

    return hold
