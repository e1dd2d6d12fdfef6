"""The address of the database that holds conversations, and what may be said of its errors."""

from __future__ import annotations

import os

from sqlalchemy.engine import URL, make_url
from sqlalchemy.exc import ArgumentError, SQLAlchemyError


def database_url(url: str | None, default: str) -> URL:
    """Return ``url``, else the variable TRACKER_DB_URL, else ``default``, as an address of SQLite or PostgreSQL.

    A path stands for a SQLite file. Raises ValueError, with a sentence for users, for anything else.
    """
    text = url or os.environ.get("TRACKER_DB_URL") or default
    if "://" not in text:
        text = f"sqlite:///{text}"
    if text.startswith("postgres://"):
        text = text.replace("postgres", "postgresql", 1)
    try:
        address = make_url(text)
        backend = address.get_backend_name()
    except (ArgumentError, ValueError) as error:
        raise ValueError("TRACKER_DB_URL is not the address of a database.") from error
    if backend not in ("sqlite", "postgresql"):
        raise ValueError(f"Conversations can be kept in SQLite and PostgreSQL, not in {backend}.")
    return address


def reason(error: SQLAlchemyError) -> str:
    """The first line of what the driver says, without a full stop: more of it could show what people wrote."""
    return str(getattr(error, "orig", None) or type(error).__name__).strip().partition("\n")[0].rstrip(".")
