"""A database that cannot be used: one kind of error, and nothing half stored."""

import sqlite3
import subprocess
import sys
import textwrap
from pathlib import Path
from typing import Any

import pytest
from rasa.core.tracker_store import TrackerStore
from rasa.utils.endpoints import EndpointConfig

from bot.stores import StoreUnavailableError, WindowedTrackerStore
from bot.stores import database as databases

from .conversations import DOMAIN, converse, opening, store_in, texts, turn

PROJECT = Path(__file__).parents[2]


async def test_a_locked_database_is_an_error_and_saving_again_works(tmp_path: Path) -> None:
    store = store_in(tmp_path, wait_seconds=0.05)
    await converse(store, "visitor", opening(), turn(1))
    tracker = await store.retrieve("visitor")
    tracker.update_with_events(turn(2), DOMAIN)
    other = sqlite3.connect(tmp_path / "conversations.db", isolation_level=None)
    other.execute("BEGIN IMMEDIATE")
    with pytest.raises(StoreUnavailableError, match="locked"):
        await store.save(tracker)
    assert await texts(store, "visitor") == ["hello 1"]
    other.execute("ROLLBACK")
    other.close()
    await store.save(tracker)
    assert await texts(store, "visitor") == ["hello 1", "hello 2"]
    store.close()


async def test_a_full_disk_is_an_error_and_loses_nothing_that_was_stored(tmp_path: Path) -> None:
    store = store_in(tmp_path)
    await converse(store, "visitor", opening(), turn(1))
    tracker = await store.retrieve("visitor")
    tracker.update_with_events([event for number in range(2, 200) for event in turn(number)], DOMAIN)
    set_most_pages(store, 30)
    with pytest.raises(StoreUnavailableError, match="full"):
        await store.save(tracker)
    assert await texts(store, "visitor") == ["hello 1"]
    set_most_pages(store, 100_000)
    await store.save(tracker)
    assert await texts(store, "visitor") == [f"hello {number}" for number in range(1, 200)]
    store.close()


def set_most_pages(store: WindowedTrackerStore, count: int) -> None:
    """SQLite's own way to make a disk full, on the connection that writes next."""

    def limit(connection: Any) -> None:
        connection.exec_driver_sql(f"PRAGMA max_page_count = {count}")

    store._database.close()
    store._database.write(limit)


async def test_a_failure_names_no_message(tmp_path: Path) -> None:
    store = store_in(tmp_path, wait_seconds=0.05)
    tracker = store.init_tracker("visitor")
    tracker.update_with_events(turn(1, "a secret"), DOMAIN)
    other = sqlite3.connect(tmp_path / "conversations.db", isolation_level=None)
    other.execute("DROP TABLE events")
    with pytest.raises(StoreUnavailableError) as raised:
        await store.save(tracker)
    assert "secret" not in str(raised.value)
    assert "secret" not in str(raised.value.__cause__)
    other.close()
    store.close()


