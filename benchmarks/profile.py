"""``make profile``: where the time of one message goes, as a call tree: text on the terminal, HTML in var/profile.html.

The assistant is the one of ``make run`` with its stores in a temporary folder, without HTTP around it.
"""

from __future__ import annotations

import argparse
import asyncio
import sys
import tempfile
import uuid
from pathlib import Path

from bot.observe.logs import configure_logging

configure_logging(show_text=False)

from pyinstrument import Profiler  # noqa: E402
from rasa.core.channels.channel import UserMessage  # noqa: E402

from bot.channels.rest.output import RestOutput  # noqa: E402
from bot.server.assistant import Assistant  # noqa: E402
from bot.settings import Settings  # noqa: E402
from bot.training import train  # noqa: E402

PROJECT = Path(__file__).resolve().parents[1]
QUESTIONS = ("what tools do ML engineers use", "and AI", "who works with FPGAs", "how much do they earn")
TURNS = 5


async def ask(assistant: Assistant, messages: int, label: str) -> None:
    """Ask so many different messages in conversations of five. Raises RuntimeError for one without an answer."""
    assert assistant.agent
    for number in range(messages):
        if number % TURNS == 0:
            sender = uuid.uuid4().hex
        output = RestOutput()
        text = f"{QUESTIONS[number % len(QUESTIONS)]} {label}{number}"
        await assistant.agent.handle_message(UserMessage(text, output, sender, input_channel="rest"))
        if not output.messages:
            raise RuntimeError(f"no answer to {text!r}")


async def profiled(messages: int) -> Profiler:
    """The profile of so many messages, after as many again to warm up."""
    model, _ = train(PROJECT)
    with tempfile.TemporaryDirectory() as state:
        assistant = Assistant(Settings(state_dir=Path(state)), [model])
        if not await assistant.load():
            raise RuntimeError("the assistant cannot be loaded")
        await ask(assistant, messages, "a")
        profiler = Profiler(interval=0.0005, async_mode="disabled")
        profiler.start()
        await ask(assistant, messages, "b")
        profiler.stop()
        await assistant.close()
    return profiler


def main() -> int:
    """Profile, print the tree and write the HTML; returns the exit code."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.profile", description=__doc__)
    parser.add_argument("--messages", type=int, default=300)
    parser.add_argument("--html", type=Path, default=PROJECT / "var" / "profile.html")
    parser.add_argument("--all", action="store_true", help="show the frames of libraries as well")
    options = parser.parse_args()
    profiler = asyncio.run(profiled(options.messages))
    print(profiler.output_text(show_all=options.all, unicode=True))
    options.html.parent.mkdir(parents=True, exist_ok=True)
    options.html.write_text(profiler.output_html(), encoding="utf-8")
    print(f"The same tree to click through: {options.html}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
