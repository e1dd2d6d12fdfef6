"""Making reports beside the server: in a process of their own, one at a time, kept for some minutes."""

from __future__ import annotations

import asyncio
import logging
import sys
import time
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

PERIODS = (7, 30, 90)
"""The periods that the page offers, in days: few, so that the kept reports are few."""

KEPT_SECONDS = 300.0
PATIENCE_SECONDS = 10.0
"""How long a request waits for its report before it is told to come back."""

_LONGEST_SECONDS = 600.0
logger = logging.getLogger(__name__)


class ReportFailed(Exception):
    """The report could not be made; the log says why."""


@dataclass
class _Kept:
    made: float
    folder: Path


class Reports:
    """The reports of one server, by number of days."""

    def __init__(self, state_dir: Path) -> None:
        self._folder = state_dir / "insights"
        self._kept: dict[int, _Kept] = {}
        self._making: dict[int, asyncio.Task[Path]] = {}
        self._turn = asyncio.Lock()

    async def get(self, days: int) -> Path | None:
        """The folder of the report, at most some minutes old; None if it takes longer. Raises ReportFailed."""
        kept = self._kept.get(days)
        if kept and time.monotonic() - kept.made < KEPT_SECONDS:
            return kept.folder
        task = self._making.get(days)
        if task is None:
            task = self._making[days] = asyncio.create_task(self._make(days))
        # The task goes on if this request is given up.
        done, _ = await asyncio.wait({task}, timeout=PATIENCE_SECONDS)
        if not done:
            return None
        self._making.pop(days, None)
        return task.result()

    async def close(self) -> None:
        """Stop making reports."""
        for task in self._making.values():
            task.cancel()
        await asyncio.gather(*self._making.values(), return_exceptions=True)

    async def _make(self, days: int) -> Path:
        folder = self._folder / str(days)
        arguments = ["--days", str(days), "--out", str(folder), "--quiet", "--links", *map(str, PERIODS)]
        async with self._turn:
            # A process of its own: neither its computing nor its memory is the server's.
            process = await asyncio.create_subprocess_exec(
                sys.executable, "-m", "bot.insights", *arguments, stdin=asyncio.subprocess.DEVNULL
            )
            try:
                code = await asyncio.wait_for(process.wait(), _LONGEST_SECONDS)
            except asyncio.TimeoutError:
                code = -1
            finally:
                if process.returncode is None:
                    with suppress(ProcessLookupError):
                        process.kill()
                    await process.wait()
        if code:
            logger.error("The report for /insights failed with exit code %d.", code)
            raise ReportFailed
        self._kept[days] = _Kept(time.monotonic(), folder)
        return folder
