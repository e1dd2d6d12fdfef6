"""What the bot says, and where: in a channel, thread or direct message for everybody, or to one person only."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol
from uuid import uuid4

import aiohttp
from slack_sdk.web.async_client import AsyncWebClient

from bot.channels.slack.web_api import attempt, report, response_url_client
from bot.render.slack import BUTTON_VALUE, Block, SlackMessage, as_messages, content_blocks

# Slack takes this many answers at the address of a command or click.
_ANSWERS_BY_URL = 5


@dataclass(frozen=True)
class Utterance:
    """One message of the bot: what it says, and what can be clicked."""

    content: tuple[Block, ...]
    controls: tuple[Block, ...] = ()

    @property
    def blocks(self) -> tuple[Block, ...]:
        """All of it."""
        return self.content + self.controls


def sentence(text: str) -> Utterance:
    """A message of plain words of our own."""
    return Utterance(tuple(content_blocks(text)))


def rating_value(conversation: str, facts: Sequence[str], message: str | None = None) -> str:
    """What a thumb rates: the conversation, as many of the facts as a button can carry, and the message if known."""
    kept = list(facts)
    named = {"message": message} if message else {}
    while len(value := json.dumps({"conversation": conversation, "facts": kept, **named})) > BUTTON_VALUE:
        kept.pop()
    return value


class Destination(Protocol):
    """Where an answer is posted."""

    async def say(self, utterances: Sequence[Utterance]) -> None:
        """Post them in order; what Slack refuses is logged, and ends it."""

    async def update(self, time: str, message: SlackMessage, complete: bool) -> None:
        """Put a message in the place of the one of this time.

        If it is not ``complete``, it holds only what became of the buttons and not what the message said.
        """


class InChannel:
    """A direct message, or a thread."""

    def __init__(self, client: AsyncWebClient, channel: str, thread: str | None) -> None:
        self._client = client
        self._channel = channel
        self._thread = thread

    async def say(self, utterances: Sequence[Utterance]) -> None:
        """Post each utterance as one message, or as few as hold it."""
        for message in [message for each in utterances for message in as_messages(each.blocks)]:
            call = self._client.chat_postMessage(
                channel=self._channel,
                thread_ts=self._thread,
                text=message.text,
                blocks=message.blocks,
                # The text is for notifications: nothing in it may be turned into a link or a mention.
                parse="none",
                link_names=False,
                unfurl_links=False,
                unfurl_media=False,
                # By this Slack knows a message that is sent again because its answer did not arrive.
                client_msg_id=str(uuid4()),
            )
            if not await attempt(call, "chat.postMessage", self._channel):
                return

    async def update(self, time: str, message: SlackMessage, complete: bool) -> None:
        """Update the message, unless that would take away what it says."""
        if complete:
            call = self._client.chat_update(
                channel=self._channel, ts=time, text=message.text, blocks=message.blocks, parse="none", link_names=False
            )
            await attempt(call, "chat.update", self._channel)


class Ephemeral:
    """The person who gave a command, or clicked on what only they see.

    Slack does not tell whether it has such a message already: one whose answer did not arrive may appear twice, which
    is better than not at all.
    """

    def __init__(
        self, client: AsyncWebClient, session: aiohttp.ClientSession, response_url: str, channel: str, user: str
    ) -> None:
        self._client = client
        self._session = session
        self._url = response_url
        self._channel = channel
        self._user = user
        self._left = _ANSWERS_BY_URL if response_url else 0

    async def say(self, utterances: Sequence[Utterance]) -> None:
        """Post all that is said, and then what can be clicked in a message of its own.

        A click on a message that only one person sees does not always bring its blocks, so that the message can
        only be replaced as a whole: nothing that is worth reading may be in it.
        """
        content = [block for each in utterances for block in each.content]
        controls = [block for each in utterances for block in each.controls]
        for message in [*as_messages(content), *as_messages(_renumbered(controls))]:
            if not await self._post(message):
                return

    async def update(self, time: str, message: SlackMessage, complete: bool) -> None:
        """Replace the message that was clicked; what the answer says is in another one."""
        await self._respond(message, replace=True)

    async def _post(self, message: SlackMessage) -> bool:
        if self._left:
            return await self._respond(message, replace=False)
        call = self._client.chat_postEphemeral(
            channel=self._channel, user=self._user, text=message.text, blocks=message.blocks
        )
        return bool(await attempt(call, "chat.postEphemeral", self._channel))

    async def _respond(self, message: SlackMessage, replace: bool) -> bool:
        self._left -= 1
        body = {
            "response_type": "ephemeral",
            "replace_original": replace,
            "text": message.text,
            "blocks": list(message.blocks),
        }
        response = await attempt(response_url_client(self._url, self._session).send_dict(body), "response_url")
        if response is None:
            return False
        if response.status_code != 200:
            known = response.body in ("used_url", "expired_url")
            failed = "server_error" if response.status_code >= 500 else f"status {response.status_code}"
            report(response.body if known else failed, "response_url", self._channel)
        return bool(response.status_code == 200)


def _renumbered(blocks: Sequence[Block]) -> list[Block]:
    """The blocks with ids that are their own, though they come from several messages."""
    renamed = []
    for number, block in enumerate(blocks):
        elements = [{**each, "action_id": f"{each['action_id']}-{number}"} for each in block["elements"]]
        renamed.append({**block, "block_id": f"{block['block_id']}-{number}", "elements": elements})
    return renamed
