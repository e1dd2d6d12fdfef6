"""Sanic apps that start in a test's own process."""

from collections.abc import Iterator
from contextlib import contextmanager, nullcontext
from unittest.mock import patch

from sanic.touchup import TouchUp


@contextmanager
def starting() -> Iterator[None]:
    """Start a Sanic app in here, as often as one likes.

    Sanic rewrites its own code when an app starts, and fails if it did so before in the process.
    """
    touched = any(getattr(target, "__touched__", False) for target, _ in TouchUp._registry)
    with patch.object(TouchUp, "run") if touched else nullcontext():
        yield
