"""Calls of Slack's Web API: tried again where that can help, and what each failure means for the owner.

What it means is in the log, and in ``docs/slack.md``.
"""

from __future__ import annotations

import asyncio
import logging
import random
from collections.abc import Awaitable
from typing import Any

import aiohttp
from slack_sdk.errors import SlackApiError
from slack_sdk.http_retry.async_handler import AsyncRetryHandler
from slack_sdk.http_retry.builtin_async_handlers import (
    AsyncConnectionErrorRetryHandler,
    AsyncRateLimitErrorRetryHandler,
    AsyncServerErrorRetryHandler,
)
from slack_sdk.web.async_client import AsyncWebClient
from slack_sdk.webhook.async_client import AsyncWebhookClient

from bot.channels.slack.settings import SlackSettings

_NEW_TOKEN = "copy the Bot User OAuth Token (OAuth & Permissions) into SLACK_BOT_TOKEN and restart"
_REINSTALL = "reinstall the app to the workspace (OAuth & Permissions), then " + _NEW_TOKEN

WHAT_TO_DO = {
    "invalid_auth": f"the token is wrong: {_NEW_TOKEN}; for Socket Mode check SLACK_APP_TOKEN as well",
    "not_authed": f"no token was sent: {_NEW_TOKEN}",
    "token_revoked": f"the token was revoked, or the app was removed: {_REINSTALL}",
    "token_expired": f"the token has expired: switch token rotation off in the app's settings, then {_REINSTALL}",
    "account_inactive": f"the app was removed from the workspace, or the workspace is gone: {_REINSTALL}",
    "not_allowed_token_type": f"this is a token of another kind: {_NEW_TOKEN}; SLACK_APP_TOKEN is the one with xapp-",
    "missing_scope": f"the app lacks a permission: compare its scopes with deploy/slack/manifest.yml, and {_REINSTALL}",
    "not_in_channel": "the app is not in this channel: invite it there with /invite @Career Advisor",
    "channel_not_found": "the channel is gone, or the app was removed from it: invite it with /invite @Career Advisor",
    "is_archived": "the channel is archived: nothing can be posted until somebody unarchives it",
    "restricted_action": "a workspace preference keeps the app from posting: ask a workspace administrator to allow it",
    "messages_tab_disabled": "direct messages are off: switch the Messages Tab on under App Home, for writing as well",
    "not_enabled": "the Home Tab is off: switch it on under App Home",
    "cannot_dm_bot": "the person is a bot or has left: nothing to do",
    "user_not_found": "the person is not in this workspace: nothing to do",
    "message_not_found": "the message was deleted before it could be updated: nothing to do",
    "cant_update_message": "the message is not one of this app: SLACK_BOT_TOKEN belongs to another app, so check it",
    "invalid_blocks": "Slack refused the layout of a message: please report this with the version of Career Advisor",
    "ratelimited": "Slack asked several times to wait: too many messages at once; the answer was dropped",
    "expired_url": "the answer to a command took more than 30 minutes: ask again",
    "used_url": "the answer to a command came in too many pieces: please report this",
    "no_answer": "Slack cannot be reached, or hangs up before it answers: check the network, proxies and SLACK_API_URL",
    "server_error": "Slack itself failed, several times in a row: see https://slack-status.com; the answer was dropped",
    "not_json": "what answers is not Slack, but a proxy or a login page perhaps: check proxies and SLACK_API_URL",
}
_UNKNOWN = "see https://docs.slack.dev/reference/methods for what this error means"
# What Slack calls its own failures: https://docs.slack.dev/reference/methods/chat.postMessage#errors
_FAILED = frozenset({"internal_error", "fatal_error", "service_unavailable", "request_timeout"})
_TIMEOUT_SECONDS = 15
_TRIES_AGAIN = 3
_WAITS = 5
_LONGEST_WAIT = 120.0
# Slack's libraries write whole requests to their logs; what matters of them is logged here.
quiet = logging.getLogger("slack_bolt.career_advisor")
quiet.setLevel(logging.CRITICAL)
logger = logging.getLogger(__name__)


