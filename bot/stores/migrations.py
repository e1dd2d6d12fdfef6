"""How an empty database, Rasa's own or one of an older version becomes one of this version."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import sqlalchemy as sa

from bot.stores.errors import SchemaError
from bot.stores.rasa_store import import_conversations, set_aside
from bot.stores.schema import LONGEST_KEY, ONE_COPY, VERSION, events, message_key, meta, metadata

_PAGE = 1_000


def prepare(connection: Any) -> None:
    """Bring the database to this version, within the caller's transaction.

    Raises SchemaError if it is of a newer version or not a database of conversations.
    """
    if connection.dialect.name == "postgresql":
        # Servers that start together take turns; SQLite's write lock does the same.
        connection.execute(sa.text("SELECT pg_advisory_xact_lock(727311)"))
    version = _version(connection)
    if version > VERSION:
        raise SchemaError(
            f"The conversations in {connection.engine.url!r} have schema version {version}; this program knows "
            f"versions up to {VERSION}. Start the newer program, or set TRACKER_DB_URL to another database."
        )
    if version:
        for number in range(version + 1, VERSION + 1):
            _MIGRATIONS[number](connection)
    else:
        _create(connection)
    if version < VERSION:
        connection.execute(meta.delete().where(meta.c.name == "schema_version"))
        connection.execute(meta.insert().values(name="schema_version", value=str(VERSION)))


def _version(connection: Any) -> int:
    """The version of the database; 0 for an empty one and for one of Rasa's own SQLTrackerStore."""
    if not sa.inspect(connection).has_table("meta"):
        return 0
    columns = {column["name"] for column in sa.inspect(connection).get_columns("meta")}
    value = None
    if {"name", "value"} <= columns:
        value = connection.execute(sa.select(meta.c.value).where(meta.c.name == "schema_version")).scalar()
    if not str(value).isdecimal():
        raise SchemaError(
            f"{connection.engine.url!r} has a table meta without a schema version, so it is not a database of "
            "conversations. Set TRACKER_DB_URL to another one."
        )
    return int(str(value))


def _create(connection: Any) -> None:
    stored = set_aside(connection)
    metadata.create_all(connection)
    if stored is not None:
        import_conversations(connection, stored)


def _message_ids(connection: Any) -> None:
    """To version 2: the key of each message; of a message that was stored twice, the first copy has it."""
    connection.execute(sa.text(f"ALTER TABLE events ADD COLUMN message_id VARCHAR({LONGEST_KEY})"))
    place = sa.tuple_(events.c.sender_id, events.c.id)
    messages = sa.select(events.c.sender_id, events.c.id, events.c.data).where(events.c.type == "user")
    key = {"sender": events.c.sender_id, "number": events.c.id}
    fill = events.update().values(message_id=sa.bindparam("key"))
    for name, column in key.items():
        fill = fill.where(column == sa.bindparam(name))
    page, known, sender = [("", 0, "")], set[str](), ""
    while page:
        after = sa.tuple_(*(sa.literal(value) for value in page[-1][:2]))
        page = connection.execute(messages.where(place > after).order_by(*key.values()).limit(_PAGE)).all()
        filled = []
        # Read here: PostgreSQL's JSON functions take no text with NUL, which people may have written.
        for each, number, data in page:
            known, sender = (known if each == sender else set()), each
            found = message_key(json.loads(data).get("message_id"))
            if found and found not in known:
                known.add(found)
                filled.append({"sender": each, "number": number, "key": found})
        if filled:
            connection.execute(fill, filled)
    ONE_COPY.create(connection)


_MIGRATIONS: dict[int, Callable[[Any], None]] = {2: _message_ids}
