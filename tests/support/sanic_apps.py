"""Sanic apps that start in a test's own process."""

from contextlib import nullcontext
from typing import Any
from unittest.mock import patch

from sanic.touchup import TouchUp


async def startup(server: Any) -> None:
    """``server.startup()``, as often as one likes: Sanic rewrites its own code when an app starts, and fails if it did
    so before in the process."""
    touched = any(getattr(target, "__touched__", False) for target, _ in TouchUp._registry)
    with patch.object(TouchUp, "run") if touched else nullcontext():
        await server.startup()
