"""What each error of Slack's Web API means, and what to do about it: for the log, and for ``docs/slack.md``."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable
from typing import Any

import aiohttp
from slack_sdk.errors import SlackApiError

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
    "no_answer": "Slack cannot be reached: check the network, proxies and SLACK_API_URL",
}
_UNKNOWN = "see https://docs.slack.dev/reference/methods for what this error means"
logger = logging.getLogger(__name__)


def report(error: str, method: str, channel: str = "") -> None:
    """Log an error of Slack with what to do."""
    where = f" in {channel}" if channel else ""
    logger.error("Slack: %s failed%s with %s: %s.", method, where, error, WHAT_TO_DO.get(error, _UNKNOWN))


async def attempt(call: Awaitable[Any], method: str, channel: str = "") -> Any:
    """The response of a call; None if it failed, which the log tells. Not even the error holds secrets or text."""
    try:
        return await call
    except SlackApiError as error:
        data = getattr(error.response, "data", None)
        name = data.get("error") if isinstance(data, dict) else None
        report(str(name or f"status {getattr(error.response, 'status_code', 'unknown')}"), method, channel)
    except (aiohttp.ClientError, asyncio.TimeoutError, OSError):
        report("no_answer", method, channel)
    return None
