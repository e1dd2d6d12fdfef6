"""The NLU pipeline of the trained model, without a server."""

import asyncio
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from bot.training import train

PROJECT = Path(__file__).resolve().parents[2]


@pytest.fixture(scope="session")
def parse() -> Callable[[str], dict[str, Any]]:
    from rasa.core.agent import Agent

    model, _ = train(PROJECT)
    agent = Agent.load(str(model))
    loop = asyncio.new_event_loop()
    return lambda text: loop.run_until_complete(agent.parse_message(text))
