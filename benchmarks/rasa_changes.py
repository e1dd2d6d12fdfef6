"""What each change of Rasa gains (bot/rasa_changes/changes.py): the same work with and without it, in turn.

``python -m benchmarks.rasa_changes`` prints, for each change, the medians with it and without it, and the median of
their differences: of one message in a conversation of fifty turns and more, and of reading and merging 1,000 examples
with an annotation each.
"""

from __future__ import annotations

import asyncio
import os
import statistics
import tempfile
import time
from collections.abc import Awaitable, Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from benchmarks.machine import PROJECT
from bot.rasa_changes import changes
from bot.rasa_changes.changes import CHANGES, Change

_PAIRS = 120
_READINGS = 5
_EXAMPLES = 1_000
_TURNS_BEFORE = 50
# Their embeddings are in the encoder's cache after the first time: they are not what is measured.
_QUESTIONS = ("what tools do ML engineers use", "and AI?", "how do the two differ", "/ask_tools", "what do they earn")


@contextmanager
def without(change: Change) -> Iterator[None]:
    """Rasa's own in the place of one change, while the others stay."""
    owner, name = changes.owner_of(change.target)
    ours = owner.__dict__[name]
    setattr(owner, name, changes.original(change.target))
    try:
        yield
    finally:
        setattr(owner, name, ours)


def shown(change: Change, ours: list[float], stock: list[float]) -> str:
    """One line of figures, in milliseconds."""
    gain = statistics.median(theirs - own for own, theirs in zip(ours, stock, strict=True))
    medians = f"{statistics.median(ours):9.2f} {statistics.median(stock):9.2f} {gain:+9.2f} ms"
    return f"{medians}  {change.target}"


async def of_messages() -> None:
    """Print the gain for a message of each change that counts in the server."""
    from rasa.core.channels.channel import UserMessage

    from bot.channels.rest.output import RestOutput
    from bot.server.assistant import Assistant
    from bot.settings import Settings
    from bot.training import train

    with tempfile.TemporaryDirectory() as state:
        assistant = Assistant(Settings(state_dir=Path(state)), [train(PROJECT)[0]])
        assert await assistant.load()
        asked = 0

        async def ask() -> float:
            nonlocal asked
            asked += 1
            # Two conversations, so that what is compared are the same turns.
            text = _QUESTIONS[asked // 2 % len(_QUESTIONS)]
            message = UserMessage(text, RestOutput(), f"sender-{asked % 2}")
            began = time.perf_counter()
            assert assistant.agent
            await assistant.agent.handle_message(message)
            return 1000 * (time.perf_counter() - began)

        for _ in range(2 * _TURNS_BEFORE):
            await ask()
        for change in CHANGES:
            if "server" in change.scopes:
                print(shown(change, *await _in_turn(change, ask)), flush=True)
        await assistant.close()


async def _in_turn(change: Change, work: Callable[[], Awaitable[float]]) -> tuple[list[float], list[float]]:
    ours, stock = [], []
    for _ in range(_PAIRS):
        ours.append(await work())
        with without(change):
            stock.append(await work())
    return ours, stock


def of_training(folder: Path) -> None:
    """Print the gain for reading and merging examples of each change that counts there."""
    from rasa.shared.importers.rasa import RasaFileImporter

    changes.apply("training")
    file = folder / "nlu.yml"
    examples = "".join(f'    - what about [robot {n}]{{"entity": "thing"}}\n' for n in range(_EXAMPLES))
    file.write_text(f'version: "3.1"\nnlu:\n- intent: ask\n  examples: |\n{examples}', encoding="utf-8")

    def read() -> float:
        began = time.perf_counter()
        data = RasaFileImporter(None, None, [str(file)]).get_nlu_data()
        data.merge(data)
        return 1000 * (time.perf_counter() - began)

    for change in CHANGES:
        if "training" in change.scopes:
            ours, stock = [], []
            for _ in range(_READINGS):
                ours.append(read())
                with without(change):
                    stock.append(read())
            print(shown(change, ours, stock), flush=True)


if __name__ == "__main__":
    os.environ["RASA_TELEMETRY_ENABLED"] = "false"
    os.chdir(PROJECT)
    from bot.observe.logs import configure_logging

    configure_logging(show_text=False)
    print("  with it   without      gain", flush=True)
    asyncio.run(of_messages())
    with tempfile.TemporaryDirectory() as folder:
        of_training(Path(folder))
