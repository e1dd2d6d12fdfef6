"""How long Slack waits for an acknowledgement while the bot is busy: ``python -m tests.slack.acknowledging``."""

import asyncio
import json
import time
from typing import Any

from bot.channels.slack.channel import SlackChannel
from bot.channels.slack.settings import SlackSettings

from .mock_api import BOT_TOKEN, MockSlack
from .payloads import direct
from .server import SECRET, Server, Talker

BUSY_SECONDS = 0.010


class BusyTalker(Talker):
    """Computes as long as the agent does for a message, without letting anything else run meanwhile."""

    async def __call__(self, message: Any) -> None:
        until = time.perf_counter() + BUSY_SECONDS
        while time.perf_counter() < until:
            pass
        await super().__call__(message)


async def measure(events: int = 400, at_once: int = 20) -> dict[str, float]:
    """Milliseconds to the acknowledgement of so many events, ``at_once`` of them in parallel; all are answered."""
    slack = MockSlack()
    await slack.start()
    settings = SlackSettings(bot_token=BOT_TOKEN, signing_secret=SECRET, api_url=f"{slack.url}/api/")
    server = Server(SlackChannel(settings), BusyTalker())
    await server.start()
    free = asyncio.Semaphore(at_once)

    async def send(number: int) -> float:
        async with free:
            started = time.perf_counter()
            response = await server.event(direct("hello", user=f"U{number % 40}"))
            assert response.status_code == 200
            return (time.perf_counter() - started) * 1_000

    try:
        times = sorted(await asyncio.gather(*(send(number) for number in range(events))))
        await server.drained()
        answered = len(slack.of("chat.postMessage"))
    finally:
        await server.stop()
        await slack.stop()
    return {
        "events": events,
        "answered": answered,
        "median_ms": round(times[len(times) // 2], 1),
        "p99_ms": round(times[int(len(times) * 0.99)], 1),
    }


if __name__ == "__main__":
    print(json.dumps(asyncio.run(measure())))
