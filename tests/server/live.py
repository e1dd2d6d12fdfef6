"""A tiny bot, trained once, and servers that run it, and the fixtures with them."""

from __future__ import annotations

import json
import os
import shutil
import signal
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import httpx
import pytest

ROOT = Path(__file__).parents[2]
TINY_BOT = Path(__file__).parent / "tiny_bot"
PATIENCE = 60.0
WEBHOOK = "/webhooks/rest/webhook"


class Server:
    """A running server process, its log, and a client for it."""

    def __init__(self, folder: Path, environment: dict[str, str], command: tuple[str, ...]) -> None:
        inherited = {name: value for name, value in os.environ.items() if not name.startswith("RASA")}
        # The folder comes first, so that its package `actions` is the one that is found.
        path = os.pathsep.join([str(folder), str(ROOT)])
        self.log: list[str] = []
        self.client = httpx.Client(timeout=30)
        self._came = threading.Condition()
        self._process = subprocess.Popen(
            [sys.executable, *command],
            cwd=folder,
            env={**inherited, "PYTHONPATH": path, "PORT": "0", **environment},
            stdout=subprocess.DEVNULL,
            stderr=subprocess.PIPE,
            text=True,
        )
        self._reader = threading.Thread(target=self._read)
        self._reader.start()

    def _read(self) -> None:
        assert self._process.stderr
        for line in self._process.stderr:
            with self._came:
                self.log.append(line)
                self._came.notify_all()

    @property
    def address(self) -> tuple[str, int]:
        """Host and port, for those who write HTTP themselves."""
        url = self.client.base_url
        return url.host, url.port or 80

    def logged(self, words: str) -> str:
        """Wait for a line of the log."""
        with self._came:
            found = self._came.wait_for(lambda: [line for line in self.log if words in line], PATIENCE)
        assert found, self.log
        return found[0]

    def ready(self) -> Server:
        """Wait until messages are answered."""
        self.client.base_url = httpx.URL(self.logged("Ready: ").split()[1])
        return self

    def stop(self, number: int = signal.SIGTERM) -> int:
        """Send a signal; returns the exit code. Fails if the server waits for what hangs in it (for ten minutes)."""
        self._process.send_signal(number)
        return self._process.wait(PATIENCE)

    def finished(self) -> int:
        """The exit code of a server that ends by itself."""
        code = self._process.wait(PATIENCE)
        self._reader.join()
        return code

    def close(self) -> None:
        self.client.close()
        self._process.kill()
        self._process.wait()
        self._reader.join()

    def send(self, message: Any, sender: Any = "somebody", **more: Any) -> httpx.Response:
        """Send one message over REST."""
        headers = more.pop("headers", {})
        body = json.dumps({"sender": sender, "message": message, **more})
        # Not httpx's own JSON, which has no lone surrogates.
        return self.client.post(WEBHOOK, content=body, headers={"Content-Type": "application/json", **headers})

    def conversation(self) -> tuple[str, dict[str, str]]:
        """A new conversation: its id and the headers that prove it to be ours."""
        made = self.client.post("/webhooks/rest/conversations", json={}).json()
        return made["sender"], {"Authorization": f"Bearer {made['token']}"}


def error(response: httpx.Response) -> tuple[int, str]:
    """Status and code of a refusal, which has to have its sentence."""
    body = response.json()["error"]
    assert set(body) == {"code", "message"}
    assert body["message"].endswith(".")
    return response.status_code, body["code"]


def texts(response: httpx.Response) -> list[str]:
    """The texts of an answer."""
    assert response.status_code == 200, response.text
    return [message["text"] for message in response.json()]


StartServer = Callable[..., Any]


@pytest.fixture(scope="session")
def tiny_bot(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of the tiny bot with its trained model."""
    folder = tmp_path_factory.mktemp("bot") / "tiny"
    shutil.copytree(TINY_BOT, folder, ignore=shutil.ignore_patterns("__pycache__"))
    subprocess.run(
        [sys.executable, "-m", "rasa", "train", "--quiet", "--out", "models"],
        cwd=folder,
        env={**os.environ, "RASA_TELEMETRY_ENABLED": "false"},
        check=True,
        capture_output=True,
    )
    return folder


@pytest.fixture(scope="session")
def running(tiny_bot: Path) -> StartServer:
    """Starts a server as a context manager; environment variables are given as keywords."""

    @contextmanager
    def run(
        folder: Path = tiny_bot, command: tuple[str, ...] = ("-m", "bot", "serve"), **environment: Any
    ) -> Iterator[Server]:
        server = Server(folder, {name: str(value) for name, value in environment.items()}, command)
        try:
            yield server
        finally:
            server.close()

    return run


@pytest.fixture(scope="session")
def server(running: StartServer) -> Iterator[Server]:
    """A server without rate limits, for whoever needs nothing special."""
    settings = {
        "RATE_LIMIT_PER_MINUTE": 0,
        "RATE_LIMIT_PER_ADDRESS": 0,
        "MESSAGE_TIMEOUT_SECONDS": 2,
        "ALLOWED_ORIGINS": "https://site.example",
    }
    with running(**settings) as process:
        yield process.ready()
