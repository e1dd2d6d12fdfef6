"""What is typed into ``rasa shell``, or piped into it."""

from __future__ import annotations

import asyncio
import sys
from typing import Any

from rasa.core.channels import console

from bot.channels.text import normalised

_prompt = console._get_user_input


async def next_line(previous: Any) -> str | None:
    """Show the last answer, then return the next line, in the letters in which other channels hand it on.

    At the end of the input that is None, which makes the console stop.
    """
    text = await (_prompt(previous) if sys.stdin.isatty() else _piped(previous))
    return None if text is None else normalised(text).strip()


async def _piped(previous: Any) -> str | None:
    if previous is not None:
        console._print_bot_output(previous)
    line: str = await asyncio.to_thread(sys.stdin.readline)
    if not line:
        return None
    print(f"Your input -> {line.strip()}", flush=True)
    return line
