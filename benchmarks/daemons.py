"""Processes that tests and benchmarks start, watch and kill, each on free loopback ports."""

from __future__ import annotations

import os
import pwd
import signal
import socket
import subprocess
import threading
import time
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from pathlib import Path

_STEP = 0.05
_RESTART_SECONDS = 0.2


class DaemonError(RuntimeError):
    """A process did not start; the message holds the end of its log."""


class Daemon:
    """A process that is started again whenever it ends, as systemd, Docker or Kubernetes would do."""

    def __init__(
        self,
        name: str,
        command: Sequence[str],
        ready: Callable[[], bool],
        log: Path,
        environment: Mapping[str, str] | None = None,
        user: str | None = None,
        stop_signal: int = signal.SIGTERM,
        folder: Path | None = None,
    ) -> None:
        """``ready`` tells whether the started process does its work; ``user`` is who it runs as if this is root."""
        self.name = name
        self.starts = 0
        self._command = list(command)
        self._ready = ready
        self._log = log
        self._environment = {**os.environ, **(environment or {})}
        self._user = user if user and os.geteuid() == 0 else None
        self._stop_signal = stop_signal
        self._folder = folder
        self._process: subprocess.Popen[bytes] | None = None
        self._wanted = False
        self._watch: threading.Thread | None = None

    @property
    def pid(self) -> int:
        """The process id now. Raises DaemonError if it is not running."""
        if self._process is None or self._process.poll() is not None:
            raise DaemonError(f"{self.name} is not running")
        return self._process.pid

    def start(self) -> Daemon:
        """Start it and watch over it, without waiting."""
        self._wanted = True
        self._spawn()
        self._watch = threading.Thread(target=self._keep_running, daemon=True)
        self._watch.start()
        return self

    def wait_until_ready(self, seconds: float = 90) -> float:
        """Wait; returns how many seconds that took. Raises DaemonError if it takes longer than ``seconds``."""
        begin = time.monotonic()
        while time.monotonic() < begin + seconds:
            if self._process and self._process.poll() is None and self._ready():
                return time.monotonic() - begin
            time.sleep(_STEP)
        raise DaemonError(f"{self.name} is not ready:\n{self._log.read_text(errors='replace')[-2000:]}")

    def send(self, number: int) -> None:
        """Send a signal to the process itself."""
        os.kill(self.pid, number)

    def kill(self, number: int = signal.SIGKILL) -> None:
        """End it without warning, with all processes that it started."""
        os.killpg(self.pid, number)

    def hang(self, seconds: float) -> None:
        """Let it do nothing at all for so long, as a machine that is out of memory or a disk that stalls would."""
        everybody = [self.pid]
        try:
            # One after the other: PostgreSQL gives each of its processes a group of its own.
            for pid in everybody:
                _signal(pid, signal.SIGSTOP)
                everybody += _children(pid)
            time.sleep(seconds)
        finally:
            for pid in everybody:
                _signal(pid, signal.SIGCONT)

    def stop(self, seconds: float = 10) -> None:
        """End it for good."""
        self._wanted = False
        if self._watch:
            self._watch.join()
        process = self._process
        if process is None or process.poll() is not None:
            return
        # Some are started by a script that does not pass signals on.
        os.killpg(process.pid, self._stop_signal)
        with suppress(subprocess.TimeoutExpired):
            process.wait(seconds)
        with suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGKILL)
        process.wait()

    def _spawn(self) -> None:
        account = pwd.getpwnam(self._user) if self._user else None
        with self._log.open("ab") as output:
            self._process = subprocess.Popen(
                self._command,
                env=self._environment,
                cwd=self._folder,
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=output,
                user=account.pw_uid if account else None,
                group=account.pw_gid if account else None,
                extra_groups=[] if account else None,
                start_new_session=True,
            )
        self.starts += 1

    def _keep_running(self) -> None:
        while self._wanted:
            if self._process and self._process.poll() is not None:
                time.sleep(_RESTART_SECONDS)
                if self._wanted:
                    self._spawn()
            time.sleep(_STEP)


def _signal(pid: int, number: int) -> None:
    with suppress(ProcessLookupError):
        os.kill(pid, number)


def _children(pid: int) -> list[int]:
    try:
        return [int(child) for child in Path(f"/proc/{pid}/task/{pid}/children").read_text().split()]
    except OSError:
        return []


def free_port() -> int:
    """A loopback port that nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def listens(port: int) -> bool:
    """Whether somebody listens on the loopback port."""
    try:
        socket.create_connection(("127.0.0.1", port), timeout=1).close()
    except OSError:
        return False
    return True
