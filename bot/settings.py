"""Settings of the server, read from environment variables; ``.env.example`` documents each of them."""

from __future__ import annotations

import os
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

_ORIGIN = re.compile(r"https?://([a-z0-9.-]+|\[[0-9a-f:.]+\])(:\d{1,5})?", re.IGNORECASE)
_SWITCH = {"on": True, "true": True, "1": True, "yes": True, "off": False, "false": False, "0": False, "no": False}
_SHORTEST_SECRET = 16
_SHORTEST_PASSWORD = 12


class SettingsError(ValueError):
    """The settings cannot be used; the message has one line for each problem."""


@dataclass(frozen=True)
class Settings:
    """What the server is run with. The field names are the variables' names in lower case."""

    port: int = 5005
    host: str = "127.0.0.1"
    action_server_url: tuple[str, ...] = ()
    action_server_token: str = field(default="", repr=False)
    action_server_host: str = "127.0.0.1"
    action_server_port: int = 5055
    allowed_origins: tuple[str, ...] = ()
    own_hosts: tuple[str, ...] = ()
    rate_limit_per_minute: int = 60
    rate_limit_per_address: int = 600
    trusted_proxies: int = 0
    message_timeout_seconds: float = 10.0
    max_pending_messages: int = 200
    request_timeout_seconds: float = 10.0
    max_connections: int = 800
    hsts_seconds: int = 0
    conversation_secret: str = ""
    redis_url: str = field(default="", repr=False)
    event_broker_url: str = field(default="", repr=False)
    drain_seconds: float = 0.0
    insights_password: str = field(default="", repr=False)
    insights_timezone: str = "UTC"
    metrics_token: str = field(default="", repr=False)
    state_dir: Path = Path("var")
    tracker_db_url: str = ""
    tracker_db_synchronous: str = "NORMAL"
    retention_days: int = 0
    log_text: bool = False
    log_format: str = "text"
    model: Path = Path("models")

    @classmethod
    def from_environment(cls, environment: Mapping[str, str] = os.environ) -> Settings:
        """Read the settings; a variable that is unset or empty has its default.

        Raises SettingsError, naming every variable that cannot be used and why.
        """
        found: dict[str, Any] = {}
        problems = []
        for setting, read in _READERS.items():
            name = setting.upper()
            value = environment.get(name, "").strip()
            if not value:
                continue
            try:
                found[setting] = read(value)
            except ValueError as problem:
                # A secret must not be repeated on a terminal, and no other value needs to be.
                problems.append(f"{name} {problem}")
        if problems:
            raise SettingsError("\n".join(problems))
        return cls(**found)

    def tracker_url(self) -> str:
        """The database of conversations: ``tracker_db_url``, or else a SQLite file in the state folder."""
        return self.tracker_db_url or f"sqlite:///{self.state_dir}/conversations.db"

    def model_file(self) -> Path:
        """The model to serve: ``model`` itself, or the newest one in that folder. Raises SettingsError."""
        if self.model.is_file():
            return self.model
        models = sorted(self.model.glob("*.tar.gz"), key=lambda path: path.stat().st_mtime)
        if not models:
            raise SettingsError(f"There is no model in {self.model}. Train one with: make train")
        return models[-1]


def _whole(least: int, most: int) -> Callable[[str], int]:
    def read(value: str) -> int:
        if not re.fullmatch(r"\d{1,9}", value) or not least <= int(value) <= most:
            raise ValueError(f"must be a whole number from {least} to {most}.")
        return int(value)

    return read


def _seconds(least: float) -> Callable[[str], float]:
    def read(value: str) -> float:
        if not re.fullmatch(r"\d{1,4}(\.\d+)?", value) or not least <= float(value) <= 300:
            raise ValueError(f"must be a number of seconds from {least:g} to 300.")
        return float(value)

    return read


def _switch(value: str) -> bool:
    if value.lower() not in _SWITCH:
        raise ValueError("must be on or off.")
    return _SWITCH[value.lower()]


