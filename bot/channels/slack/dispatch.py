"""What is done with each message, command and click: put in line at once, processed in the background."""

from __future__ import annotations

import time
from collections.abc import Awaitable, Callable, Mapping
from typing import Any

import aiohttp
from slack_sdk.web.async_client import AsyncWebClient

from bot.channels.deduplication import Claims
from bot.channels.slack.answers import GREETING, Answers
from bot.channels.slack.app_home import home_view
from bot.channels.slack.conversations import (
    FOLLOWED_SECONDS,
    by_command,
    in_direct_message,
    is_direct,
    slack_id,
    thread_key,
)
from bot.channels.slack.errors import attempt
from bot.channels.slack.events import Incoming, message_in
from bot.channels.slack.intake import Line, trigger_keys
from bot.channels.slack.interactivity import Click, Decisions, Rated, click_in, rating_in
from bot.channels.slack.output import Utterance
from bot.channels.slack.posting import ForOnePerson, InChannel, Place
from bot.channels.slack.text import plain
from bot.channels.text import is_blank
from bot.render.slack import SlackMessage

Feedback = Callable[[Rated], Awaitable[None]]


class Desk:
    """Takes in what Slack sends. No method of it waits for anything, so that Slack is answered at once."""

    def __init__(
        self,
        client: AsyncWebClient,
        session: aiohttp.ClientSession,
        store: Claims,
        line: Line,
        answers: Answers,
        feedback: Feedback,
    ) -> None:
        """``feedback`` keeps what people think of an answer."""
        self.bot_user = ""
        self._client = client
        self._session = session
        self._store = store
        self._line = line
        self._answers = answers
        self._feedback = feedback
        self._decisions = Decisions()

    def message(self, body: Mapping[str, Any]) -> None:
        """An event that may be a message to the bot."""
        incoming = message_in(body, self.bot_user)
        if not incoming:
            return
        place = InChannel(self._client, incoming.channel, incoming.thread)
        in_channel = not is_direct(incoming.channel)

        async def wanted() -> bool:
            return not incoming.unprompted or await self._follows(incoming)

        async def answer() -> None:
            if in_channel:
                await self._store.claim(_thread_key(incoming), FOLLOWED_SECONDS)
            # A mention without words is how people say hello in a channel.
            text = GREETING if in_channel and is_blank(incoming.text) else incoming.text
            await self._answers.to_text(incoming.conversation, text, place)

        self._line.submit(
            incoming.conversation,
            float(incoming.time),
            incoming.keys,
            answer,
            # Whoever did not speak to the bot need not hear that it is busy.
            None if incoming.unprompted else place,
            wanted,
        )

    def command(self, body: Mapping[str, Any]) -> None:
        """A question by slash command. Raises NotUsable."""
        team, channel = slack_id(body.get("team_id")), slack_id(body.get("channel_id"))
        user, question = slack_id(body.get("user_id")), plain(str(body.get("text", "")), self.bot_user)
        place = ForOnePerson(self._client, self._session, str(body.get("response_url", "")), channel, user)
        conversation = by_command(team, channel, user)

        async def answer() -> None:
            await self._answers.to_text(conversation, question, place, note=f"You asked: {question}")

        self._line.submit(conversation, time.time(), trigger_keys(body.get("trigger_id")), answer, place)

    def choice(self, body: Mapping[str, Any]) -> None:
        """A click on a quick reply. Raises NotUsable."""
        click = click_in(body)
        if not click.message:
            self._choice_on_home(click)
            return
        place, chosen = self._place(click), click.chosen

        async def answer() -> None:
            await self._update(click, place, self._decisions.chosen(click))
            await self._answers.to_payload(click.conversation, chosen, place)

        # Until Slack shows the updated message, it can be clicked again.
        keys = [*trigger_keys(click.trigger), f"choice:{click.team}:{click.channel}:{click.message}"]
        self._line.submit(click.conversation, float(click.time), keys, answer, place)

    def rating(self, body: Mapping[str, Any]) -> None:
        """A click on a thumb, or on the reason for a thumb down. Raises NotUsable."""
        click = click_in(body)
        rated = rating_in(click)
        place = self._place(click)

        async def keep() -> None:
            await self._feedback(rated)
            message = self._decisions.rated(click, rated)
            # Without its blocks, a message that is replaced would lose its quick replies; reasons stand alone.
            if click.blocks or rated.reason:
                await self._update(click, place, message)
            elif rated.rating == "down":
                await place.say([Utterance(message.blocks[:1], message.blocks[1:])])

        step = "reason" if rated.reason else "rating"
        keys = [*trigger_keys(click.trigger), f"{step}:{click.team}:{click.channel}:{click.message}"]
        self._line.submit(click.conversation, float(click.time), keys, keep)

    def home(self, body: Mapping[str, Any]) -> None:
        """Somebody opened the App Home. Raises NotUsable."""
        event = body.get("event", {})
        user, event_id = slack_id(event.get("user")), body.get("event_id")
        if event.get("tab") != "home":
            return

        async def publish() -> None:
            await attempt(self._client.views_publish(user_id=user, view=home_view()), "views.publish")

        self._line.submit(f"home-{user}", time.time(), [f"event:{event_id}"] if event_id else [], publish)

    def _choice_on_home(self, click: Click) -> None:
        conversation, chosen = in_direct_message(click.team, click.user), click.chosen

        async def answer() -> None:
            view = home_view(chosen=click.label)
            await attempt(self._client.views_publish(user_id=click.user, view=view), "views.publish")
            opened = await attempt(self._client.conversations_open(users=[click.user]), "conversations.open")
            if opened:
                place = InChannel(self._client, opened["channel"]["id"], None)
                note = f"You chose: {click.label}"
                await self._answers.to_payload(conversation, chosen, place, note)

        self._line.submit(conversation, float(click.time), trigger_keys(click.trigger), answer)

    def _place(self, click: Click) -> Place:
        if click.only_for_user:
            return ForOnePerson(self._client, self._session, click.response_url, click.channel, click.user)
        return InChannel(self._client, click.channel, click.thread)

    async def _update(self, click: Click, place: Place, message: SlackMessage) -> None:
        await place.update(click.message or "", message, complete=click.blocks is not None)

    async def _follows(self, incoming: Incoming) -> bool:
        if is_blank(incoming.text):
            return False
        return await self._store.has(_thread_key(incoming)) or await self._answers.known(incoming.conversation)


def _thread_key(incoming: Incoming) -> str:
    return thread_key(incoming.team, incoming.channel, incoming.thread)
