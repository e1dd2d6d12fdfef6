"""A message that is sent again, because its answer was lost on the way, gets its first answer and no second one."""

from __future__ import annotations

import asyncio
from collections import OrderedDict
from collections.abc import Callable, Coroutine
from typing import Any

Key = tuple[str, str]
Reply = list[dict[str, Any]]
_KEPT = 2_000
# Clients give up long before; what people wrote and read is not kept for longer than it is of use.
_KEPT_SECONDS = 600.0


class Replies:
    """The newest replies by conversation and message id."""

    def __init__(self, kept: int = _KEPT, seconds: float = _KEPT_SECONDS) -> None:
        self._kept = kept
        self._seconds = seconds
        self._tasks: OrderedDict[Key, asyncio.Task[Reply]] = OrderedDict()

    async def once(self, key: Key, answer: Callable[[], Coroutine[Any, Any, Reply]], keep: bool = True) -> Reply:
        """The reply for this key: the kept one, the one in the making, or a new one from ``answer``.

        The work goes on if the client that asked is gone. A failure is raised to all who wait for it,
        and never kept.
        """
        task = self._tasks.get(key)
        if task is None:
            task = asyncio.create_task(answer())
            self._tasks[key] = task
            task.add_done_callback(lambda done: self._settle(key, done, keep))
        return await asyncio.shield(task)

    async def forget(self, conversation: str) -> None:
        """Drop all replies of a conversation."""
        for key in [key for key in self._tasks if key[0] == conversation]:
            del self._tasks[key]

    def _settle(self, key: Key, task: asyncio.Task[Reply], keep: bool) -> None:
        if task.cancelled() or task.exception() or not keep:
            self._drop(key, task)
            return
        asyncio.get_running_loop().call_later(self._seconds, self._drop, key, task)
        while len(self._tasks) > self._kept:
            self._tasks.popitem(last=False)

    def _drop(self, key: Key, task: asyncio.Task[Reply]) -> None:
        if self._tasks.get(key) is task:
            del self._tasks[key]
