"""Everything that several servers need, on this machine: databases, proxy, action servers, and the servers."""

from __future__ import annotations

import shutil
import signal
import sys
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from benchmarks import services
from benchmarks.daemons import Daemon, free_port
from bot.training import train
from evaluation.server import PROJECT

PROGRAMS = ("postgres", "redis-server", "rabbitmq-server", "nginx")
CONFIGURATION = PROJECT / "deploy" / "nginx.conf"


@dataclass(frozen=True)
class Cluster:
    """What runs, and where."""

    url: str
    database_url: str
    redis_url: str
    broker_url: str
    worker_urls: list[str]
    workers: list[Daemon]
    action_servers: list[Daemon]
    database: Daemon
    redis: Daemon | None
    broker: Daemon | None
    proxy: Daemon
    folder: Path

    @property
    def model(self) -> Path:
        """The folder from which servers take their model when they start."""
        return self.folder / "models"


@contextmanager
def running_cluster(
    workers: int = 2,
    action_servers: int = 2,
    redis: bool = True,
    rabbitmq: bool = True,
    drain_seconds: float = 5.0,
    settings: Mapping[str, str] | None = None,
) -> Iterator[Cluster]:
    """Start it all on free loopback ports; ``action_servers`` 0 runs actions in the servers.

    ``settings`` are environment variables for the servers, besides those that this gives them. Raises DaemonError if a
    part does not start. Ends every process afterwards.
    """
    model, _ = train(PROJECT)
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="advisor-")))
        folder.chmod(0o755)
        (folder / "models").mkdir()
        shutil.copy(model, folder / "models")

        def started(daemon: Daemon) -> Daemon:
            stack.callback(daemon.stop)
            return daemon.start()

        database, database_url = services.postgres(folder)
        shared, redis_url = services.redis(folder) if redis else (None, "")
        broker, broker_url = services.rabbitmq(folder) if rabbitmq else (None, "")
        basis = [started(each) for each in (database, shared, broker) if each]
        actors = [_action_server(folder, number) for number in range(action_servers)]
        for daemon, _ in actors:
            started(daemon)
        for daemon in basis:
            daemon.wait_until_ready()
        environment = {
            "TRACKER_DB_URL": database_url,
            "REDIS_URL": redis_url,
            "EVENT_BROKER_URL": broker_url,
            "ACTION_SERVER_URL": ",".join(url for _, url in actors),
            "CONVERSATION_SECRET": "a secret for this run only",
            "RATE_LIMIT_PER_MINUTE": "0",
            "RATE_LIMIT_PER_ADDRESS": "0",
            "TRUSTED_PROXIES": "1",
            "DRAIN_SECONDS": f"{drain_seconds:g}",
            "MODEL": str(folder / "models"),
            "HOST": "127.0.0.1",
            "RASA_TELEMETRY_ENABLED": "false",
            **(settings or {}),
        }
        servers = []
        for number in range(workers):
            port = free_port()
            own = {**environment, "PORT": str(port), "STATE_DIR": str(folder / f"state-{number}")}
            url = f"http://127.0.0.1:{port}"
            # At the end nobody waits for them to drain.
            daemon = _server(folder, number, own, url, stop_signal=signal.SIGKILL)
            servers.append((started(daemon), url, port))
        proxy, proxy_url = services.nginx(folder, CONFIGURATION, [port for _, _, port in servers])
        started(proxy)
        for daemon in [*(each[0] for each in actors), *(each[0] for each in servers)]:
            daemon.wait_until_ready()
        proxy.wait_until_ready()
        yield Cluster(
            proxy_url,
            database_url,
            redis_url,
            broker_url,
            [url for _, url, _ in servers],
            [daemon for daemon, *_ in servers],
            [daemon for daemon, _ in actors],
            database,
            shared,
            broker,
            proxy,
            folder,
        )


@contextmanager
def running_server() -> Iterator[tuple[str, Daemon]]:
    """One server as ``make run`` starts it, without limits: its address and process. Raises DaemonError."""
    model, _ = train(PROJECT)
    with tempfile.TemporaryDirectory(prefix="advisor-") as path:
        port = free_port()
        environment = {
            "PORT": str(port),
            "HOST": "127.0.0.1",
            "STATE_DIR": path,
            "MODEL": str(model),
            "RATE_LIMIT_PER_MINUTE": "0",
            "RATE_LIMIT_PER_ADDRESS": "0",
        }
        url = f"http://127.0.0.1:{port}"
        daemon = _server(Path(path), 0, environment, url)
        try:
            daemon.start().wait_until_ready()
            yield url, daemon
        finally:
            daemon.stop()


def _server(
    folder: Path, number: int, environment: dict[str, str], url: str, stop_signal: int = signal.SIGTERM
) -> Daemon:
    log = folder / f"worker-{number}.log"
    command = [sys.executable, "-W", "ignore", "-m", "bot", "serve"]
    name = f"worker {number + 1}"
    ready = partial(services.healthy, url)
    return Daemon(name, command, ready, log, environment, stop_signal=stop_signal, folder=PROJECT)


def _action_server(folder: Path, number: int) -> tuple[Daemon, str]:
    port = free_port()
    environment = {"ACTION_SERVER_PORT": str(port)}
    command = [sys.executable, "-W", "ignore", "-m", "bot", "actions"]
    url = f"http://127.0.0.1:{port}"
    log = folder / f"actions-{number}.log"
    daemon = Daemon(
        f"action server {number + 1}", command, lambda: services.healthy(url), log, environment, folder=PROJECT
    )
    return daemon, f"{url}/webhook"