def test_a_folder_that_cannot_be_made_is_an_error(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(StoreUnavailableError, match="cannot be used"):
        WindowedTrackerStore(DOMAIN, f"sqlite:///{tmp_path}/file/conversations.db")


def test_a_file_that_is_no_database_is_an_error_and_stays(tmp_path: Path) -> None:
    (tmp_path / "conversations.db").write_text("something else " * 100)
    with pytest.raises(StoreUnavailableError, match="not a database"):
        store_in(tmp_path)
    assert (tmp_path / "conversations.db").read_text().startswith("something else")


@pytest.mark.parametrize("url", ["mysql://user:secret@host/db", "://secret", "sqlite://", "what:is/this://secret"])
def test_an_address_that_is_none_is_an_error_without_repeating_it(url: str) -> None:
    with pytest.raises(StoreUnavailableError) as raised:
        WindowedTrackerStore(DOMAIN, url)
    assert "secret" not in str(raised.value)


@pytest.mark.parametrize("window", [0, -1, 101])
def test_a_window_must_be_sensible(tmp_path: Path, window: int) -> None:
    with pytest.raises(StoreUnavailableError, match="1 to 100"):
        store_in(tmp_path, window=window)


def test_durability_must_be_known(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TRACKER_DB_SYNCHRONOUS", "OFF")
    with pytest.raises(StoreUnavailableError, match="NORMAL or FULL"):
        store_in(tmp_path)


def test_a_missing_driver_does_not_make_rasa_keep_conversations_in_memory(monkeypatch: pytest.MonkeyPatch) -> None:
    def missing(*_: Any) -> None:
        raise ModuleNotFoundError("No module named 'psycopg2'")

    monkeypatch.setattr(databases, "_postgresql", missing)
    config = EndpointConfig("postgresql://user:secret@host/db", type="bot.stores.WindowedTrackerStore")
    with pytest.raises(StoreUnavailableError, match="psycopg2") as raised:
        TrackerStore.create(config, DOMAIN)
    assert "secret" not in str(raised.value)


async def test_stores_may_be_opened_at_the_same_time(tmp_path: Path) -> None:
    script = f"""
        from bot.stores import WindowedTrackerStore
        print("ready", flush=True)
        input()
        WindowedTrackerStore(None, {str(tmp_path / "conversations.db")!r}).close()
    """
    command = [sys.executable, "-W", "ignore", "-c", textwrap.dedent(script)]
    opening_it = [
        subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE, cwd=PROJECT)
        for _ in range(2)
    ]
    for process in opening_it:
        assert process.stdout
        assert process.stdout.readline() == b"ready\n"
    for process in opening_it:
        assert process.stdin
        process.stdin.write(b"\n")
        process.stdin.flush()
    for process in opening_it:
        _, errors = process.communicate(timeout=60)
        assert process.returncode == 0, errors.decode()


async def test_a_small_write_that_fits_does_not_hide_that_messages_do_not(tmp_path: Path) -> None:
    store = store_in(tmp_path)
    await converse(store, "visitor", opening(), turn(1))
    assert await store.problem() is None
    with sqlite3.connect(tmp_path / "conversations.db") as connection:
        (pages,) = connection.execute("PRAGMA page_count").fetchone()
    # There is room for a row, and for no conversation.
    set_most_pages(store, pages + 4)
    tracker = await store.retrieve("visitor")
    tracker.update_with_events([event for number in range(2, 200) for event in turn(number)], DOMAIN)
    with pytest.raises(StoreUnavailableError, match="full"):
        await store.save(tracker)
    for _ in range(3):
        assert "full" in str(await store.problem())
    set_most_pages(store, 100_000)
    assert await store.problem() is None
    await store.save(tracker)
    store.close()


def test_a_full_disk_is_noticed_before_a_message_is_lost_to_it(tmp_path: Path) -> None:
    """On a real file system of 4 MB, in a name space of its own, which is gone with the process."""
    script = """
        import asyncio, os, sys
        from pathlib import Path
        from bot.stores import WindowedTrackerStore
        folder = Path(sys.argv[1])

        async def go():
            store = WindowedTrackerStore(None, str(folder / "conversations.db"))
            print("before:", await store.problem())
            with open(folder / "other", "wb", buffering=0) as other:
                try:
                    while other.write(b"x" * 65536):
                        pass
                except OSError:
                    pass
            for _ in range(3):
                print("full:", await store.problem())
            (folder / "other").unlink()
            print("after:", await store.problem())
            store.close()

        asyncio.run(go())
    """
    python = [sys.executable, "-W", "ignore", "-c", textwrap.dedent(script), str(tmp_path)]
    inside = ["sh", "-c", 'mount -t tmpfs -o size=4m tmpfs "$0" || exit 99; exec "$@"', str(tmp_path), *python]
    try:
        done = subprocess.run(["unshare", "-rm", *inside], cwd=PROJECT, capture_output=True, text=True, timeout=120)
    except FileNotFoundError:
        pytest.skip("unshare is not installed")
    if done.returncode == 99 or "unshare" in done.stderr:
        pytest.skip("this user may not mount file systems of their own")
    assert done.returncode == 0, done.stderr
    full = f"full: The disk with {tmp_path} is full: nothing can be stored until there is room."
    assert done.stdout.splitlines() == ["before: None", *[full] * 3, "after: None"]