class _WaitAsAsked(AsyncRateLimitErrorRetryHandler):
    """Waits as long as Slack asks in Retry-After, a little more so that not everything starts again at once."""

    async def prepare_for_next_attempt_async(self, *, state: Any, request: Any, response: Any = None, **_: Any) -> None:
        asked = next((value for name, value in response.headers.items() if name.lower() == "retry-after"), "1")
        asked = asked[0] if isinstance(asked, list) else asked
        seconds = float(asked) if str(asked).isdigit() else 1.0
        logger.warning("Slack: too many requests; waiting %g seconds as Slack asks.", seconds)
        state.next_attempt_requested = True
        await asyncio.sleep(min(seconds, _LONGEST_WAIT) + random.uniform(0, 0.2))
        state.increment_current_attempt()


class _AnswerFailed(AsyncServerErrorRetryHandler):
    """Tries again after any status of a failing server, and after an answer that is not the Web API's."""

    def __init__(self, of_web_api: bool) -> None:
        super().__init__(max_retry_count=_TRIES_AGAIN)
        self._of_web_api = of_web_api

    async def _can_retry_async(self, *, state: Any, request: Any, response: Any = None, error: Any = None) -> bool:
        if response is None or error is not None:
            return False
        body = response.body if isinstance(response.body, dict) else {}
        foreign = self._of_web_api and response.status_code == 200 and not body
        failed = response.status_code >= 500 or foreign or body.get("error") in _FAILED
        if failed:
            logger.warning("Slack: a request failed with status %s; trying again.", response.status_code)
        return failed


class _NoAnswer(AsyncConnectionErrorRetryHandler):
    """Tries again when there is no connection, or it ends before the answer has come."""

    def __init__(self) -> None:
        # The last one is what slack_sdk makes of JSON that breaks off.
        errors: list[type[Exception]] = [aiohttp.ClientError, asyncio.TimeoutError, SlackApiError]
        super().__init__(max_retry_count=_TRIES_AGAIN, error_types=errors)

    async def prepare_for_next_attempt_async(self, *, error: Any = None, **more: Any) -> None:
        logger.warning("Slack: a request got no answer (%s); trying again.", type(error).__name__)
        await super().prepare_for_next_attempt_async(error=error, **more)


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
        retry_handlers=_retries(of_web_api=True),
    )


def response_url_client(url: str, session: aiohttp.ClientSession) -> AsyncWebhookClient:
    """The client for the address that a command or a click brings."""
    handlers = _retries(of_web_api=False)
    return AsyncWebhookClient(url, session=session, timeout=_TIMEOUT_SECONDS, logger=quiet, retry_handlers=handlers)


async def attempt(call: Awaitable[Any], method: str, channel: str = "") -> Any:
    """The response of a call; None if it failed, which the log tells. Not even the error holds secrets or text."""
    try:
        return await call
    except SlackApiError as error:
        data = getattr(error.response, "data", None)
        name = data.get("error") if isinstance(data, dict) else None
        status = getattr(error.response, "status_code", getattr(error.response, "status", 200))
        if name is None or name in _FAILED:
            name = "server_error" if name or status >= 500 else "not_json"
        report(str(name), method, channel)
    except AttributeError:
        # slack_sdk takes any plain text for an answer of the Web API.
        report("not_json", method, channel)
    except (aiohttp.ClientError, asyncio.TimeoutError, OSError):
        report("no_answer", method, channel)
    return None


def report(error: str, method: str, channel: str = "") -> None:
    """Log an error of Slack with what to do."""
    where = f" in {channel}" if channel else ""
    logger.error("Slack: %s failed%s with %s: %s.", method, where, error, WHAT_TO_DO.get(error, _UNKNOWN))


def _retries(of_web_api: bool) -> list[AsyncRetryHandler]:
    return [_WaitAsAsked(max_retry_count=_WAITS), _AnswerFailed(of_web_api), _NoAnswer()]
