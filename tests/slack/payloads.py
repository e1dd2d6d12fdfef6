"""What Slack sends, in the shapes that https://docs.slack.dev/reference documents."""

import itertools
from typing import Any

from .mock_api import BOT_USER, Call

TEAM = "T1"
_numbers = itertools.count(1)


def moment(number: int | None = None) -> str:
    """A time stamp, later each time."""
    return f"1700000000.{next(_numbers) if number is None else number:06}"


def event(inner: dict[str, Any], event_id: str | None = None) -> dict[str, Any]:
    return {
        "token": "legacy",
        "team_id": TEAM,
        "api_app_id": "A1",
        "event": inner,
        "type": "event_callback",
        "event_id": event_id or f"Ev{next(_numbers):08}",
        "event_time": 1700000000,
        "authorizations": [
            {
                "enterprise_id": None,
                "team_id": TEAM,
                "user_id": BOT_USER,
                "is_bot": True,
                "is_enterprise_install": False,
            }
        ],
        "is_ext_shared_channel": False,
        "event_context": "4-context",
    }


def direct(text: str, user: str = "U1", **more: Any) -> dict[str, Any]:
    """A direct message."""
    ts = more.pop("ts", None) or moment()
    inner = {
        "type": "message",
        "channel": f"D{user}",
        "user": user,
        "text": text,
        "ts": ts,
        "event_ts": ts,
        "channel_type": "im",
        "client_msg_id": "9cbd4c5b-7ddf-4ede-b479-ad21fca66d63",
        "team": TEAM,
        **more,
    }
    return event(inner)


def mention(text: str, user: str = "U1", channel: str = "C1", **more: Any) -> dict[str, Any]:
    """A message in a channel that mentions the bot."""
    ts = more.pop("ts", None) or moment()
    text = f"<@{BOT_USER}> {text}"
    inner = {"type": "app_mention", "user": user, "text": text, "ts": ts, "channel": channel, "event_ts": ts, **more}
    return event(inner)


def in_channel(text: str, user: str = "U1", channel: str = "C1", **more: Any) -> dict[str, Any]:
    """A message in a channel, which Slack sends if the app has channels:history."""
    ts = more.pop("ts", None) or moment()
    inner = {
        "type": "message",
        "channel": channel,
        "user": user,
        "text": text,
        "ts": ts,
        "event_ts": ts,
        "channel_type": "channel",
        **more,
    }
    return event(inner)


def home_opened(user: str = "U1", tab: str = "home") -> dict[str, Any]:
    return event({"type": "app_home_opened", "user": user, "channel": f"D{user}", "tab": tab, "event_ts": moment()})


def command(
    text: str, response_url: str, user: str = "U1", channel: str = "C1", name: str = "/career"
) -> dict[str, str]:
    """The fields of the form that a slash command posts."""
    return {
        "token": "legacy",
        "team_id": TEAM,
        "team_domain": "bootcamp",
        "channel_id": channel,
        "channel_name": "general",
        "user_id": user,
        "user_name": "ana",
        "command": name,
        "text": text,
        "response_url": response_url,
        "trigger_id": f"{next(_numbers)}.trigger",
        "api_app_id": "A1",
        "is_enterprise_install": "false",
    }


def click(posted: Call, label: str, user: str = "U1") -> dict[str, Any]:
    """A click on the button with this label in a message that was posted to a channel."""
    message = {
        "type": "message",
        "user": BOT_USER,
        "bot_id": "BBOT",
        "text": posted.body["text"],
        "ts": posted.ts,
        "blocks": posted.body["blocks"],
    }
    container = {
        "type": "message",
        "message_ts": posted.ts,
        "channel_id": posted.body["channel"],
        "is_ephemeral": False,
    }
    if posted.body.get("thread_ts"):
        message["thread_ts"] = container["thread_ts"] = posted.body["thread_ts"]
    return {
        **_interaction(user),
        "container": container,
        "channel": {"id": posted.body["channel"], "name": "general"},
        "message": message,
        "response_url": "",
        "actions": [_action(button(posted.body["blocks"], label))],
    }


def ephemeral_click(
    answer: Call, label: str, response_url: str, user: str = "U1", blocks: bool = False
) -> dict[str, Any]:
    """A click on a message that only one person sees; Slack does not always send its blocks along."""
    ts = moment()
    message = {"message": {"type": "message", "ts": ts, "blocks": answer.body["blocks"]}} if blocks else {}
    return {
        **_interaction(user),
        **message,
        "container": {"type": "message", "message_ts": ts, "channel_id": "C1", "is_ephemeral": True},
        "channel": {"id": "C1", "name": "general"},
        "response_url": response_url,
        "actions": [_action(button(answer.body["blocks"], label))],
    }


def home_click(published: Call, label: str, user: str = "U1") -> dict[str, Any]:
    view = published.body["view"]
    return {
        **_interaction(user),
        "container": {"type": "view", "view_id": "V1"},
        "view": {"id": "V1", "team_id": TEAM, **view},
        "actions": [_action(button(view["blocks"], label))],
    }


def button(blocks: list[dict[str, Any]], label: str) -> dict[str, Any]:
    """The button with this label, with the id of its block."""
    for block in blocks:
        for element in block.get("elements", ()):
            if element["type"] == "button" and element["text"]["text"] == label:
                return {**element, "block_id": block["block_id"]}
    raise LookupError(label)


def labels(blocks: list[dict[str, Any]]) -> list[str]:
    """What can be clicked."""
    elements = [element for block in blocks if block["type"] == "actions" for element in block["elements"]]
    return [element["text"]["text"] for element in elements]


def _interaction(user: str) -> dict[str, Any]:
    return {
        "type": "block_actions",
        "user": {"id": user, "username": "ana", "name": "ana", "team_id": TEAM},
        "api_app_id": "A1",
        "token": "legacy",
        "trigger_id": f"{next(_numbers)}.trigger",
        "team": {"id": TEAM, "domain": "bootcamp"},
        "enterprise": None,
        "is_enterprise_install": False,
    }


def _action(element: dict[str, Any]) -> dict[str, Any]:
    return {**element, "action_ts": moment()}
