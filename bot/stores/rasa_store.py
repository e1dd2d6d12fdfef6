"""Taking over the conversations of Rasa's own SQLTrackerStore, which has a table ``events`` with other columns."""

from __future__ import annotations

import json
import logging
from typing import Any

import sqlalchemy as sa
from rasa.shared.core.trackers import DialogueStateTracker

from bot.stores.append import append
from bot.stores.errors import SchemaError

_ASIDE = "rasa_events"
_TURNS = 12
logger = logging.getLogger(__name__)


def set_aside(connection: Any) -> sa.Table | None:
    """Rename Rasa's table, so that its name is free; None if there is none.

    Raises SchemaError if there are tables of another program.
    """
    tables = set(sa.inspect(connection).get_table_names()) & {"events", "conversations"}
    if not tables:
        return None
    columns = {column["name"] for column in sa.inspect(connection).get_columns("events")} if "events" in tables else ()
    if tables != {"events"} or not {"id", "sender_id", "type_name", "data"} <= set(columns):
        raise SchemaError(
            f"{connection.engine.url!r} has tables {sorted(tables)} of another program. "
            "Set TRACKER_DB_URL to another database."
        )
    connection.execute(sa.text(f"ALTER TABLE events RENAME TO {_ASIDE}"))
    return sa.Table(
        _ASIDE, sa.MetaData(), sa.Column("id", sa.Integer), sa.Column("sender_id", sa.Text), sa.Column("data", sa.Text)
    )


def import_conversations(connection: Any, table: sa.Table) -> None:
    """Store the conversations of Rasa's table anew, and drop it."""
    senders = connection.execute(sa.select(table.c.sender_id).distinct()).scalars().all()
    logger.info("Taking over %d conversations of Rasa's own tracker store.", len(senders))
    for sender in senders:
        rows = connection.execute(sa.select(table.c.data).where(table.c.sender_id == sender).order_by(table.c.id))
        # No slots: the domain is not known yet, and any slot will do.
        tracker = DialogueStateTracker.from_dict(sender, [json.loads(data) for (data,) in rows])
        append(connection, tracker, (), _TURNS)
    connection.execute(sa.text(f"DROP TABLE {_ASIDE}"))
