"""Settings of the server, read from environment variables; ``.env.example`` documents each of them."""

from __future__ import annotations

import os
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any
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
    action_server_url: str = ""
    allowed_origins: tuple[str, ...] = ()
    rate_limit_per_minute: int = 60
    rate_limit_per_address: int = 600
    trusted_proxies: int = 0
    message_timeout_seconds: float = 10.0
    max_pending_messages: int = 200
    conversation_secret: str = ""
    insights_password: str = ""
    insights_timezone: str = "UTC"
    state_dir: Path = Path("var")
    log_text: bool = False
    model: Path = Path("models")

    @classmethod
    def from_environment(cls, environment: Mapping[str, str] = os.environ) -> Settings:
        """Read the settings; a variable that is unset or empty has its default.

        Raises SettingsError, naming every variable that cannot be used and why.
        """
        found: dict[str, Any] = {}
        problems = []
        for field, read in _READERS.items():
            name = field.upper()
            value = environment.get(name, "").strip()
            if not value:
                continue
            try:
                found[field] = read(value)
            except ValueError as problem:
                # A secret must not be repeated on a terminal, and no other value needs to be.
                problems.append(f"{name} {problem}")
        if problems:
            raise SettingsError("\n".join(problems))
        return cls(**found)

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


def _seconds(value: str) -> float:
    if not re.fullmatch(r"\d{1,4}(\.\d+)?", value) or not 0.1 <= float(value) <= 300:
        raise ValueError("must be a number of seconds from 0.1 to 300.")
    return float(value)


def _switch(value: str) -> bool:
    if value.lower() not in _SWITCH:
        raise ValueError("must be on or off.")
    return _SWITCH[value.lower()]


def _url(value: str) -> str:
    if not re.fullmatch(r"https?://[^\s/]+(/\S*)?", value):
        raise ValueError("must be an http or https address, like http://127.0.0.1:5055/webhook.")
    return value


def _origins(value: str) -> tuple[str, ...]:
    origins = [origin.strip().rstrip("/").lower() for origin in value.split(",") if origin.strip()]
    for origin in origins:
        if not _ORIGIN.fullmatch(origin):
            raise ValueError("must be exact origins separated by commas, like https://www.example.com.")
    return tuple(dict.fromkeys(origins))


def _secret(value: str) -> str:
    if len(value) < _SHORTEST_SECRET:
        raise ValueError(f"must have at least {_SHORTEST_SECRET} characters.")
    return value


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
    "action_server_url": _url,
    "allowed_origins": _origins,
    "rate_limit_per_minute": _whole(0, 1_000_000),
    "rate_limit_per_address": _whole(0, 1_000_000),
    "trusted_proxies": _whole(0, 10),
    "message_timeout_seconds": _seconds,
    "max_pending_messages": _whole(1, 100_000),
    "conversation_secret": _secret,
    "insights_password": _password,
    "insights_timezone": _time_zone,
    "state_dir": Path,
    "log_text": _switch,
    "model": Path,
}
