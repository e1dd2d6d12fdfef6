"""Backups are whole, though somebody writes meanwhile, and can be restored under a running server."""

import asyncio
import sqlite3
import stat
from collections.abc import Iterator
from pathlib import Path

import pytest
import sqlalchemy as sa

from bot.operations import OperationError, backup, copies, restore
from bot.settings import Settings
from bot.stores import SchemaError, WindowedTrackerStore
from bot.stores.schema import VERSION, metadata

from .conversations import DOMAIN, converse, opening, store_in, texts, turn


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    return Settings(state_dir=tmp_path)


def counts(file: Path) -> list[tuple[int, int]]:
    """How many events each conversation says it has, and how many it has."""
    query = "SELECT events, (SELECT COUNT(*) FROM events e WHERE e.sender_id = c.sender_id) FROM conversations c"
    with sqlite3.connect(file) as connection:
        return connection.execute(query).fetchall()


async def test_a_backup_made_while_messages_are_stored_is_whole(tmp_path: Path, settings: Settings) -> None:
    store = store_in(tmp_path)
    await converse(store, "visitor", opening())

    over = asyncio.Event()

    async def write() -> int:
        written = 0
        while not over.is_set():
            await converse(store, "visitor", turn(written))
            written += 1
        return written

    writing = asyncio.create_task(write())
    for number in range(5):
        file = tmp_path / f"copy{number}.db"
        await asyncio.to_thread(backup, settings, file)
        assert stat.S_IMODE(file.stat().st_mode) == 0o600
        [(said, there)] = counts(file)
        assert said == there
    over.set()
    written = await writing
    assert len(await texts(store, "visitor")) == written
    store.close()


async def test_a_backup_is_restored_under_a_store_in_use(tmp_path: Path, settings: Settings) -> None:
    store = store_in(tmp_path)
    await converse(store, "visitor", opening(), turn(1))
    backup(settings, tmp_path / "copy.db")
    tracker = await converse(store, "visitor", turn(2))
    await converse(store, "later", turn(3))
    with pytest.raises(OperationError, match="REPLACE=1"):
        restore(settings, tmp_path / "copy.db", replace=False)
    assert await texts(store, "visitor") == ["hello 1", "hello 2"]
    restore(settings, tmp_path / "copy.db", replace=True)
    assert await texts(store, "visitor") == ["hello 1"]
    assert not await store.exists("later")
    tracker.update_with_events(turn(4), DOMAIN)
    await store.save(tracker)
    await converse(store, "visitor", turn(5))
    assert await texts(store, "visitor") == ["hello 1", "hello 4", "hello 5"]
    store.close()


async def test_a_backup_is_restored_where_nothing_is(tmp_path: Path, settings: Settings) -> None:
    store = store_in(tmp_path)
    await converse(store, "visitor", opening(), turn(1))
    store.close()
    backup(settings, tmp_path / "copy.db")
    elsewhere = Settings(state_dir=tmp_path / "new")
    restore(elsewhere, tmp_path / "copy.db", replace=False)
    assert not list(tmp_path.glob("copy.db?*")), "a backup is one file, also after it was read"
    store = store_in(tmp_path / "new")
    assert await texts(store, "visitor") == ["hello 1"]
    store.close()


