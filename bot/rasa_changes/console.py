"""``rasa shell`` with piped input."""

from __future__ import annotations

import asyncio
import sys
from typing import Any

from rasa.core.channels import console


async def next_line(previous: Any) -> str | None:
    """Stands in for the prompt: prints the last answer, then returns the next line of the input.

    At the end of the input that is None, which makes the console stop.
    """
    if previous is not None:
        console._print_bot_output(previous)
    line: str = await asyncio.to_thread(sys.stdin.readline)
    if not line:
        return None
    print(f"Your input -> {line.strip()}", flush=True)
    return line.strip()
