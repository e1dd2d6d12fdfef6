"""Versions of the database, and databases of others."""

import sqlite3
from collections.abc import Callable
from pathlib import Path

import pytest
from rasa.core.tracker_store import SQLTrackerStore

from bot.stores import SchemaError, migrations

from .conversations import DOMAIN, converse, opening, state, store_in, texts, turn


def execute(folder: Path, statement: str) -> list[tuple[object, ...]]:
    with sqlite3.connect(folder / "conversations.db") as connection:
        return connection.execute(statement).fetchall()


def test_a_new_database_has_the_newest_version(tmp_path: Path) -> None:
    store_in(tmp_path).close()
    assert execute(tmp_path, "SELECT name, value FROM meta") == [("schema_version", str(migrations.VERSION))]


async def test_a_database_of_a_newer_version_is_refused_and_left_alone(tmp_path: Path) -> None:
    store = store_in(tmp_path)
    await converse(store, "visitor", turn(1))
    store.close()
    execute(tmp_path, f"UPDATE meta SET value = '{migrations.VERSION + 1}'")
    with pytest.raises(SchemaError, match=r"knows versions up to \d+\. Start the newer program, or set TRACKER_DB_URL"):
        store_in(tmp_path)
    assert execute(tmp_path, "SELECT COUNT(*) FROM conversations") == [(1,)]


def next_version(monkeypatch: pytest.MonkeyPatch, migration: Callable[[object], None]) -> None:
    monkeypatch.setattr(migrations, "VERSION", migrations.VERSION + 1)
    monkeypatch.setitem(migrations._MIGRATIONS, migrations.VERSION, migration)


async def test_a_database_of_an_older_version_is_migrated_in_place(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    store = store_in(tmp_path)
    await converse(store, "visitor", turn(1))
    store.close()

    def another(connection: object) -> None:
        connection.exec_driver_sql("ALTER TABLE conversations ADD COLUMN language TEXT")

    next_version(monkeypatch, another)
    for _ in range(2):
        store = store_in(tmp_path)
        assert await texts(store, "visitor") == ["hello 1"]
        store.close()
    assert execute(tmp_path, "SELECT value FROM meta") == [(str(migrations.VERSION),)]
    assert execute(tmp_path, "SELECT language FROM conversations") == [(None,)]


async def test_a_migration_that_fails_changes_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    store_in(tmp_path).close()

    def another(connection: object) -> None:
        connection.exec_driver_sql("DROP TABLE events")
        raise RuntimeError

    next_version(monkeypatch, another)
    with pytest.raises(RuntimeError):
        store_in(tmp_path)
    assert execute(tmp_path, "SELECT value FROM meta") == [(str(migrations.VERSION - 1),)]
    assert execute(tmp_path, "SELECT COUNT(*) FROM events") == [(0,)]


@pytest.mark.filterwarnings("ignore::DeprecationWarning")
async def test_conversations_of_rasas_own_store_are_taken_over(tmp_path: Path) -> None:
    stock = SQLTrackerStore(DOMAIN, db=str(tmp_path / "conversations.db"))
    for sender in ("one", "other"):
        tracker = stock.init_tracker(sender)
        tracker.update_with_events([*opening(), *(event for number in range(20) for event in turn(number))], DOMAIN)
        await stock.save(tracker)
    expected = await stock.retrieve_full_tracker("other")
    stock.engine.dispose()

    store = store_in(tmp_path)
    assert list(await store.keys()) == ["one", "other"]
    tracker = await store.retrieve("other")
    assert state(tracker) == state(expected)
    assert await store.retrieve_full_tracker("other") == expected
    await converse(store, "other", turn(20))
    assert await texts(store, "other") == [f"hello {number}" for number in range(21)]
    assert execute(tmp_path, "SELECT name FROM sqlite_master WHERE name LIKE 'rasa%'") == []
    store.close()


@pytest.mark.parametrize(
    "table", ["meta (name TEXT, value TEXT)", "meta (a TEXT)", "events (id INTEGER)", "conversations (id INTEGER)"]
)
def test_a_database_of_another_program_is_refused_and_left_alone(tmp_path: Path, table: str) -> None:
    execute(tmp_path, f"CREATE TABLE {table}")
    with pytest.raises(SchemaError, match="Set TRACKER_DB_URL"):
        store_in(tmp_path)
    assert len(execute(tmp_path, "SELECT name FROM sqlite_master")) == 1