def _urls(value: str) -> tuple[str, ...]:
    urls = [url.strip() for url in value.split(",") if url.strip()]
    for url in urls:
        if not re.fullmatch(r"https?://[^\s/]+(/\S*)?", url):
            raise ValueError("must be http or https addresses separated by commas, like http://127.0.0.1:5055/webhook.")
    return tuple(dict.fromkeys(urls))


def _service(example: str, *schemes: str) -> Callable[[str], str]:
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


def _origins(value: str) -> tuple[str, ...]:
    origins = [origin.strip().rstrip("/").lower() for origin in value.split(",") if origin.strip()]
    for origin in origins:
        if not _ORIGIN.fullmatch(origin):
            raise ValueError("must be exact origins separated by commas, like https://www.example.com.")
    return tuple(dict.fromkeys(origins))


def _hosts(value: str) -> tuple[str, ...]:
    hosts = [host.strip().strip("[]").lower() for host in value.split(",") if host.strip()]
    for host in hosts:
        if not re.fullmatch(r"[a-z0-9.-]+|[0-9a-f:.]+", host):
            raise ValueError("must be host names without ports, separated by commas, like chat.example.com.")
    return tuple(dict.fromkeys(hosts))


def _database(value: str) -> str:
    # Not more: the rest may hold a password, and only the database knows whether it is right.
    if not re.fullmatch(r"(sqlite:///|postgres(ql)?(\+psycopg2)?://)\S+", value):
        raise ValueError("must be like sqlite:///var/conversations.db or postgresql://user:password@host/database.")
    return value


def _synchronous(value: str) -> str:
    if value.upper() not in ("NORMAL", "FULL"):
        raise ValueError("must be NORMAL or FULL.")
    return value.upper()


def _log_format(value: str) -> str:
    if value.lower() not in ("text", "json"):
        raise ValueError("must be text or json.")
    return value.lower()


def _secret(value: str) -> str:
    if len(value) < _SHORTEST_SECRET:
        raise ValueError(f"must have at least {_SHORTEST_SECRET} characters.")
    return value


def _token(value: str) -> str:
    # It travels in a header.
    if not re.fullmatch(r"[!-~]+", value):
        raise ValueError("must be printable ASCII characters without spaces.")
    return _secret(value)


def _password(value: str) -> str:
    if len(value) < _SHORTEST_PASSWORD:
        raise ValueError(f"must have at least {_SHORTEST_PASSWORD} characters.")
    return value


def _time_zone(value: str) -> str:
    try:
        return ZoneInfo(value).key
    except (ZoneInfoNotFoundError, ValueError, OSError) as error:
        raise ValueError("must be the name of a time zone, like Europe/Berlin.") from error


_READERS: dict[str, Callable[[str], Any]] = {
    "port": _whole(0, 65535),
    "host": str,
    "action_server_url": _urls,
    "action_server_token": _token,
    "action_server_host": str,
    "action_server_port": _whole(0, 65535),
    "allowed_origins": _origins,
    "own_hosts": _hosts,
    "rate_limit_per_minute": _whole(0, 1_000_000),
    "rate_limit_per_address": _whole(0, 1_000_000),
    "trusted_proxies": _whole(0, 10),
    "message_timeout_seconds": _seconds(0.1),
    "max_pending_messages": _whole(1, 100_000),
    "request_timeout_seconds": _seconds(0.5),
    "max_connections": _whole(10, 100_000),
    "hsts_seconds": _whole(0, 2 * 366 * 24 * 3600),
    "conversation_secret": _secret,
    "redis_url": _service("redis://localhost:6379/0", "redis", "rediss", "unix"),
    "event_broker_url": _service("amqp://localhost or kafka://localhost:9092/topic", "amqp", "amqps", "kafka"),
    "drain_seconds": _seconds(0),
    "insights_password": _password,
    "insights_timezone": _time_zone,
    "metrics_token": _secret,
    "state_dir": Path,
    "tracker_db_url": _database,
    "tracker_db_synchronous": _synchronous,
    "retention_days": _whole(0, 36_500),
    "log_text": _switch,
    "log_format": _log_format,
    "model": Path,
}
