import os
from collections.abc import Iterator
from pathlib import Path

import pytest

from bot.stores import WindowedTrackerStore

from .conversations import store_in
from .postgres import postgresql


@pytest.fixture(autouse=True)
def no_settings_from_outside(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("TRACKER_DB_URL", raising=False)
    monkeypatch.delenv("TRACKER_DB_SYNCHRONOUS", raising=False)


@pytest.fixture
def store(tmp_path: Path) -> Iterator[WindowedTrackerStore]:
    store = store_in(tmp_path)
    yield store
    store.close()


@pytest.fixture(scope="session")
def postgres_url() -> Iterator[str]:
    """The address of a PostgreSQL database that may be emptied: TEST_POSTGRES_URL, or a server of the tests' own."""
    given = os.environ.get("TEST_POSTGRES_URL", "")
    if given:
        yield given
        return
    try:
        with postgresql() as url:
            yield url
    except LookupError as reason:
        if os.environ.get("CI"):
            pytest.fail(str(reason))
        pytest.skip(str(reason))
