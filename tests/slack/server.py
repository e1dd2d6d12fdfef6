"""The channel on a real Sanic server, and requests signed as Slack signs them."""

import asyncio
import hashlib
import hmac
import itertools
import json
import socket
import time
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

import aiohttp
from rasa.core.channels.channel import UserMessage, register
from rasa.core.lock_store import InMemoryLockStore
from rasa.core.tracker_store import InMemoryTrackerStore
from rasa.shared.core.domain import Domain
from rasa.shared.core.events import SlotSet
from rasa.shared.core.trackers import DialogueStateTracker
from sanic import Sanic

from bot.channels.feedback import SLOT
from bot.channels.slack.channel import SlackChannel
from tests.support.sanic_apps import starting

SECRET = "8f742231b10e8888abcd99yyyzzz85a5"
PATH = "/webhooks/slack/webhook"
_numbers = itertools.count(1)


@dataclass
class Response:
    status_code: int
    content: bytes

    def json(self) -> Any:
        return json.loads(self.content)


class Talker:
    """Answers in place of Rasa. ``says`` makes the messages of an answer from a text."""

    def __init__(self) -> None:
        self.heard: list[tuple[str, str]] = []
        self.says: Any = lambda text: [{"text": f"You said {text}"}]
        self.held: asyncio.Event | None = None

    async def __call__(self, message: UserMessage) -> None:
        self.heard.append((message.sender_id, message.text))
        if self.held:
            await self.held.wait()
        for each in self.says(message.text):
            await message.output_channel.send_response(message.sender_id, dict(each))


class Keeper:
    """Stands where Rasa's agent does, as far as feedback needs it: conversations that an event can be added to."""

    def __init__(self, *conversations: str) -> None:
        self.domain = Domain.from_dict({"slots": {SLOT: {"type": "any", "mappings": [{"type": "custom"}]}}})
        self.lock_store = InMemoryLockStore()
        self.tracker_store = InMemoryTrackerStore(self.domain)
        self.processor = self
        self._known = conversations

    async def get_tracker(self, conversation: str) -> DialogueStateTracker:
        return await self.tracker_store.get_or_create_tracker(
            conversation, append_action_listen=conversation in self._known
        )

    async def feedback(self, conversation: str) -> list[dict[str, Any]]:
        """What was said about the answers of a conversation."""
        tracker = await self.tracker_store.retrieve(conversation)
        events = tracker.events if tracker else ()
        return [event.value for event in events if isinstance(event, SlotSet) and event.key == SLOT]


class Server:
    """Runs one channel; ``agent`` is Rasa's, else ``talker`` answers."""

    def __init__(self, channel: SlackChannel, talker: Talker | None = None, agent: Any = None) -> None:
        self.channel = channel
        self.app = Sanic(f"slack-test-{next(_numbers)}", configure_logging=False)
        self.app.config.MOTD = False
        self.app.config.ACCESS_LOG = False
        if agent:
            self.app.ctx.agent = agent
            register([channel], self.app, route="/webhooks/")
        else:
            self.app.blueprint(channel.blueprint(talker or Talker()), url_prefix=f"/webhooks/{channel.url_prefix()}")

    async def start(self) -> None:
        self._server: Any = await self.app.create_server(
            sock=socket.create_server(("127.0.0.1", 0)),
            return_asyncio_server=True,
            asyncio_server_kwargs={"start_serving": False},
        )
        with starting():
            await self._server.startup()
        await self._server.before_start()
        await self._server.start_serving()
        await self._server.after_start()
        host, port = self._server.server.sockets[0].getsockname()[:2]
        connector = aiohttp.TCPConnector(limit=300)
        self._client = aiohttp.ClientSession(f"http://{host}:{port}", connector=connector)

    async def stop(self) -> None:
        await self._client.close()
        await self._server.before_stop()
        self._server.server.close()
        for connection in list(self._server.connections):
            connection.abort()
        await self._server.after_stop()

    async def post(self, body: bytes, headers: dict[str, str]) -> Response:
        return await self.request("POST", PATH, data=body, headers=headers)

    async def request(self, method: str, path: str, **more: Any) -> Response:
        async with self._client.request(method, path, **more) as response:
            return Response(response.status, await response.read())

    async def event(self, payload: dict[str, Any], **headers: str) -> Response:
        body = json.dumps(payload).encode()
        return await self.post(body, {"content-type": "application/json", **signature(body), **headers})

    async def form(self, fields: dict[str, str]) -> Response:
        body = urlencode(fields).encode()
        return await self.post(body, {"content-type": "application/x-www-form-urlencoded", **signature(body)})

    async def interaction(self, payload: dict[str, Any]) -> Response:
        return await self.form({"payload": json.dumps(payload)})

    async def drained(self) -> None:
        """Wait until nothing is left to do in the background."""
        await drained(self.channel)


async def drained(channel: SlackChannel) -> None:
    """Wait until the channel has nothing left to do in the background."""
    # Bolt starts listeners after it has acknowledged.
    for _ in range(20):
        await asyncio.sleep(0)
    service: Any = channel._service
    await asyncio.gather(*service._queue._workers)


def signature(body: bytes, secret: str = SECRET, at: float | None = None) -> dict[str, str]:
    """The headers that prove that a body is from Slack."""
    stamp = str(int(time.time() if at is None else at))
    digest = hmac.new(secret.encode(), b"v0:" + stamp.encode() + b":" + body, hashlib.sha256).hexdigest()
    return {"x-slack-request-timestamp": stamp, "x-slack-signature": f"v0={digest}"}
