"""Events on RabbitMQ, and on the Kafka that Kafka's own client library brings along for tests."""

import asyncio
import json
import logging
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import aio_pika
import confluent_kafka
import pytest

from benchmarks import services
from benchmarks.daemons import Daemon, free_port
from bot.cluster import event_brokers
from bot.cluster.event_brokers import KafkaEvents, RabbitEvents, open_broker

PATIENCE = 60.0


def event(number: int) -> dict[str, Any]:
    return {"event": "user", "text": f"message {number}", "sender_id": "visitor", "timestamp": number}


@pytest.fixture(scope="module")
def rabbit(need: Callable[..., None], folder: Path) -> Iterator[tuple[Daemon, str]]:
    need("rabbitmq-server")
    daemon, url = services.rabbitmq(folder)
    daemon.start().wait_until_ready(60)
    yield daemon, url
    daemon.stop()


async def received(url: str, queue: str, last: int) -> list[int]:
    """The numbers of the events up to the last one. What RabbitMQ delivers again after a crash counts once."""
    connection = await aio_pika.connect(url)
    async with connection:
        channel = await connection.channel()
        source = await channel.declare_queue(queue, durable=True)
        numbers = []
        async with source.iterator(timeout=PATIENCE) as messages:
            async for message in messages:
                async with message.process():
                    number = int(json.loads(message.body)["timestamp"])
                    if number not in numbers:
                        numbers.append(number)
                if number == last:
                    break
        return numbers


async def test_events_reach_rabbitmq_in_order_also_after_it_was_killed(rabbit: tuple[Daemon, str]) -> None:
    daemon, url = rabbit
    broker = await open_broker(f"{url}?queue=of-mine")
    assert isinstance(broker, RabbitEvents)
    for number in range(50):
        broker.publish(event(number))
    assert await received(url, "of-mine", 49) == list(range(50))
    daemon.kill()
    await asyncio.sleep(1)
    broker.publish(event(50))
    await asyncio.to_thread(daemon.wait_until_ready, 60)
    assert (await received(url, "of-mine", 50))[-1] == 50
    await broker.close()


async def test_what_waits_for_rabbitmq_has_an_end(
    rabbit: tuple[Daemon, str], monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setattr(event_brokers, "WAITING_EVENTS", 3)
    broker = await open_broker(rabbit[1])
    for number in range(5):
        broker.publish(event(number))
    assert [record.getMessage() for record in caplog.records if record.levelno >= logging.ERROR] == [
        "The event broker is away for long: an event was stored but not published."
    ] * 2
    await broker.close()


async def test_events_reach_kafka_in_order_for_each_conversation() -> None:
    # librdkafka's mock cluster speaks Kafka's protocol on a loopback port.
    cluster = confluent_kafka.Producer({"test.mock.num.brokers": "1"})
    address = next(iter(cluster.list_topics(timeout=PATIENCE).brokers.values()))
    broker = await open_broker(f"kafka://{address.host}:{address.port}/advice")
    assert isinstance(broker, KafkaEvents)
    for number in range(50):
        broker.publish(event(number))
    consumer = confluent_kafka.Consumer(
        {"bootstrap.servers": f"{address.host}:{address.port}", "group.id": "test", "auto.offset.reset": "earliest"}
    )
    consumer.subscribe(["advice"])
    numbers: list[int] = []
    until = time.monotonic() + PATIENCE
    while len(numbers) < 50 and time.monotonic() < until:
        message = await asyncio.to_thread(consumer.poll, 0.2)
        if message and not message.error():
            assert message.key() == b"visitor"
            numbers.append(json.loads(message.value())["timestamp"])
    assert numbers == list(range(50))
    await broker.close()
    consumer.close()


async def test_kafka_being_away_holds_nobody_up() -> None:
    broker = await open_broker(f"kafka://127.0.0.1:{free_port()}/advice")

    def publish() -> None:
        for number in range(100):
            broker.publish(event(number))

    # Kafka's client gives up on an event after five minutes.
    await asyncio.wait_for(asyncio.to_thread(publish), PATIENCE)
    await asyncio.wait_for(broker.close(), PATIENCE)
