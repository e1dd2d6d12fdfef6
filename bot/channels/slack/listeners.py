"""What listens to each event, command and action: queues it at once, and says what to do with it in the background."""

from __future__ import annotations

import logging
import time
from collections.abc import Mapping
from typing import Any

import aiohttp
from rasa.shared.core.events import SlotSet
from slack_sdk.web.async_client import AsyncWebClient

from bot.channels.conversations import add_event
from bot.channels.deduplication import Claims
from bot.channels.feedback import SLOT, feedback
from bot.channels.slack.answers import BUSY, GREETING, Answers
from bot.channels.slack.app_home import home_view
from bot.channels.slack.conversations import (
    FOLLOWED_SECONDS,
    by_command,
    in_direct_message,
    is_direct,
    slack_id,
    thread_key,
)
from bot.channels.slack.events import MessageEvent, message_event, plain
from bot.channels.slack.interactivity import BlockAction, MessageUpdates, Rating, block_action, rating_of
from bot.channels.slack.messages import Destination, Ephemeral, InChannel, Utterance
from bot.channels.slack.queue import ConversationQueue, Job
from bot.channels.slack.web_api import attempt
from bot.channels.text import is_blank
from bot.render.slack import SlackMessage

logger = logging.getLogger(__name__)


class Listeners:
    """Takes in what Slack sends. None of them waits for anything, so that Slack is answered at once."""

    def __init__(
        self,
        client: AsyncWebClient,
        session: aiohttp.ClientSession,
        claims: Claims,
        queue: ConversationQueue,
        answers: Answers,
        app_context: Any,
    ) -> None:
        """``app_context`` is ``app.ctx`` of Sanic, where Rasa's agent is once it is loaded."""
        self.bot_user = ""
        self._client = client
        self._session = session
        self._claims = claims
        self._queue = queue
        self._answers = answers
        self._context = app_context
        self._updates = MessageUpdates()

    def message(self, body: Mapping[str, Any]) -> None:
        """An event that may be a message to the bot."""
        event = message_event(body, self.bot_user)
        if not event:
            return
        destination = InChannel(self._client, event.channel, event.thread)
        in_channel = not is_direct(event.channel)

        async def wanted() -> bool:
            return not event.unprompted or await self._follows(event)

        async def answer() -> None:
            if in_channel:
                await self._claims.claim(_thread_key(event), FOLLOWED_SECONDS)
            # A mention without words is how people say hello in a channel.
            text = GREETING if in_channel and is_blank(event.text) else event.text
            await self._answers.to_text(event.conversation, event.message_id, text, destination)

        # Whoever did not speak to the bot need not hear that it is busy.
        refuse = None if event.unprompted else _busy(destination)
        self._queue.submit(event.conversation, float(event.time), answer, event.keys, wanted, refuse)

    def command(self, body: Mapping[str, Any]) -> None:
        """A question by slash command. Raises NotUsable."""
        team, channel = slack_id(body.get("team_id")), slack_id(body.get("channel_id"))
        user, question = slack_id(body.get("user_id")), plain(str(body.get("text", "")), self.bot_user)
        destination = Ephemeral(self._client, self._session, str(body.get("response_url", "")), channel, user)
        conversation, trigger, now = by_command(team, channel, user), body.get("trigger_id"), time.time()

        async def answer() -> None:
            message_id, note = f"command-{trigger or now}", f"You asked: {question}"
            await self._answers.to_text(conversation, message_id, question, destination, note)

        self._queue.submit(conversation, now, answer, _trigger_keys(trigger), refuse=_busy(destination))

    def choice(self, body: Mapping[str, Any]) -> None:
        """A click on a quick reply. Raises NotUsable."""
        click = block_action(body)
        if not click.message:
            self._choice_on_home(click)
            return
        destination, chosen = self._destination(click), click.chosen

        async def answer() -> None:
            await _update(click, destination, self._updates.chosen(click))
            await self._answers.to_payload(click.conversation, click.message_id, chosen, destination)

        # Until Slack shows the updated message, it can be clicked again.
        keys = [*_trigger_keys(click.trigger), f"choice:{click.team}:{click.channel}:{click.message}"]
        self._queue.submit(click.conversation, float(click.time), answer, keys, refuse=_busy(destination))

    def rating(self, body: Mapping[str, Any]) -> None:
        """A click on a thumb, or on the reason for a thumb down. Raises NotUsable."""
        click = block_action(body)
        rating = rating_of(click)
        destination = self._destination(click)

        async def keep() -> None:
            await self._store(rating)
            message = self._updates.rated(click, rating)
            # Without its blocks, a message that is replaced would lose its quick replies; reasons stand alone.
            if click.blocks or rating.reason:
                await _update(click, destination, message)
            elif rating.rating == "down":
                await destination.say([Utterance(message.blocks[:1], message.blocks[1:])])

        step = "reason" if rating.reason else "rating"
        keys = [*_trigger_keys(click.trigger), f"{step}:{click.team}:{click.channel}:{click.message}"]
        self._queue.submit(click.conversation, float(click.time), keep, keys)

    def home(self, body: Mapping[str, Any]) -> None:
        """Somebody opened the App Home. Raises NotUsable."""
        event = body.get("event", {})
        user, event_id = slack_id(event.get("user")), body.get("event_id")
        if event.get("tab") != "home":
            return

        async def publish() -> None:
            await attempt(self._client.views_publish(user_id=user, view=home_view()), "views.publish")

        self._queue.submit(f"home-{user}", time.time(), publish, [f"event:{event_id}"] if event_id else [])

    def _choice_on_home(self, click: BlockAction) -> None:
        conversation, chosen = in_direct_message(click.team, click.user), click.chosen

        async def answer() -> None:
            view = home_view(chosen=click.label)
            await attempt(self._client.views_publish(user_id=click.user, view=view), "views.publish")
            opened = await attempt(self._client.conversations_open(users=[click.user]), "conversations.open")
            if opened:
                destination = InChannel(self._client, opened["channel"]["id"], None)
                note = f"You chose: {click.label}"
                await self._answers.to_payload(conversation, click.message_id, chosen, destination, note)

        self._queue.submit(conversation, float(click.time), answer, _trigger_keys(click.trigger))

    def _destination(self, click: BlockAction) -> Destination:
        if click.only_for_user:
            return Ephemeral(self._client, self._session, click.response_url, click.channel, click.user)
        return InChannel(self._client, click.channel, click.thread)

    async def _store(self, rating: Rating) -> None:
        """Keep what somebody thinks of an answer in the conversation, as ``bot.channels.feedback`` says."""
        agent = getattr(self._context, "agent", None)
        value = feedback(rating.rating, rating.facts, rating.reason, rating.message)
        if agent is None or not await add_event(agent, rating.conversation, SlotSet(SLOT, value)):
            logger.error("Slack: what somebody thinks of an answer was not stored: its conversation is not there.")

    async def _follows(self, event: MessageEvent) -> bool:
        if is_blank(event.text):
            return False
        return await self._claims.has(_thread_key(event)) or await self._answers.known(event.conversation)


async def _update(click: BlockAction, destination: Destination, message: SlackMessage) -> None:
    await destination.update(click.message or "", message, complete=click.blocks is not None)


def _busy(destination: Destination) -> Job:
    async def refuse() -> None:
        await destination.say([BUSY])

    return refuse


def _trigger_keys(trigger: Any) -> list[str]:
    """The key of a command or click."""
    return [f"trigger:{trigger}"] if isinstance(trigger, str) and trigger else []


def _thread_key(event: MessageEvent) -> str:
    return thread_key(event.team, event.channel, event.thread)
