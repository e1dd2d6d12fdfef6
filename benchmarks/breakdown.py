"""Where the time of one message of this bot goes, by wrapping the parts of Rasa's processor in this process."""

from __future__ import annotations

import asyncio
import importlib
import inspect
import json
import subprocess
import sys
import time
from collections import defaultdict
from collections.abc import Callable
from functools import wraps
from typing import Any

from benchmarks.machine import PROJECT
from benchmarks.sections import Pair, Result

_taken: dict[str, float] = defaultdict(float)


def breakdown(pair: Pair) -> Result:
    """Milliseconds a message by part: components of the NLU, policies, action, rendering, store, everything."""
    command = [sys.executable, "-W", "ignore", "-m", "benchmarks.breakdown", str(pair.sizes.messages)]
    done = subprocess.run(command, cwd=PROJECT, capture_output=True, text=True, check=True)
    return {pair.bots[0].name: json.loads(done.stdout.splitlines()[-1])}


def timed(name: str, function: Callable[..., Any]) -> Callable[..., Any]:
    """The function, adding the seconds of its calls to the part ``name``."""

    if inspect.iscoroutinefunction(function):

        @wraps(function)
        async def later(*arguments: Any, **options: Any) -> Any:
            started = time.perf_counter()
            try:
                return await function(*arguments, **options)
            finally:
                _taken[name] += time.perf_counter() - started

        return later

    @wraps(function)
    def now(*arguments: Any, **options: Any) -> Any:
        started = time.perf_counter()
        try:
            return function(*arguments, **options)
        finally:
            _taken[name] += time.perf_counter() - started

    return now


def _watch(agent: Any) -> None:
    advice: Any = importlib.import_module("actions.advice")
    processor = agent.processor
    for name, node in processor.graph_runner._instantiated_nodes.items():
        kind = node._component_class.__name__
        if "Policy" in kind or "Ensemble" in kind:
            part = f"policies {kind}"
        elif name.startswith("run_"):
            part = f"nlu {kind}"
        else:
            continue
        node._fn = timed(part, node._fn)
    store = processor.tracker_store
    for method in ("retrieve", "save"):
        setattr(store, method, timed(f"store {method}", getattr(store, method)))
    endpoint = agent.action_endpoint
    endpoint.request = timed("action call, advice and rendering included", endpoint.request)
    advice.reply = timed("action: advice", advice.reply)
    advice.say = timed("action: rendering", advice.say)
    processor.parse_message = timed("nlu, all with thread", processor.parse_message)
    processor._run_prediction_loop = timed("prediction loop, all", processor._run_prediction_loop)


async def _measure(messages: int) -> dict[str, float]:
    # Imports Rasa, which takes seconds.
    import tempfile
    from pathlib import Path

    from benchmarks.profile import ask
    from bot.server.assistant import Assistant
    from bot.settings import Settings
    from bot.training import train

    model, _ = train(PROJECT)
    with tempfile.TemporaryDirectory() as state:
        assistant = Assistant(Settings(state_dir=Path(state)), [model])
        await assistant.load()
        await ask(assistant, 50, "warm-up ")
        _watch(assistant.agent)
        started = time.perf_counter()
        await ask(assistant, messages, "")
        _taken["everything but HTTP"] = time.perf_counter() - started
        await assistant.close()
    return {f"{name} ms": 1000 * seconds / messages for name, seconds in _taken.items()}


if __name__ == "__main__":
    print(json.dumps(asyncio.run(_measure(int(sys.argv[1])))))
