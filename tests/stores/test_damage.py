"""A damaged database says what to do, and what it says works."""

import random
import sqlite3
from collections.abc import Callable
from pathlib import Path

import pytest

from bot.operations import OperationError, backup, restore
from bot.settings import Settings
from bot.stores import DamagedError, StoreUnavailableError

from .conversations import converse, opening, store_in, texts, turn

Damage = Callable[[Path], None]
NAMES = [f"visitor-{number}" for number in range(12)]


def nothing_of_it_is_left(file: Path) -> None:
    file.write_bytes(random.Random(1).randbytes(file.stat().st_size))


def its_head_is_gone(file: Path) -> None:
    with file.open("r+b") as opened:
        opened.write(b"\0" * 100)


def it_is_cut(file: Path) -> None:
    with file.open("r+b") as opened:
        opened.truncate(file.stat().st_size // 2)


def pages_are_overwritten(file: Path) -> None:
    with file.open("r+b") as opened:
        opened.seek(4096)
        opened.write(random.Random(2).randbytes(file.stat().st_size - 2 * 4096))


DAMAGES = [nothing_of_it_is_left, its_head_is_gone, it_is_cut, pages_are_overwritten]


async def filled(folder: Path) -> Path:
    """A database with conversations, all of them in the file itself, and a backup next to it."""
    store = store_in(folder)
    for name in NAMES:
        await converse(store, name, opening(), *(turn(number) for number in range(4)))
    store.close()
    file = folder / "conversations.db"
    with sqlite3.connect(file) as connection:
        connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    backup(Settings(state_dir=folder), folder / "backup.db")
    return file


@pytest.mark.parametrize("damage", DAMAGES)
async def test_a_damaged_database_names_the_way_out_which_works(tmp_path: Path, damage: Damage) -> None:
    file, settings = await filled(tmp_path), Settings(state_dir=tmp_path)
    damage(file)
    with pytest.raises(DamagedError, match="make restore FILE="):
        store = store_in(tmp_path)
        for name in NAMES:
            await store.retrieve(name)
    with pytest.raises(OperationError, match="REPLACE=1"):
        restore(settings, tmp_path / "backup.db", replace=False)
    assert restore(settings, tmp_path / "backup.db", replace=True) == 0
    store = store_in(tmp_path)
    for name in NAMES:
        assert await texts(store, name) == [f"hello {number}" for number in range(4)]
    assert await store.problem() is None
    store.close()


@pytest.mark.parametrize("damage", DAMAGES)
async def test_a_store_in_use_notices_damage_and_goes_on_once_it_is_restored(tmp_path: Path, damage: Damage) -> None:
    file, settings = await filled(tmp_path), Settings(state_dir=tmp_path)
    store = store_in(tmp_path)
    assert await store.problem() is None
    # What SQLite still has in memory may hide the damage for a while.
    store._database.close()
    damage(file)
    with pytest.raises(StoreUnavailableError):
        for name in NAMES:
            await store.retrieve(name)
    assert "make restore" in str(await store.problem())
    restore(settings, tmp_path / "backup.db", replace=True)
    assert await store.problem() is None
    assert await texts(store, NAMES[-1]) == [f"hello {number}" for number in range(4)]
    await converse(store, NAMES[-1], turn(4))
    store.close()


async def test_what_cannot_be_overwritten_is_kept_under_another_name(tmp_path: Path) -> None:
    file, settings = await filled(tmp_path), Settings(state_dir=tmp_path)
    for number in (1, 2):
        nothing_of_it_is_left(file)
        damaged = file.read_bytes()
        restore(settings, tmp_path / "backup.db", replace=True)
        assert (tmp_path / f"conversations.db.damaged-{number}").read_bytes() == damaged
