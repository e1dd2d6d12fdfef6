"""The tables of conversations.

``events`` is only ever appended to; an event's ``id`` is its number in its conversation, so that two writers cannot
both store a fifth event. ``message_id`` is the key of a message that may be sent again: the database refuses a second
one in the same conversation, whatever those who write it believe. ``conversations`` says which events are live and what
they do not tell by themselves.
"""

from __future__ import annotations

import hashlib
from typing import Any

import sqlalchemy as sa

VERSION = 2
LONGEST_KEY = 128

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
    sa.Column("message_id", sa.String(LONGEST_KEY)),
    sa.PrimaryKeyConstraint("sender_id", "id", name="pk_events"),
    sa.ForeignKeyConstraint(
        ["sender_id"], ["conversations.sender_id"], name="fk_events_conversation", ondelete="CASCADE"
    ),
)

ONE_COPY = sa.Index(
    "uq_events_message_id",
    events.c.sender_id,
    events.c.message_id,
    unique=True,
    sqlite_where=events.c.message_id.isnot(None),
    postgresql_where=events.c.message_id.isnot(None),
)


def message_key(message_id: Any) -> str | None:
    """What the column ``message_id`` holds for an id: the id itself, or its hash where no column takes it."""
    text = str(message_id or "")
    if len(text) <= LONGEST_KEY and text.isprintable():
        return text or None
    return hashlib.sha256(text.encode(errors="surrogatepass")).hexdigest()
