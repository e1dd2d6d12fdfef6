"""A live bot for tests and evaluations: started on a free loopback port, asked over REST, stopped afterwards."""

from __future__ import annotations

import json
import os
import socket
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request
import uuid
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from http.client import HTTPConnection
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

PROJECT = Path(__file__).resolve().parents[1]
_START_SECONDS = 90


class ServerError(RuntimeError):
    """The bot did not start or could not be reached; the message holds the end of its log."""


@contextmanager
def live_bot(settings: Mapping[str, str] | None = None) -> Iterator[str]:
    """Start the bot of this checkout with ``settings`` as environment variables; yields its URL, without limits.

    Raises ServerError when it is not healthy in time.
    """
    with live_process(settings) as (url, _):
        yield url


@contextmanager
def live_process(settings: Mapping[str, str] | None = None) -> Iterator[tuple[str, subprocess.Popen[bytes]]]:
    """Like ``live_bot``, with the server's process, which may be killed."""
    with tempfile.TemporaryDirectory() as state, socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
        probe.close()
        log = Path(state) / "log"
        environment = {
            **os.environ,
            "RATE_LIMIT_PER_MINUTE": "0",
            "RATE_LIMIT_PER_ADDRESS": "0",
            "STATE_DIR": state,
            "TRACKER_DB_URL": "",
            **(settings or {}),
            "PORT": str(port),
            "HOST": "127.0.0.1",
        }
        with log.open("wb") as output:
            process = subprocess.Popen(
                [sys.executable, "-m", "bot", "serve"], cwd=PROJECT, env=environment, stdout=output, stderr=output
            )
        url = f"http://127.0.0.1:{port}"
        try:
            _wait_until_healthy(url, process, log)
            yield url, process
        finally:
            process.terminate()
            try:
                process.wait(10)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()


def _wait_until_healthy(url: str, process: subprocess.Popen[bytes], log: Path) -> None:
    end = time.monotonic() + _START_SECONDS
    while time.monotonic() < end and process.poll() is None:
        try:
            with urllib.request.urlopen(f"{url}/health", timeout=2) as answer:
                if answer.status == 200:
                    return
        except (OSError, urllib.error.URLError):
            time.sleep(0.1)
    raise ServerError(f"the bot is not healthy:\n{log.read_text(errors='replace')[-2000:]}")


class Conversation:
    """One conversation over a kept connection."""

    def __init__(self, url: str, sender: str | None = None) -> None:
        parts = urlsplit(url)
        self._connection = HTTPConnection(parts.hostname or "127.0.0.1", parts.port or 80, timeout=60)
        self.sender = sender or uuid.uuid4().hex

    def say(self, message: str) -> list[dict[str, Any]]:
        """Send a message; returns the bot's messages. Raises ServerError for any other answer than 200."""
        body = json.dumps({"sender": self.sender, "message": message})
        self._connection.request("POST", "/webhooks/rest/webhook", body.encode(), {"Content-Type": "application/json"})
        answer = self._connection.getresponse()
        content = answer.read()
        if answer.status != 200:
            raise ServerError(f"HTTP {answer.status}: {content[:300]!r}")
        result: list[dict[str, Any]] = json.loads(content)
        return result

    def ask(self, message: str) -> tuple[str, dict[str, Any]]:
        """Send a message; returns the text of all bubbles and the ``custom`` object of the last that has one."""
        messages = self.say(message)
        custom: dict[str, Any] = next((m["custom"] for m in reversed(messages) if m.get("custom")), {})
        return "\n".join(m.get("text", "") for m in messages), custom
