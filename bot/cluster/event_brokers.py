"""Where events are published besides being stored: RabbitMQ or Kafka, through Rasa's brokers.

Both are kept from doing two things that Rasa's own do: stopping the event loop while the broker is away (Kafka, for
minutes), and keeping events in memory without an end (RabbitMQ).
"""

from __future__ import annotations

import asyncio
import logging
from typing import Any
from urllib.parse import SplitResult, parse_qs, unquote, urlsplit

import rasa.shared.core.events  # noqa: F401 - Rasa's brokers use it without importing it
from rasa.core.brokers.broker import EventBroker
from rasa.core.brokers.kafka import KafkaEventBroker
from rasa.core.brokers.pika import DEFAULT_QUEUE_NAME, PikaEventBroker

# What is published while the broker is away waits for it, up to this many events; conversations are stored anyway.
WAITING_EVENTS = 10_000
_FLUSH_SECONDS = 1.0
logger = logging.getLogger(__name__)


class RabbitEvents(PikaEventBroker):  # type: ignore[misc, unused-ignore]
    """Rasa's broker for RabbitMQ with an end to what waits."""

    def publish(self, event: dict[str, Any], headers: dict[str, str] | None = None) -> None:
        """Publish an event in the background, in order; drops it if too many wait."""
        if len(self._background_tasks) + len(self._unpublished_events) >= WAITING_EVENTS:
            _dropped()
            return
        super().publish(event, headers)

    async def close(self) -> None:
        """Publish what waits for a moment, then close the connection."""
        if self._background_tasks:
            await asyncio.wait(list(self._background_tasks), timeout=_FLUSH_SECONDS)
        for task in list(self._background_tasks):
            task.cancel()
        await super().close()


class KafkaEvents(KafkaEventBroker):  # type: ignore[misc, unused-ignore]
    """Rasa's broker for Kafka; the client's own threads do what Rasa's waits for."""

    producer: Any

    def publish(self, event: dict[str, Any], *_: Any, **__: Any) -> None:
        """Hand an event to the client, which sends it in the background; drops it if too many wait."""
        if self.producer is None:
            self.producer = self._create_producer()
        try:
            self._publish(event)
        except BufferError:
            _dropped()
        # Takes in reports of earlier events without waiting, so that they do not fill the client's queue.
        self.producer.poll(0)

    def _get_kafka_config(self) -> dict[str, Any]:
        # Rasa's callback raises inside poll() when brokers are away; the client connects again by itself.
        return {**super()._get_kafka_config(), "error_cb": _kafka_failed}

    async def close(self) -> None:
        """Send what waits for a moment."""
        self._cancelled = True
        await asyncio.to_thread(self._poll_thread.join)
        if self.producer:
            await asyncio.to_thread(self.producer.flush, _FLUSH_SECONDS)


async def open_broker(url: str) -> EventBroker:
    """The broker at the address that EVENT_BROKER_URL holds, connected. Raises what connecting raises."""
    parts = urlsplit(url)
    if parts.scheme.startswith("amqp"):
        return await _rabbit(parts)
    return _kafka(parts)


async def _rabbit(parts: SplitResult) -> RabbitEvents:
    options = parse_qs(parts.query)
    user, password = parts.username or "guest", parts.password or "guest"
    port = parts.port or (5671 if parts.scheme == "amqps" else 5672)
    address = f"{parts.scheme}://{user}:{password}@{parts.hostname}:{port}{parts.path or '/'}"
    broker = RabbitEvents(
        address,
        user,
        password,
        port,
        queues=options.get("queue", [DEFAULT_QUEUE_NAME]),
        event_loop=asyncio.get_running_loop(),
        connection_attempts=1,
    )
    await broker.connect()
    # Rasa names the host in its log lines.
    broker.host = str(parts.hostname)
    return broker


def _kafka(parts: SplitResult) -> KafkaEvents:
    return KafkaEvents(
        parts.netloc.rpartition("@")[2],
        topic=parts.path.strip("/") or DEFAULT_QUEUE_NAME,
        partition_by_sender=True,
        sasl_username=unquote(parts.username or "") or None,
        sasl_password=unquote(parts.password or "") or None,
        security_protocol="SASL_SSL" if parts.username else "PLAINTEXT",
        queue_size=WAITING_EVENTS,
    )


def _dropped() -> None:
    logger.error("The event broker is away for long: an event was stored but not published.")


def _kafka_failed(error: Any) -> None:
    logger.error("The event broker failed: Kafka says %s.", error.name())
