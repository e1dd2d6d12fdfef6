"""Rasa's input channel for Slack, on Bolt: direct messages, mentions, threads, a slash command and the App Home."""

from __future__ import annotations

import logging
from typing import Any

from rasa.core.channels.channel import InputChannel
from sanic import Blueprint, Sanic
from sanic.request import Request
from sanic.response import HTTPResponse, json
from slack_sdk.signature import SignatureVerifier

from bot.channels.errors import unavailable
from bot.channels.slack.answers import OnNewMessage
from bot.channels.slack.http_mode import answer
from bot.channels.slack.output import CHANNEL
from bot.channels.slack.service import SlackService
from bot.channels.slack.settings import SlackSettings, SlackSettingsError
from bot.settings import Settings

logger = logging.getLogger(__name__)

__all__ = ["SlackChannel", "SlackSettingsError", "from_settings"]


def from_settings(settings: Settings) -> SlackChannel | None:
    """The channel; None if Slack is not set up. Raises SlackSettingsError, with one line, if it is in part only."""
    slack = SlackSettings.of(settings)
    return SlackChannel(slack) if slack else None


class SlackChannel(InputChannel):  # type: ignore[misc, unused-ignore]
    """``/webhooks/slack``, and Socket Mode if there is an app token.

    Feedback goes to ``app.ctx.record_feedback(conversation, facts, rating, reason)`` where there is one, which may be
    a coroutine function; ``rating`` is "up" or "down", and ``reason`` is None because Slack does not ask for one.
    """

    def __init__(self, settings: SlackSettings) -> None:
        self._settings = settings
        self._service: SlackService | None = None

    @classmethod
    def name(cls) -> str:
        """The channel's name, and its place under /webhooks."""
        return CHANNEL

    @classmethod
    def from_credentials(cls, _: dict[str, Any] | None) -> SlackChannel:
        """The channel for ``rasa run`` and credentials.yml. Raises SlackSettingsError if Slack is not set up."""
        channel = from_settings(Settings.from_environment())
        if channel is None:
            raise SlackSettingsError("SLACK_BOT_TOKEN is missing: credentials.yml asks for Slack.")
        return channel

    def blueprint(self, on_new_message: OnNewMessage) -> Blueprint:
        """The routes; ``on_new_message`` has Rasa's agent handle a message."""
        routes = Blueprint(CHANNEL)
        verifier = SignatureVerifier(self._settings.signing_secret) if self._settings.signing_secret else None

        async def start(app: Sanic, *_: Any) -> None:
            self._service = SlackService(self._settings, on_new_message, app.ctx)
            self._service.start()

        async def stop(*_: Any) -> None:
            if self._service:
                await self._service.stop()
            self._service = None

        async def webhook(request: Request) -> HTTPResponse:
            if not self._service or not verifier:
                raise unavailable("starting")
            return await answer(self._service.app, verifier, request)

        async def alive(_: Request) -> HTTPResponse:
            return json({"status": "ok"})

        routes.listener("after_server_start")(start)
        routes.listener("before_server_stop")(stop)
        routes.add_route(alive, "/", methods=["GET"])
        if verifier:
            routes.add_route(webhook, "/webhook", methods=["POST"])
        return routes
