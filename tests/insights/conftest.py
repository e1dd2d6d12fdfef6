from collections.abc import Callable, Sequence
from functools import lru_cache
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import sqlalchemy as sa

from benchmarks.synthetic import row
from bot.insights.groups import Encoder, Vectors
from bot.insights.nearest import Index
from bot.knowledge import KnowledgeBase, load_knowledge
from bot.language.candidates import index_of
from bot.language.encoder import shared_encoder
from bot.stores.migrations import prepare
from bot.stores.schema import conversations, events

Say = Callable[..., None]


class Store:
    """A store that conversations are put into, each a list of (seconds since 1970, events)."""

    def __init__(self, url: str) -> None:
        self.url = url
        self._engine = sa.create_engine(url, future=True)
        with self._engine.begin() as connection:
            prepare(connection)

    def put(self, sender: str, *moments: tuple[float, list[dict[str, Any]]], created: float | None = None) -> None:
        rows: list[dict[str, Any]] = []
        for time, happened in moments:
            for place, event in enumerate(happened):
                rows.append(row(sender, len(rows) + 1, time + place / 100, event))
        head = {
            "sender_id": sender,
            "created": moments[0][0] if created is None else created,
            "last_active": moments[-1][0],
            "channel": "rest",
            "events": len(rows),
            "user_turns": len(moments),
            "slots": "{}",
            "state": "{}",
        }
        with self._engine.begin() as connection:
            connection.execute(conversations.insert(), [head])
            connection.execute(events.insert(), rows)


def copy_store(source: str, target: str) -> None:
    """Copy all rows of one store into an empty one."""
    Store(target)
    with sa.create_engine(source, future=True).connect() as old, sa.create_engine(target, future=True).begin() as new:
        for table in (conversations, events):
            new.execute(table.insert(), [dict(each._mapping) for each in old.execute(sa.select(table))])


@pytest.fixture
def store(tmp_path: Path) -> Store:
    return Store(f"sqlite:///{tmp_path}/conversations.db")


@pytest.fixture(scope="session")
def kb() -> KnowledgeBase:
    return load_knowledge("data/knowledge")


class RememberingEncoder:
    """The bot's own encoder; the facts are encoded once for all tests."""

    def encode_many(self, texts: Sequence[str]) -> Vectors:
        return np.stack([_vector(text) for text in texts])


@lru_cache(maxsize=10_000)
def _vector(text: str) -> Vectors:
    return shared_encoder().encode_many([text])[0]


@pytest.fixture(scope="session")
def encoder() -> Encoder:
    return RememberingEncoder()


@pytest.fixture(scope="session")
def index(kb: KnowledgeBase) -> Index:
    """An index that has learnt nothing, so that no test depends on the models that are there."""
    return index_of(kb)


@pytest.fixture(autouse=True)
def no_model(index: Index, monkeypatch: pytest.MonkeyPatch) -> None:
    for module in ("questions", "report"):
        monkeypatch.setattr(f"bot.insights.{module}.default_index", lambda kb: index)
