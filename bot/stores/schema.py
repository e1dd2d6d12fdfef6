"""The tables, and how a database of an older version becomes one of this version.

``events`` is only ever appended to; an event's ``id`` is its number in its conversation, so that two writers cannot
both store a fifth event. ``conversations`` says which events are live and what they do not tell by themselves.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import sqlalchemy as sa

from bot.stores.errors import SchemaError

VERSION = 1

metadata = sa.MetaData()

meta = sa.Table(
    "meta",
    metadata,
    sa.Column("name", sa.String(64), nullable=False),
    sa.Column("value", sa.Text, nullable=False),
    sa.PrimaryKeyConstraint("name", name="pk_meta"),
)

conversations = sa.Table(
    "conversations",
    metadata,
    sa.Column("sender_id", sa.String(255), nullable=False),
    sa.Column("created", sa.Float(53), nullable=False),
    sa.Column("last_active", sa.Float(53), nullable=False, index=True),
    sa.Column("channel", sa.String(255)),
    sa.Column("events", sa.Integer, nullable=False),
    sa.Column("user_turns", sa.Integer, nullable=False),
    sa.Column("slots", sa.Text, nullable=False),
    sa.Column("state", sa.Text, nullable=False),
    sa.PrimaryKeyConstraint("sender_id", name="pk_conversations"),
)

events = sa.Table(
    "events",
    metadata,
    sa.Column("sender_id", sa.String(255), nullable=False),
    sa.Column("id", sa.Integer, nullable=False),
    sa.Column("type", sa.String(64), nullable=False),
    sa.Column("intent", sa.String(255)),
    sa.Column("timestamp", sa.Float(53)),
    sa.Column("data", sa.Text, nullable=False),
    sa.PrimaryKeyConstraint("sender_id", "id", name="pk_events"),
    sa.ForeignKeyConstraint(
        ["sender_id"], ["conversations.sender_id"], name="fk_events_conversation", ondelete="CASCADE"
    ),
)


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
    for number in range(version + 1, VERSION + 1):
        _MIGRATIONS[number](connection)
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


def _first_version(connection: Any) -> None:
    # Not at the top: taking conversations over needs the tables of this module.
    from bot.stores.rasa_store import import_conversations, set_aside

    stored = set_aside(connection)
    metadata.create_all(connection)
    if stored is not None:
        import_conversations(connection, stored)


_MIGRATIONS: dict[int, Callable[[Any], None]] = {1: _first_version}
