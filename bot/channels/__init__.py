"""Channels: how messages of the web and of Slack reach Rasa, and how its answers go back."""

from __future__ import annotations

import importlib
import importlib.util
from typing import Any

from bot.settings import Settings


def input_channels(settings: Settings) -> list[Any]:
    """Rasa's input channels to serve: REST always, Slack where it is installed and configured."""
    from bot.channels.rest.channel import RestChannel

    channels: list[Any] = [RestChannel(settings)]
    if importlib.util.find_spec("bot.channels.slack.channel"):
        slack = importlib.import_module("bot.channels.slack.channel").from_settings(settings)
        if slack:
            channels.append(slack)
    return channels
