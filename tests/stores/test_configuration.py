"""The store as Rasa sets it up: its address, and its event broker."""

import stat
from pathlib import Path
from typing import Any

import pytest
from rasa.core.brokers.broker import EventBroker
from rasa.core.tracker_store import AwaitableTrackerStore, TrackerStore
from rasa.utils.endpoints import EndpointConfig

from bot.stores import WindowedTrackerStore

from .conversations import DOMAIN, converse, store_in, texts, turn


class Broker(EventBroker):
    """Remembers what was published; fails if told to."""

    def __init__(self, fails: bool = False) -> None:
        self.published: list[dict[str, Any]] = []
        self._fails = fails

    def publish(self, event: dict[str, Any]) -> None:
        if self._fails:
            raise ConnectionError
        self.published.append(event)


def test_rasa_loads_it_by_its_name(tmp_path: Path) -> None:
    config = EndpointConfig(f"sqlite:///{tmp_path}/a/b/chat.db", type="bot.stores.WindowedTrackerStore", window=5)
    broker = Broker()
    store = TrackerStore.create(config, DOMAIN, broker)
    assert isinstance(store, WindowedTrackerStore)
    assert not isinstance(store, AwaitableTrackerStore)
    assert store.event_broker is broker
    assert (tmp_path / "a/b/chat.db").is_file()
    store.close()


def test_the_address_may_come_from_the_environment(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TRACKER_DB_URL", str(tmp_path / "elsewhere.db"))
    TrackerStore.create(EndpointConfig(type="bot.stores.WindowedTrackerStore"), DOMAIN).close()
    assert (tmp_path / "elsewhere.db").is_file()


def test_without_an_address_it_is_a_file_in_var(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    WindowedTrackerStore(DOMAIN).close()
    assert (tmp_path / "var/conversations.db").is_file()


def test_only_the_owner_can_read_the_file(tmp_path: Path) -> None:
    store_in(tmp_path).close()
    assert stat.S_IMODE((tmp_path / "conversations.db").stat().st_mode) == 0o600


async def test_new_events_are_published_once_they_are_stored(tmp_path: Path) -> None:
    broker = Broker()
    store = store_in(tmp_path, event_broker=broker)
    await converse(store, "visitor", *(turn(number) for number in range(20)))
    assert [event["text"] for event in broker.published if event["event"] == "user"] == [
        f"hello {number}" for number in range(20)
    ]
    assert {event["sender_id"] for event in broker.published} == {"visitor"}
    store.close()


async def test_a_broker_that_fails_does_not_undo_a_save(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    store = store_in(tmp_path, event_broker=Broker(fails=True))
    await converse(store, "visitor", turn(1))
    assert await texts(store, "visitor") == ["hello 1"]
    assert "The event broker failed: ConnectionError." in caplog.text
    store.close()


@pytest.mark.parametrize(("setting", "level"), [("", 1), ("NORMAL", 1), ("full", 2)])
def test_a_sqlite_file_has_a_write_ahead_log_and_the_durability_that_is_set(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, setting: str, level: int
) -> None:
    monkeypatch.setenv("TRACKER_DB_SYNCHRONOUS", setting)
    store = store_in(tmp_path)
    names = ("journal_mode", "synchronous", "foreign_keys", "secure_delete")
    found = [store._database.read(lambda c, name=name: c.exec_driver_sql(f"PRAGMA {name}").scalar()) for name in names]
    assert found == ["wal", level, 1, 1]
    store.close()
