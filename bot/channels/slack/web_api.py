"""The client of Slack's Web API."""

from __future__ import annotations

import asyncio
import logging
import random
from typing import Any

import aiohttp
from slack_sdk.http_retry.async_handler import AsyncRetryHandler
from slack_sdk.http_retry.builtin_async_handlers import (
    AsyncConnectionErrorRetryHandler,
    AsyncRateLimitErrorRetryHandler,
)
from slack_sdk.web.async_client import AsyncWebClient
from slack_sdk.webhook.async_client import AsyncWebhookClient

from bot.channels.slack.settings import SlackSettings

_TIMEOUT_SECONDS = 30
_WAITS = 5
_LONGEST_WAIT = 120.0
# Slack's libraries write whole requests to their logs; what matters of them is logged by slack_problems.
quiet = logging.getLogger("slack_bolt.career_advisor")
quiet.setLevel(logging.CRITICAL)
logger = logging.getLogger(__name__)


class WaitAsAsked(AsyncRateLimitErrorRetryHandler):
    """Waits as long as Slack asks in Retry-After, a little more so that not everything starts again at once."""

    async def prepare_for_next_attempt_async(self, *, state: Any, request: Any, response: Any = None, **_: Any) -> None:
        """Wait."""
        asked = next((value for name, value in response.headers.items() if name.lower() == "retry-after"), "1")
        asked = asked[0] if isinstance(asked, list) else asked
        seconds = float(asked) if str(asked).isdigit() else 1.0
        logger.warning("Slack: too many requests; waiting %g seconds as Slack asks.", seconds)
        state.next_attempt_requested = True
        await asyncio.sleep(min(seconds, _LONGEST_WAIT) + random.uniform(0, 0.2))
        state.increment_current_attempt()


def open_session() -> aiohttp.ClientSession:
    """Connections to Slack; they are not kept for long, so that none is used that Slack has closed meanwhile."""
    connector = aiohttp.TCPConnector(limit=50, keepalive_timeout=5)
    return aiohttp.ClientSession(connector=connector, timeout=aiohttp.ClientTimeout(total=_TIMEOUT_SECONDS))


def web_client(settings: SlackSettings, session: aiohttp.ClientSession) -> AsyncWebClient:
    """The client for the bot token."""
    return AsyncWebClient(
        token=settings.bot_token,
        base_url=settings.api_url,
        session=session,
        timeout=_TIMEOUT_SECONDS,
        logger=quiet,
        retry_handlers=_retries(),
    )


def response_url_client(url: str, session: aiohttp.ClientSession) -> AsyncWebhookClient:
    """The client for the address that a command or a click brings."""
    return AsyncWebhookClient(url, session=session, timeout=_TIMEOUT_SECONDS, logger=quiet, retry_handlers=_retries())


def _retries() -> list[AsyncRetryHandler]:
    # Only what certainly did not reach Slack is sent again: an answer must not appear twice.
    refused = AsyncConnectionErrorRetryHandler(max_retry_count=2, error_types=[aiohttp.ClientConnectorError])
    return [WaitAsAsked(max_retry_count=_WAITS), refused]
