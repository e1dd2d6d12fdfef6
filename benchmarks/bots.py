"""The two bots that are compared: how each is trained, started, asked, and what it takes."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request
from abc import ABC, abstractmethod
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path

from benchmarks import baseline_project as baseline
from benchmarks.daemons import free_port
from benchmarks.machine import PROJECT, proportional_memory

ROUTE = "/webhooks/rest/webhook"
_LONGEST_START = 240
_NOT_COPIED = ("models", ".rasa", ".git", ".venv", ".tools", "node_modules", "baseline", "results", "var", "web")


class BenchmarkError(RuntimeError):
    """A bot does not train, start or answer; the message holds the end of its log."""


@dataclass(frozen=True)
class Running:
    """A bot that answers: its address, its processes, and the seconds from start to its first answer."""

    url: str
    processes: tuple[int, ...]
    seconds: float

    def memory(self) -> float:
        """Proportional set size of all its processes in MB."""
        return sum(proportional_memory(process) for process in self.processes)


class Bot(ABC):
    """What the sections of the benchmark need of a bot; every question is answered by a custom action."""

    name: str
    folder: Path
    environment_folders: tuple[Path, ...]
    questions: tuple[str, ...]
    environment: Mapping[str, str] = {}

    @abstractmethod
    def training(self, project: Path) -> list[str]:
        """The command that trains in a project folder, if need be."""

    @abstractmethod
    def commands(self, port: int, actions_port: int) -> list[list[str]]:
        """The commands that together serve on a port."""

    def train(self, project: Path, cache: Path) -> float:
        """Seconds that training takes, with Rasa's caches in the folder ``cache``. Raises BenchmarkError."""
        environment = {**os.environ, **self.environment, "RASA_CACHE_DIRECTORY": str(cache)}
        started = time.perf_counter()
        done = subprocess.run(
            self.training(project), cwd=project, env=environment, capture_output=True, text=True, check=False
        )
        if done.returncode:
            raise BenchmarkError((done.stdout + done.stderr)[-2000:])
        return time.perf_counter() - started

    def copy(self, target: Path) -> Path:
        """A copy of the project without a model, to be trained in. Returns its folder."""
        ignored = shutil.ignore_patterns(
            "models", ".rasa", ".git", ".venv", ".tools", "node_modules", "baseline", "var"
        )
        return Path(shutil.copytree(self.folder, target, ignore=ignored))

    @contextmanager
    def running(self, settings: Mapping[str, str] | None = None, folder: Path | None = None) -> Iterator[Running]:
        """Start it with environment variables, on loopback, and wait for its first answer; stop it afterwards."""
        with tempfile.TemporaryDirectory() as state, ExitStack() as stack:
            port, actions_port = free_port(), free_port()
            environment = {**os.environ, **self.environment, "STATE_DIR": state, **(settings or {})}
            log = Path(state) / "log"
            output = stack.enter_context(log.open("wb"))
            started = time.perf_counter()
            processes = []
            for command in self.commands(port, actions_port):
                environment["PORT"], environment["ACTIONS_PORT"] = str(port), str(actions_port)
                process = subprocess.Popen(
                    command, cwd=folder or self.folder, env=environment, stdout=output, stderr=output
                )
                stack.callback(_stop, process)
                processes.append(process)
            url = f"http://127.0.0.1:{port}"
            while not _answers(url, self.questions[0]):
                if time.perf_counter() - started > _LONGEST_START or any(p.poll() is not None for p in processes):
                    raise BenchmarkError(f"{self.name} does not start:\n{log.read_text(errors='replace')[-2000:]}")
                time.sleep(0.05)
            try:
                yield Running(url, tuple(p.pid for p in processes), time.perf_counter() - started)
            except BenchmarkError as problem:
                raise BenchmarkError(f"{problem}\n{log.read_text(errors='replace')[-2000:]}") from problem


class ThisBot(Bot):
    """The bot of this checkout, with its limits off."""

    name = "this bot"
    folder = PROJECT
    environment_folders = (PROJECT / ".venv",)
    environment = {"RATE_LIMIT_PER_MINUTE": "0", "RATE_LIMIT_PER_ADDRESS": "0", "MAX_PENDING_MESSAGES": "1000"}
    questions = (
        "what tools do ML engineers use",
        "and AI",
        "who works with FPGAs",
        "how much do they earn",
        "should I pick AI or ML",
    )

    def training(self, project: Path) -> list[str]:
        return [sys.executable, "-W", "ignore", "-m", "bot.training"]

    def commands(self, port: int, actions_port: int) -> list[list[str]]:
        return [[sys.executable, "-W", "ignore", "-m", "bot", "serve"]]


class StockBot(Bot):
    """Stock Rasa 3.6.21 as ``rasa init`` makes it, with one custom action on its own action server."""

    name = "stock rasa init"
    folder = baseline.FOLDER
    environment_folders = (baseline.BASELINE / ".venv",)
    environment = baseline.ENVIRONMENT
    questions = (
        "what tools do ML engineers use",
        "which tools do they work with",
        "tell me about the tools",
        "what is in their toolbox",
        "which frameworks do ML engineers use",
    )

    def training(self, project: Path) -> list[str]:
        return baseline.rasa("train", "--domain", "domain")

    def commands(self, port: int, actions_port: int) -> list[list[str]]:
        endpoints = baseline.BASELINE / f"endpoints-{actions_port}.yml"
        endpoints.write_text(f"action_endpoint:\n  url: http://127.0.0.1:{actions_port}/webhook\n")
        server = baseline.rasa("run", "--interface", "127.0.0.1", "--port", str(port), "--endpoints", str(endpoints))
        return [server, baseline.rasa("run", "actions", "--port", str(actions_port))]


def _answers(url: str, question: str) -> bool:
    body = json.dumps({"sender": "first", "message": question}).encode()
    request = urllib.request.Request(url + ROUTE, body, {"Content-Type": "application/json"})
    try:
        with urllib.request.urlopen(request, timeout=60) as answer:
            return bool(json.load(answer))
    except (OSError, urllib.error.URLError, ValueError):
        return False


def _stop(process: subprocess.Popen[bytes]) -> None:
    process.terminate()
    try:
        process.wait(15)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()
