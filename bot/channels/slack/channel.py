"""Rasa's input channel for Slack, on Bolt: direct messages, mentions, threads, a slash command and the App Home."""

from __future__ import annotations

import asyncio
import logging
from typing import Any

from rasa.core.channels.channel import InputChannel
from sanic import Blueprint, Sanic
from sanic.request import Request
from sanic.response import HTTPResponse, json
from slack_sdk.signature import SignatureVerifier

from bot.channels.deduplication import open_claims
from bot.channels.errors import unavailable
from bot.channels.personal_data import personal_data_of
from bot.channels.slack import CHANNEL
from bot.channels.slack.answers import Answers, OnNewMessage
from bot.channels.slack.app import bolt_app, respond
from bot.channels.slack.conversations import forget_thread
from bot.channels.slack.listeners import Listeners
from bot.channels.slack.queue import ConversationQueue
from bot.channels.slack.settings import SlackSettings, SlackSettingsError
from bot.channels.slack.socket_mode import SocketMode
from bot.channels.slack.web_api import attempt, open_session, web_client
from bot.settings import Settings

# The server has to stop within five seconds, and needs some of them for itself.
_PATIENCE_SECONDS = 1.5
logger = logging.getLogger(__name__)

__all__ = ["SlackChannel", "SlackSettingsError", "from_settings"]


def from_settings(settings: Settings) -> SlackChannel | None:
    """The channel; None if Slack is not set up. Raises SlackSettingsError, with one line, if it is in part only."""
    slack = SlackSettings.of(settings)
    return SlackChannel(slack) if slack else None


class SlackChannel(InputChannel):  # type: ignore[misc, unused-ignore]
    """``/webhooks/slack``, and Socket Mode if there is an app token."""

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
            return await respond(self._service.app, verifier, request)

        async def alive(_: Request) -> HTTPResponse:
            return json({"status": "ok"})

        routes.listener("after_server_start")(start)
        routes.listener("before_server_stop")(stop)
        routes.add_route(alive, "/", methods=["GET"])
        if verifier:
            routes.add_route(webhook, "/webhook", methods=["POST"])
        return routes


class SlackService:
    """The parts, put together; must be made where the event loop runs."""

    def __init__(self, settings: SlackSettings, on_new_message: OnNewMessage, context: Any) -> None:
        """``context`` is ``app.ctx`` of Sanic. Raises ValueError if REDIS_URL is no address of Redis."""
        self._context = context
        self._claims = open_claims(settings.redis_url)
        self._session = open_session()
        self._client = web_client(settings, self._session)
        self._queue = ConversationQueue(self._claims)
        answers = Answers(on_new_message, context, settings.message_timeout_seconds)
        self._listeners = Listeners(self._client, self._session, self._claims, self._queue, answers, context)
        self.app = bolt_app(settings, self._client, self._listeners)
        self._socket = SocketMode(self.app, settings.app_token, self._client) if settings.app_token else None
        self._signing_in: asyncio.Task[None] | None = None

    def start(self) -> None:
        """Connect Socket Mode if it is set up, and try the token; nobody has to wait for either."""
        personal_data_of(self._context).register("the threads that are followed in Slack", self._forget)
        self._signing_in = asyncio.create_task(self._try_token())
        if self._socket:
            self._socket.start()

    async def stop(self) -> None:
        """Finish what is being answered for a moment, and close all connections."""
        if self._socket:
            await self._socket.stop()
        await self._queue.close(_PATIENCE_SECONDS)
        if self._signing_in:
            self._signing_in.cancel()
            await asyncio.gather(self._signing_in, return_exceptions=True)
        await self._session.close()
        await self._claims.close()

    async def _forget(self, conversation: str) -> None:
        await forget_thread(self._claims, conversation)

    async def _try_token(self) -> None:
        who = await attempt(self._client.auth_test(), "auth.test")
        if who:
            self._listeners.bot_user = who.get("user_id") or ""
            logger.info("Slack: signed in to team %s as %s.", who.get("team_id"), self._listeners.bot_user)
