"""PostgreSQL, Redis, RabbitMQ and nginx from the machine's packages (scripts/services.sh), on loopback."""

from __future__ import annotations

import os
import pwd
import re
import shutil
import signal
import subprocess
import urllib.error
import urllib.request
from collections.abc import Sequence
from pathlib import Path

from benchmarks.daemons import Daemon, free_port, listens

_PACKAGES = {
    "postgres": "postgresql",
    "redis-server": "redis-server",
    "rabbitmq-server": "rabbitmq-server",
    "nginx": "nginx-light",
}
_PLACES = ("/usr/lib/rabbitmq/bin", "/usr/sbin", "/usr/local/sbin")


def missing(*programs: str) -> list[str]:
    """The Debian packages of those programs that are not installed."""
    return [_PACKAGES[program] for program in programs if program_path(program) is None]


def program_path(name: str) -> str | None:
    """Where a server's program is, also where PATH does not lead."""
    versions = sorted(Path("/usr/lib/postgresql").glob("*/bin"), reverse=True)
    folders = [*map(str, versions), *_PLACES, os.environ.get("PATH", "")]
    return shutil.which(name, path=os.pathsep.join(folders))


def postgres(folder: Path) -> tuple[Daemon, str]:
    """A new database cluster and the address of its database; not started. Raises CalledProcessError."""
    data = _own(folder / "postgres", "postgres")
    port = free_port()
    options = [
        f"-p{port}",
        "-clisten_addresses=127.0.0.1",
        f"-cunix_socket_directories={data}",
        "-cfull_page_writes=on",
    ]
    create = ["--auth=trust", "--username=advisor", "--encoding=UTF8", "--no-sync", f"--pgdata={data}/data"]
    command = [program_path("initdb") or "initdb", *create]
    account = pwd.getpwnam("postgres") if os.geteuid() == 0 else None
    subprocess.run(
        command,
        check=True,
        capture_output=True,
        cwd="/",
        user=account.pw_uid if account else None,
        group=account.pw_gid if account else None,
    )
    program = program_path("postgres") or "postgres"
    check = [program_path("pg_isready") or "pg_isready", "-q", "-h127.0.0.1", f"-p{port}", "-Uadvisor"]
    daemon = Daemon(
        "PostgreSQL",
        [program, f"-D{data}/data", *options],
        lambda: subprocess.run(check, check=False).returncode == 0,
        folder / "postgres.log",
        user="postgres",
        stop_signal=signal.SIGINT,
        folder=Path("/"),
    )
    return daemon, f"postgresql://advisor@127.0.0.1:{port}/postgres"


def redis(folder: Path, port: int | None = None) -> tuple[Daemon, str]:
    """A Redis that keeps nothing on disk, and its address; not started."""
    port = port or free_port()
    command = [program_path("redis-server") or "redis-server", "--port", str(port), "--bind", "127.0.0.1"]
    command += ["--save", "", "--appendonly", "no", "--dir", str(folder)]
    return Daemon("Redis", command, lambda: listens(port), folder / "redis.log"), f"redis://127.0.0.1:{port}/0"


def rabbitmq(folder: Path) -> tuple[Daemon, str]:
    """A RabbitMQ node without plugins, and its address; not started. ``end_epmd`` ends what it leaves behind."""
    home = folder / "rabbitmq"
    home.mkdir()
    port, names, between = free_port(), free_port(), free_port()
    (home / "rabbitmq.conf").write_text(f"listeners.tcp.1 = 127.0.0.1:{port}\nlog.console = true\n")
    (home / "plugins").write_text("[].\n")
    environment = {
        "HOME": str(home),
        "RABBITMQ_NODENAME": f"advisor{port}@localhost",
        "RABBITMQ_CONFIG_FILE": str(home / "rabbitmq"),
        "RABBITMQ_MNESIA_BASE": str(home / "mnesia"),
        "RABBITMQ_LOG_BASE": str(home / "log"),
        "RABBITMQ_ENABLED_PLUGINS_FILE": str(home / "plugins"),
        "RABBITMQ_DIST_PORT": str(between),
        "RABBITMQ_SERVER_ADDITIONAL_ERL_ARGS": "-kernel inet_dist_use_interface {127,0,0,1} +S 1:1",
        "ERL_CRASH_DUMP": str(home / "crash"),
        "ERL_EPMD_PORT": str(names),
        "ERL_EPMD_ADDRESS": "127.0.0.1",
    }
    program = program_path("rabbitmq-server") or "rabbitmq-server"
    daemon = _Rabbit("RabbitMQ", [program], lambda: listens(port), folder / "rabbitmq.log", environment, folder=home)
    daemon.names_port = names
    return daemon, f"amqp://guest:guest@127.0.0.1:{port}/"


class _Rabbit(Daemon):
    """Erlang's name server outlives the node that started it."""

    names_port = 0

    def stop(self, seconds: float = 10) -> None:
        super().stop(seconds)
        command = ["epmd", "-port", str(self.names_port), "-kill"]
        subprocess.run(
            command, check=False, capture_output=True, env={**os.environ, "ERL_EPMD_RELAXED_COMMAND_CHECK": "1"}
        )


def nginx(folder: Path, configuration: Path, workers: Sequence[int]) -> tuple[Daemon, str]:
    """nginx with a configuration of ours, its port and upstream servers replaced by ``workers``; not started."""
    port = free_port()
    home = folder / "nginx"
    home.mkdir()
    text = configuration.read_text()
    text = re.sub(r"(?m)^(\s*)server worker-\d+:\d+( .*)?;$", "", text)
    servers = "".join(f"server 127.0.0.1:{each} max_fails=0;" for each in workers)
    text = re.sub(r"upstream advisor \{", "upstream advisor {" + servers, text)
    text = re.sub(r"listen \d+", f"listen 127.0.0.1:{port}", text).replace("/tmp/", f"{home}/")
    target = home / "nginx.conf"
    target.write_text(text)
    program = program_path("nginx") or "nginx"
    command = [program, "-p", str(home), "-c", str(target), "-e", str(home / "error.log")]
    subprocess.run([*command, "-t"], check=True, capture_output=True)
    log = folder / "nginx.log"
    daemon = Daemon("nginx", [*command, "-g", "daemon off;"], lambda: listens(port), log, stop_signal=signal.SIGQUIT)
    return daemon, f"http://127.0.0.1:{port}"


def healthy(url: str) -> bool:
    """Whether ``/health`` of a bot, or of an action server, is 200."""
    try:
        with urllib.request.urlopen(f"{url}/health", timeout=2) as answer:
            return bool(answer.status == 200)
    except (OSError, urllib.error.URLError):
        return False


def _own(folder: Path, user: str) -> Path:
    """A folder that belongs to the user; every folder above it can be passed through."""
    folder.mkdir()
    if os.geteuid() == 0:
        shutil.chown(folder, user, user)
        folder.parent.chmod(0o755)
    return folder