async def test_a_locked_database_is_left_as_it_is(
    tmp_path: Path, settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    store = store_in(tmp_path)
    await converse(store, "visitor", turn(1))
    backup(settings, tmp_path / "copy.db")
    await converse(store, "visitor", turn(2))
    monkeypatch.setattr(copies, "_WAIT_SECONDS", 0.1)
    with sqlite3.connect(tmp_path / "conversations.db", isolation_level=None) as other:
        other.execute("BEGIN IMMEDIATE")
        with pytest.raises(Exception, match="locked"):
            restore(settings, tmp_path / "copy.db", replace=True)
        other.execute("ROLLBACK")
    other.close()
    assert await texts(store, "visitor") == ["hello 1", "hello 2"]
    store.close()


@pytest.fixture
def stored(tmp_path: Path) -> Iterator[Path]:
    store = store_in(tmp_path)
    asyncio.run(converse(store, "visitor", turn(1)))
    store.close()
    before = counts(tmp_path / "conversations.db")
    yield tmp_path
    assert counts(tmp_path / "conversations.db") == before


@pytest.mark.parametrize("content", [b"", b"something else " * 100, b"SQLite format 3\0" + b"?" * 4096])
def test_a_file_that_is_no_backup_is_refused(stored: Path, settings: Settings, content: bytes) -> None:
    (stored / "other").write_bytes(content)
    with pytest.raises(OperationError, match=r"not a backup|damaged"):
        restore(settings, stored / "other", replace=True)


def test_a_damaged_backup_is_refused(stored: Path, settings: Settings) -> None:
    backup(settings, stored / "copy.db")
    content = bytearray((stored / "copy.db").read_bytes())
    content[len(content) // 2 :] = bytes(len(content) - len(content) // 2)
    (stored / "copy.db").write_bytes(content)
    with pytest.raises(OperationError):
        restore(settings, stored / "copy.db", replace=True)


def test_a_backup_of_a_newer_version_is_refused(stored: Path, settings: Settings) -> None:
    backup(settings, stored / "copy.db")
    with sqlite3.connect(stored / "copy.db") as connection:
        connection.execute("UPDATE meta SET value = ? WHERE name = 'schema_version'", [str(VERSION + 1)])
    with pytest.raises(OperationError, match="knows versions up to"):
        restore(settings, stored / "copy.db", replace=True)


def test_no_file_is_overwritten_by_a_backup(stored: Path, settings: Settings) -> None:
    (stored / "there").write_text("mine")
    with pytest.raises(OperationError, match="exists already"):
        backup(settings, stored / "there")
    assert (stored / "there").read_text() == "mine"
    with pytest.raises(OperationError, match="is not a folder"):
        backup(settings, stored / "nowhere" / "copy.db")
    with pytest.raises(OperationError, match="is not a file"):
        restore(settings, stored / "nowhere", replace=True)


def test_without_conversations_there_is_nothing_to_back_up(tmp_path: Path, settings: Settings) -> None:
    with pytest.raises(OperationError, match="no conversations yet"):
        backup(settings, tmp_path / "copy.db")
    assert list(tmp_path.iterdir()) == []


async def test_postgresql_is_backed_up_and_restored(postgres_url: str, tmp_path: Path) -> None:
    engine = sa.create_engine(postgres_url)
    metadata.drop_all(engine)
    settings, file = Settings(tracker_db_url=postgres_url), tmp_path / "copy.dump"
    store = WindowedTrackerStore(DOMAIN, postgres_url)
    await converse(store, "visitor", opening(), *(turn(number) for number in range(20)))
    backup(settings, file)
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    tracker = await converse(store, "visitor", turn(20))
    await converse(store, "later", turn(3))
    with pytest.raises(OperationError, match="REPLACE=1"):
        restore(settings, file, replace=False)
    (tmp_path / "other").write_text("something else")
    with pytest.raises(OperationError, match="pg_restore failed"):
        restore(settings, tmp_path / "other", replace=True)
    assert list(await store.keys()) == ["later", "visitor"]
    restore(settings, file, replace=True)
    assert list(await store.keys()) == ["visitor"]
    assert await texts(store, "visitor") == [f"hello {number}" for number in range(20)]
    tracker.update_with_events(turn(21), DOMAIN)
    await store.save(tracker)
    assert len(await texts(store, "visitor")) == 21
    # Erasing a conversation still erases its events: the foreign key is there again.
    assert await store.delete("visitor")
    assert await texts(store, "visitor") == []
    store.close()
    # Where nothing is, as on a new machine.
    metadata.drop_all(engine)
    restore(settings, file, replace=False)
    with engine.connect() as connection:
        assert connection.execute(sa.text("SELECT COUNT(*) FROM events")).scalar() == 3 + 20 * len(turn(0))
    metadata.drop_all(engine)
    engine.dispose()


def test_a_backup_does_not_go_over_the_database_of_another_program(stored: Path, tmp_path: Path) -> None:
    backup(Settings(state_dir=stored), stored / "copy.db")
    (tmp_path / "other").mkdir()
    with sqlite3.connect(tmp_path / "other" / "conversations.db") as connection:
        connection.execute("CREATE TABLE events (id INTEGER)")
    with pytest.raises(SchemaError):
        restore(Settings(state_dir=tmp_path / "other"), stored / "copy.db", replace=True)
