from collections.abc import Iterator
from pathlib import Path

import pytest

from bot.stores import WindowedTrackerStore

from .conversations import store_in


@pytest.fixture(autouse=True)
def no_settings_from_outside(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("TRACKER_DB_URL", raising=False)
    monkeypatch.delenv("TRACKER_DB_SYNCHRONOUS", raising=False)


@pytest.fixture
def store(tmp_path: Path) -> Iterator[WindowedTrackerStore]:
    store = store_in(tmp_path)
    yield store
    store.close()
