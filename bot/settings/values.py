"""What the text of an environment variable may be: each reader returns the value, or raises ValueError.

The error's text goes on after the variable's name ("must be ..."), and never repeats the value, which may be a secret.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

Reader = Callable[[str], Any]

SHORTEST_SECRET = 16
_SHORTEST_PASSWORD = 12
_ORIGIN = re.compile(r"https?://([a-z0-9.-]+|\[[0-9a-f:.]+\])(:\d{1,5})?", re.IGNORECASE | re.ASCII)
_URL = re.compile(r"https?://[^\s/]+(/\S*)?")
_SWITCH = {"on": True, "true": True, "1": True, "yes": True, "off": False, "false": False, "0": False, "no": False}


def whole(least: int, most: int) -> Reader:
    """A whole number between two others."""

    def read(value: str) -> int:
        if not re.fullmatch(r"\d{1,9}", value, re.ASCII) or not least <= int(value) <= most:
            raise ValueError(f"must be a whole number from {least} to {most}.")
        return int(value)

    return read


def seconds(least: float) -> Reader:
    """A time of at most five minutes."""

    def read(value: str) -> float:
        if not re.fullmatch(r"\d{1,4}(\.\d+)?", value, re.ASCII) or not least <= float(value) <= 300:
            raise ValueError(f"must be a number of seconds from {least:g} to 300.")
        return float(value)

    return read


def switch(value: str) -> bool:
    """On or off."""
    if value.lower() not in _SWITCH:
        raise ValueError("must be on or off.")
    return _SWITCH[value.lower()]


def url(value: str) -> str:
    """The address of one HTTP service."""
    if not _URL.fullmatch(value):
        raise ValueError("must be an http or https address.")
    return value


def urls(value: str) -> tuple[str, ...]:
    """Addresses of HTTP services, each once."""
    found = [each.strip() for each in value.split(",") if each.strip()]
    for each in found:
        if not _URL.fullmatch(each):
            raise ValueError("must be http or https addresses separated by commas, like http://127.0.0.1:5055/webhook.")
    return tuple(dict.fromkeys(found))


def service(example: str, *schemes: str) -> Reader:
    """The address of a service, with one of these schemes."""

    def read(value: str) -> str:
        scheme, _, rest = value.partition("://")
        try:
            usable = scheme in schemes and bool(rest) and (scheme == "unix" or bool(urlsplit(value).hostname))
            _ = urlsplit(value).port if "," not in value else None
        except ValueError:
            usable = False
        if not usable:
            raise ValueError(f"must be an address like {example}.")
        return value

    return read


def origins(value: str) -> tuple[str, ...]:
    """Exact origins of web sites, each once."""
    origins = [origin.strip().rstrip("/").lower() for origin in value.split(",") if origin.strip()]
    for origin in origins:
        if not _ORIGIN.fullmatch(origin):
            raise ValueError("must be exact origins separated by commas, like https://www.example.com.")
    return tuple(dict.fromkeys(origins))


def names(value: str) -> tuple[str, ...]:
    """Names with commas between them, each once and sorted."""
    return tuple(sorted({name.strip() for name in value.split(",") if name.strip()}))


def database(value: str) -> str:
    """The address of a database of conversations."""
    # Not more: the rest may hold a password, and only the database knows whether it is right.
    if not re.fullmatch(r"(sqlite:///|postgres(ql)?(\+psycopg2)?://)\S+", value):
        raise ValueError("must be like sqlite:///var/conversations.db or postgresql://user:password@host/database.")
    return value


def choice(*known: str) -> Reader:
    """One of these words, in any case."""
    by_name = {word.lower(): word for word in known}

    def read(value: str) -> str:
        if value.lower() not in by_name:
            raise ValueError(f"must be {' or '.join(known)}.")
        return by_name[value.lower()]

    return read


def secret(value: str) -> str:
    """What nobody may guess and no person has to type."""
    if len(value) < SHORTEST_SECRET:
        raise ValueError(f"must have at least {SHORTEST_SECRET} characters.")
    return value


def in_header(value: str) -> str:
    """What travels in a header."""
    if not re.fullmatch(r"[!-~]+", value):
        raise ValueError("must be printable ASCII characters without spaces.")
    return value


def token(value: str) -> str:
    """A secret that travels in a header."""
    return secret(in_header(value))


def password(value: str) -> str:
    """What a person types."""
    if len(value) < _SHORTEST_PASSWORD:
        raise ValueError(f"must have at least {_SHORTEST_PASSWORD} characters.")
    return value


def time_zone(value: str) -> str:
    """The name of a time zone."""
    try:
        return ZoneInfo(value).key
    except (ZoneInfoNotFoundError, ValueError, OSError) as error:
        raise ValueError("must be the name of a time zone, like Europe/Berlin.") from error
