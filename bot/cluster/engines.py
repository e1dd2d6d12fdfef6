"""The services that several servers share, looked for before anything else is loaded."""

from __future__ import annotations

import asyncio
import logging
import os
from collections.abc import Awaitable, Callable
from urllib.parse import unquote, urlsplit

from bot.settings import Settings

_PATIENCE_SECONDS = 5.0


def problems(settings: Settings) -> list[str]:
    """One line for each configured service that cannot be reached, without user names and passwords."""
    wanted: list[tuple[str, str, Callable[[str], Awaitable[None]]]] = []
    if settings.redis_url:
        wanted.append(("REDIS_URL", settings.redis_url, _redis))
    if settings.event_broker_url:
        rabbit = settings.event_broker_url.startswith("amqp")
        wanted.append(("EVENT_BROKER_URL", settings.event_broker_url, _rabbit if rabbit else _kafka))
    return asyncio.run(_all(wanted)) if wanted else []


def warnings(settings: Settings) -> list[str]:
    """One line for each setting that several servers need and that is missing."""
    if settings.redis_url and not settings.conversation_secret:
        return [
            "CONVERSATION_SECRET is not set: servers with another STATE_DIR will not know each other's conversations."
        ]
    return []


def without_credentials(url: str) -> str:
    """The address as logs may show it: no user, password or options."""
    parts = urlsplit(url)
    return f"{parts.scheme}://{parts.netloc.rpartition('@')[2]}{parts.path}"


async def _all(wanted: list[tuple[str, str, Callable[[str], Awaitable[None]]]]) -> list[str]:
    # Its client logs failures for itself, with the address as it is.
    logging.getLogger("aio_pika").setLevel(logging.CRITICAL)
    logging.getLogger("aiormq").setLevel(logging.CRITICAL)
    found = []
    for name, url, check in wanted:
        try:
            await asyncio.wait_for(check(url), _PATIENCE_SECONDS)
        except asyncio.TimeoutError:
            found.append(_line(name, url, "no answer within 5 seconds"))
        except Exception as error:
            found.append(_line(name, url, _reason(error)))
    return found


def _line(name: str, url: str, reason: str) -> str:
    return f"{name}: {without_credentials(url)} cannot be used: {reason}. Is it running, and is the address right?"


def _reason(error: BaseException) -> str:
    """What went wrong, in words that hold no part of the address."""
    cause: BaseException | None = error
    while cause is not None:
        if isinstance(cause, OSError) and cause.errno:
            # The texts of the event loop name the address.
            reason = os.strerror(cause.errno) if cause.errno > 0 else "the host is not known"
            return reason[:1].lower() + reason[1:]
        cause = cause.__cause__ or cause.__context__
    return _WORDS.get(type(error).__name__, type(error).__name__)


_WORDS = {
    "AuthenticationError": "user or password are refused",
    "ProbableAuthenticationError": "user or password are refused",
    "AuthenticationWrongNumberOfArgsError": "user or password are refused",
    "AMQPConnectionError": "connection refused",
    "KafkaException": "no broker answers",
    "TimeoutError": "no answer",
}


async def _redis(url: str) -> None:
    from bot.cluster.redis_client import redis_client

    redis = redis_client(url)
    try:
        await redis.ping()
    finally:
        await redis.close()


async def _rabbit(url: str) -> None:
    import aio_pika

    connection = await aio_pika.connect(url, timeout=_PATIENCE_SECONDS)
    await connection.close()


async def _kafka(url: str) -> None:
    import confluent_kafka

    parts = urlsplit(url)
    options = {"bootstrap.servers": parts.netloc.rpartition("@")[2], "error_cb": lambda _: None}
    if parts.username:
        options |= {
            "security.protocol": "SASL_SSL",
            "sasl.mechanism": "PLAIN",
            "sasl.username": unquote(parts.username),
            "sasl.password": unquote(parts.password or ""),
        }
    producer = confluent_kafka.Producer(options, logger=logging.getLogger("confluent_kafka"))
    await asyncio.to_thread(producer.list_topics, timeout=_PATIENCE_SECONDS - 1)
