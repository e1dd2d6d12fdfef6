"""Everything of the Slack channel that lives as long as the server runs."""

from __future__ import annotations

import asyncio
import logging
from typing import Any

from bot.channels.deduplication import open_claims
from bot.channels.personal_data import personal_data_of
from bot.channels.slack.answers import Answers, OnNewMessage
from bot.channels.slack.app import bolt_app
from bot.channels.slack.conversations import forget_thread
from bot.channels.slack.dispatch import Desk
from bot.channels.slack.errors import attempt
from bot.channels.slack.intake import Line
from bot.channels.slack.interactivity import Rated
from bot.channels.slack.queue import Lanes
from bot.channels.slack.settings import SlackSettings
from bot.channels.slack.socket_mode import SocketMode
from bot.channels.slack.web_api import open_session, web_client

# The server has to stop within five seconds, and needs some of them for itself.
_PATIENCE_SECONDS = 1.5
logger = logging.getLogger(__name__)


class SlackService:
    """The parts, put together; must be made where the event loop runs."""

    def __init__(self, settings: SlackSettings, on_new_message: OnNewMessage, context: Any) -> None:
        """``context`` is ``app.ctx`` of Sanic. Raises ValueError if REDIS_URL is no address of Redis."""
        self._context = context
        self._store = open_claims(settings.redis_url)
        self._session = open_session()
        self._client = web_client(settings, self._session)
        self._line = Line(self._store, Lanes())
        answers = Answers(on_new_message, context, settings.message_timeout_seconds)
        self._desk = Desk(self._client, self._session, self._store, self._line, answers, self._feedback)
        self.app = bolt_app(settings, self._client, self._desk)
        self._socket = SocketMode(self.app, settings.app_token, self._client) if settings.app_token else None
        self._greeting: asyncio.Task[None] | None = None

    def start(self) -> None:
        """Connect Socket Mode if it is set up, and try the token; nobody has to wait for either."""
        personal_data_of(self._context).register("the threads that are followed in Slack", self._forget)
        self._greeting = asyncio.create_task(self._try_token())
        if self._socket:
            self._socket.start()

    async def stop(self) -> None:
        """Finish what is being answered for a moment, and close all connections."""
        if self._socket:
            await self._socket.stop()
        await self._line.close(_PATIENCE_SECONDS)
        if self._greeting:
            self._greeting.cancel()
            await asyncio.gather(self._greeting, return_exceptions=True)
        await self._session.close()
        await self._store.close()

    async def _forget(self, conversation: str) -> None:
        await forget_thread(self._store, conversation)

    async def _try_token(self) -> None:
        who = await attempt(self._client.auth_test(), "auth.test")
        if who:
            self._desk.bot_user = who.get("user_id") or ""
            logger.info("Slack: signed in to team %s as %s.", who.get("team_id"), self._desk.bot_user)

    async def _feedback(self, rated: Rated) -> None:
        record = getattr(self._context, "record_feedback", None)
        if record is None:
            logger.info("Slack: %s rated %s: %s", rated.conversation, rated.rating, ", ".join(rated.facts))
            return
        kept = record(rated.conversation, list(rated.facts), rated.rating, rated.reason, rated.message)
        if asyncio.iscoroutine(kept):
            await kept
