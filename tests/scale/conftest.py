"""Real servers for the tests of this folder."""

import os
from collections.abc import Callable, Iterator
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest

from benchmarks import services
from benchmarks.daemons import Daemon


@pytest.fixture(scope="module")
def folder() -> Iterator[Path]:
    """Not pytest's own: PostgreSQL runs as another user, who could not get in there."""
    with TemporaryDirectory(prefix="advisor-") as path:
        Path(path).chmod(0o755)
        yield Path(path)


@pytest.fixture(scope="session")
def need() -> Callable[..., None]:
    """Skips a test that needs programs which are not there; in CI that is a failure."""

    def check(*programs: str) -> None:
        missing = services.missing(*programs)
        if missing:
            reason = f"not installed: {' '.join(missing)} (as root: scripts/services.sh)"
            pytest.fail(reason) if os.environ.get("CI") else pytest.skip(reason)

    return check


@pytest.fixture(scope="module")
def redis_daemon(need: Callable[..., None], folder: Path) -> Iterator[tuple[Daemon, str]]:
    need("redis-server")
    daemon, url = services.redis(folder)
    daemon.start().wait_until_ready(60)
    yield daemon, url
    daemon.stop()
