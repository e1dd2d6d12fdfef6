"""The table of settings. ``.env.example`` is written from it: ``python -m bot.settings > .env.example``."""

# ruff: noqa: RUF009 -- what is called for each setting returns a field of the dataclass.
from __future__ import annotations

import os
from collections.abc import Iterable, Mapping
from dataclasses import Field, dataclass, field, fields
from pathlib import Path
from typing import Any

from bot.settings.values import (
    Reader,
    choice,
    database,
    in_header,
    names,
    origins,
    password,
    seconds,
    secret,
    service,
    switch,
    time_zone,
    token,
    url,
    urls,
    whole,
)


class SettingsError(ValueError):
    """The settings cannot be used; the message has one line for each problem."""


def _setting(default: Any, read: Reader, text: str = "", secret: bool = False) -> Any:
    """A setting with its default and its meaning; one without text belongs to the one before it."""
    return field(default=default, repr=not secret, metadata={"read": read, "text": text})


def shown_before(setting: Field[Any]) -> list[str]:
    """The paragraph that .env.example has above a setting, if there is one."""
    text = setting.metadata["text"]
    return [" ".join(text.split())] if text else []


@dataclass(frozen=True)
class Settings:
    """What the server is run with. The field names are the variables' names in lower case."""

    port: int = _setting(
        5005,
        whole(0, 65535),
        """Port and address to listen on. HOST=0.0.0.0 makes the server reachable from other machines; PORT=0 takes a
        free port.""",
    )
    host: str = _setting("127.0.0.1", str)
    action_server_url: tuple[str, ...] = _setting(
        (),
        urls,
        """Addresses of separate action servers, separated by commas, like http://127.0.0.1:5055/webhook; calls go
        round them. Empty: actions run in this process.""",
    )
    action_server_host: str = _setting(
        "127.0.0.1",
        str,
        """`python -m bot actions` is such an action server: where it listens, and the token (at least 16 characters,
        the same on both sides) without which it takes no calls. An address that other machines can reach needs one.""",
    )
    action_server_port: int = _setting(5055, whole(0, 65535))
    action_server_token: str = _setting("", token, secret=True)
    model: Path = _setting(
        Path("models"),
        Path,
        """The model to serve: a file, or a folder whose newest model is taken, or the newest one before it that can be
        loaded.""",
    )
    allowed_origins: tuple[str, ...] = _setting(
        (),
        origins,
        """Web sites that may show the chat, as exact origins separated by commas:
        https://www.example.com,http://localhost:8000. The server's own pages need no entry.""",
    )
    rate_limit_per_minute: int = _setting(
        60,
        whole(0, 1_000_000),
        "Requests a minute from one conversation and from one network address; 0 switches a limit off.",
    )
    rate_limit_per_address: int = _setting(600, whole(0, 1_000_000))
    trusted_proxies: int = _setting(
        0,
        whole(0, 10),
        "How many reverse proxies stand in front of the server, each of which adds to X-Forwarded-For.",
    )
    message_timeout_seconds: float = _setting(
        10.0,
        seconds(0.1),
        "How long one message may take, and how many may wait or be worked on at the same time.",
    )
    max_pending_messages: int = _setting(200, whole(1, 100_000))
    request_timeout_seconds: float = _setting(
        10.0,
        seconds(0.5),
        """How long a client may take to send a whole request, and how many connections there may be; others read 503
        at once.""",
    )
    max_connections: int = _setting(800, whole(10, 100_000))
    hsts_seconds: int = _setting(
        0,
        whole(0, 2 * 366 * 24 * 3600),
        """For a server that people reach over https only: for how many seconds their browsers insist on that
        (Strict-Transport-Security; 31536000 is a year). 0: the header is not sent.""",
    )
    conversation_secret: str = _setting(
        "",
        secret,
        """Signs the tokens of web conversations; at least 16 characters. Empty: one is generated and kept in
        STATE_DIR/secret. Set it when several servers share conversations.""",
        secret=True,
    )
    redis_url: str = _setting(
        "",
        service("redis://localhost:6379/0", "redis", "rediss", "unix"),
        """Several servers (docs/deploy.md) share through Redis, like redis://user:password@localhost:6379/0: the locks
        on conversations, rate limits, and which Slack events were answered.""",
        secret=True,
    )
    event_broker_url: str = _setting(
        "",
        service("amqp://localhost or kafka://localhost:9092/topic", "amqp", "amqps", "kafka"),
        """Events are published to RabbitMQ (amqp://user:password@localhost/, ?queue=NAME) or Kafka
        (kafka://localhost:9092/TOPIC) as well. Queue or topic: rasa_core_events.""",
        secret=True,
    )
    drain_seconds: float = _setting(
        0.0,
        seconds(0),
        """For servers behind a load balancer, 10 for example: after SIGTERM, how many seconds requests are still
        answered while /health says 503 "draining"; and at start, connections are taken only once the model is
        loaded.""",
    )
    insights_password: str = _setting(
        "",
        password,
        """Password of the page /insights (docs/insights.md), at least 12 characters; empty: there is no such page. The
        time zone of its days and hours.""",
        secret=True,
    )
    insights_timezone: str = _setting("UTC", time_zone)
    metrics_token: str = _setting(
        "",
        secret,
        """Token that Prometheus sends to read /metrics (docs/operations.md), at least 16 characters. Empty: /metrics
        answers only requests from this machine that no proxy passed on.""",
        secret=True,
    )
    state_dir: Path = _setting(
        Path("var"),
        Path,
        "Folder for what the server keeps on disk. It is made if it is missing, and its files are their owner's only.",
    )
    tracker_db_url: str = _setting(
        "",
        database,
        """Database of the conversations: a SQLite file (sqlite:///var/conversations.db) or PostgreSQL
        (postgresql://user:password@host/database). Empty: STATE_DIR/conversations.db. See docs/operations.md.""",
        secret=True,
    )
    tracker_db_synchronous: str = _setting(
        "NORMAL",
        choice("NORMAL", "FULL"),
        """SQLite only. NORMAL: what was stored survives a crash of the program; FULL: a power cut as well, at the cost
        of waiting for the disk on every message.""",
    )
    retention_days: int = _setting(
        0,
        whole(0, 36_500),
        "Conversations in which nothing happened for this many days are erased; 0: they are kept until somebody erases "
        "them.",
    )
    log_text: bool = _setting(
        False,
        switch,
        "on: what people write may appear in the log. For looking for faults on your own machine only.",
    )
    log_format: str = _setting(
        "text",
        choice("text", "json"),
        "text, or json: one JSON object a line, with the request's id, and a line for each request "
        "(docs/operations.md).",
    )
    slack_bot_token: str = _setting(
        "",
        in_header,
        """Slack (docs/slack.md): the bot token with either the signing secret (HTTP) or the app token (Socket Mode).
        All empty: the Slack channel is off.""",
        secret=True,
    )
    slack_signing_secret: str = _setting("", str, secret=True)
    slack_app_token: str = _setting("", in_header, secret=True)
    slack_api_url: str = _setting("https://slack.com/api/", url)
    encoder_dir: Path | None = _setting(
        None,
        Path,
        """Folder with model.onnx and tokenizer.json of the sentence encoder; empty: from the installed packages.
        Threads it uses.""",
    )
    encoder_threads: int = _setting(1, whole(1, 256))
    knowledge_dir: Path = _setting(Path("data/knowledge"), Path, "The knowledge base that answers come from.")
    sources: tuple[str, ...] = _setting(
        (),
        names,
        """Sources to answer from: ids or kinds of data/knowledge/sources.yml with commas between them, such as article.
        Empty: all. Train again after a change.""",
    )

    @classmethod
    def read(cls, environment: Mapping[str, str], only: Iterable[str] = ()) -> tuple[Settings, list[str]]:
        """The settings, and one line for each variable that cannot be used, which has its default.

        A variable that is unset or empty has its default as well. ``only``: names of those to read.
        """
        found: dict[str, Any] = {}
        problems = []
        for setting in fields(cls):
            name = setting.name.upper()
            value = environment.get(name, "").strip()
            if not value or (only and name not in only):
                continue
            try:
                _check_encoding(value)
                found[setting.name] = setting.metadata["read"](value)
            except ValueError as problem:
                # A secret must not be repeated on a terminal, and no other value needs to be.
                problems.append(f"{name} {problem}")
        return cls(**found), problems

    @classmethod
    def from_environment(cls, environment: Mapping[str, str] = os.environ, only: Iterable[str] = ()) -> Settings:
        """Read the settings, or those named in ``only``; a variable that is unset or empty has its default.

        Raises SettingsError, naming every variable that cannot be used and why.
        """
        settings, problems = cls.read(environment, only)
        if problems:
            raise SettingsError("\n".join(problems))
        return settings

    def tracker_url(self) -> str:
        """The database of conversations: ``tracker_db_url``, or else a SQLite file in the state folder."""
        return self.tracker_db_url or f"sqlite:///{self.state_dir}/conversations.db"

    def model_files(self) -> list[Path]:
        """The models to serve, the best first: ``model`` itself, or those in that folder, the newest first.

        Raises SettingsError if there is none.
        """
        if self.model.is_file():
            return [self.model]
        models = sorted(self.model.glob("*.tar.gz"), key=lambda path: path.stat().st_mtime, reverse=True)
        if not models:
            raise SettingsError(f"There is no model in {self.model}. Train one with: make train")
        return models


def _check_encoding(value: str) -> None:
    try:
        value.encode()
    except UnicodeEncodeError:
        raise ValueError("must be valid UTF-8.") from None
