"""Services that cannot be reached are named at start, in one line that holds no secret."""

import socket
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from benchmarks import services
from benchmarks.daemons import Daemon, free_port
from bot.cluster import engines
from bot.cluster.engines import problems, warnings, without_credentials
from bot.settings import Settings, SettingsError
from evaluation.server import PROJECT


@pytest.mark.parametrize("scheme", ["redis", "amqp", "kafka"])
def test_nobody_listens(scheme: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(engines, "_PATIENCE_SECONDS", 2.0)
    url = f"{scheme}://somebody:sesame@127.0.0.1:{free_port()}/0"
    settings = Settings(redis_url=url) if scheme == "redis" else Settings(event_broker_url=url)
    (line,) = problems(settings)
    assert line.startswith("REDIS_URL: " if scheme == "redis" else "EVENT_BROKER_URL: ")
    assert "cannot be used: " + ("no broker answers" if scheme == "kafka" else "connection refused") in line
    assert "sesame" not in line
    assert "somebody" not in line
    assert "\n" not in line


def test_somebody_listens_and_says_nothing() -> None:
    with socket.create_server(("127.0.0.1", 0)) as silent:
        (line,) = problems(Settings(redis_url=f"redis://127.0.0.1:{silent.getsockname()[1]}"))
    assert "cannot be used: no answer" in line


def test_an_unknown_host() -> None:
    (line,) = problems(Settings(redis_url="redis://:sesame@redis.invalid:6379"))
    assert "cannot be used: the host is not known" in line


@pytest.fixture(scope="module")
def guarded(need: Callable[..., None], folder: Path) -> Iterator[str]:
    need("redis-server")
    port = free_port()
    daemon = Daemon(
        "Redis",
        [
            services.program_path("redis-server") or "",
            *f"--port {port} --bind 127.0.0.1 --requirepass sesame --dir {folder}".split(),
        ],
        lambda: services.listens(port),
        folder / "guarded.log",
    )
    daemon.start().wait_until_ready(60)
    yield f"127.0.0.1:{port}"
    daemon.stop()


def test_a_wrong_password(guarded: str) -> None:
    (line,) = problems(Settings(redis_url=f"redis://:sesame2@{guarded}"))
    assert "user or password are refused" in line
    assert "sesame" not in line
    assert problems(Settings(redis_url=f"redis://:sesame@{guarded}")) == []


def test_the_server_does_not_start_without_them() -> None:
    url = f"redis://somebody:sesame@127.0.0.1:{free_port()}/0"
    done = subprocess.run(
        [sys.executable, "-m", "bot", "serve"],
        cwd=PROJECT,
        env={"PORT": "0", "REDIS_URL": url, "PATH": ""},
        capture_output=True,
        text=True,
        timeout=30,
        check=False,
    )
    assert done.returncode == 1
    (line,) = (done.stdout + done.stderr).strip().splitlines()
    assert line.startswith("REDIS_URL: redis://127.0.0.1:")


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("REDIS_URL", "http://localhost"),
        ("REDIS_URL", "redis://"),
        ("REDIS_URL", "redis://localhost:port"),
        ("EVENT_BROKER_URL", "redis://localhost"),
        ("EVENT_BROKER_URL", "kafka://"),
        ("ACTION_SERVER_URL", "http://one/webhook, two"),
        ("DRAIN_SECONDS", "-1"),
        ("DRAIN_SECONDS", "301"),
    ],
)
def test_settings_that_cannot_be_used(name: str, value: str) -> None:
    with pytest.raises(SettingsError, match=f"^{name} must be .*[.]$"):
        Settings.from_environment({name: value})


def test_servers_that_share_need_one_secret() -> None:
    (line,) = warnings(Settings(redis_url="redis://localhost"))
    assert line.startswith("CONVERSATION_SECRET is not set")
    assert warnings(Settings(redis_url="redis://localhost", conversation_secret="0123456789abcdef")) == []
    assert warnings(Settings()) == []


def test_settings_show_no_passwords() -> None:
    settings = Settings.from_environment(
        {
            "REDIS_URL": "rediss://me:sesame@localhost/1",
            "EVENT_BROKER_URL": "amqp://me:sesame@localhost/",
            "ACTION_SERVER_URL": "http://one:1/webhook, http://two:2/webhook",
        }
    )
    assert "sesame" not in repr(settings)
    assert settings.action_server_url == ("http://one:1/webhook", "http://two:2/webhook")
    assert without_credentials(settings.redis_url) == "rediss://localhost/1"
