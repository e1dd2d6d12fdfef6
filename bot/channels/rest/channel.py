"""Rasa's REST channel with an interface that can be put on the open web."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable, Coroutine
from functools import wraps
from typing import Any
from urllib.parse import unquote
from uuid import uuid4

from rasa.core.agent import Agent
from rasa.core.channels.channel import InputChannel, UserMessage
from rasa.core.lock_store import LockError
from sanic import Blueprint, Sanic
from sanic.request import Request
from sanic.response import HTTPResponse, empty, json

from bot.channels.conversations import add_event, messages_of
from bot.channels.deduplication import NamedMessage, Replies, Reply, idempotency_key
from bot.channels.errors import Refusal, error_response, forbidden, too_many_requests, unavailable
from bot.channels.limits import client_address
from bot.channels.messages import Incoming, checked_sender, json_object, message_in, sender_in
from bot.channels.personal_data import personal_data_of
from bot.channels.rest.feedback import feedback_in
from bot.channels.rest.origins import Origins
from bot.channels.rest.output import CHANNEL, RestOutput
from bot.channels.rest.tokens import Tokens, conversation_secret, needs_token
from bot.channels.rest.turns import Turns
from bot.cluster.limits import open_limit
from bot.settings import Settings
from bot.stores import StoreUnavailableError

logger = logging.getLogger(__name__)
Handler = Callable[..., Coroutine[Any, Any, HTTPResponse]]
OnNewMessage = Callable[[UserMessage], Awaitable[Any]]


class RestChannel(InputChannel):  # type: ignore[misc, unused-ignore]
    """``/webhooks/rest``: messages, the widget's conversations, and feedback."""

    def __init__(self, settings: Settings) -> None:
        self._origins = Origins(settings.allowed_origins)
        self._by_address = open_limit("address", settings.rate_limit_per_address, settings.redis_url)
        self._by_conversation = open_limit("conversation", settings.rate_limit_per_minute, settings.redis_url)
        self._tokens = Tokens(conversation_secret(settings))
        self._turns = Turns(settings.max_pending_messages)
        self._timeout = settings.message_timeout_seconds
        self._log_text = settings.log_text
        self._replies = Replies()

    @classmethod
    def name(cls) -> str:
        """The channel's name, and its place under /webhooks."""
        return CHANNEL

    @classmethod
    def from_credentials(cls, _: dict[str, Any] | None) -> RestChannel:
        """The channel for ``rasa run`` and credentials.yml, with the settings of the environment."""
        return cls(Settings.from_environment())

    def blueprint(self, on_new_message: OnNewMessage) -> Blueprint:
        """The routes; ``on_new_message`` has Rasa's agent handle a message."""

        async def webhook(request: Request) -> HTTPResponse:
            incoming = message_in(json_object(request))
            chosen = incoming.message_id or idempotency_key(request)
            await self._admit(request, incoming.sender)
            agent_of(request)
            key = (incoming.sender, chosen or uuid4().hex)
            kind = NamedMessage if chosen else UserMessage
            reply = await self._replies.once(
                key, lambda: self._answer(incoming, key[1], on_new_message, kind), keep=bool(chosen)
            )
            return json(reply)

        async def start(app: Sanic, *_: Any) -> None:
            personal_data_of(app.ctx).register("the replies kept for repeated messages", self._replies.forget)

        routes = Blueprint("rest")
        routes.listener("before_server_start")(start)
        routes.add_route(_alive, "/", methods=["GET", "OPTIONS"])
        routes.add_route(webhook, "/webhook", methods=["POST", "OPTIONS"])
        routes.add_route(_function(self._issue), "/conversations", methods=["POST", "OPTIONS"])
        routes.add_route(_function(self._read), "/conversations/<sender:str>", methods=["GET", "OPTIONS"])
        routes.add_route(_function(self._erase), "/conversations/<sender:str>", methods=["DELETE"])
        routes.add_route(_function(self._feedback), "/feedback", methods=["POST", "OPTIONS"])
        routes.exception(Exception)(error_response)
        self._origins.guard(routes, self._check_address)
        return routes

    async def _answer(
        self, incoming: Incoming, message_id: str, on_new_message: OnNewMessage, kind: type[UserMessage]
    ) -> Reply:
        output = RestOutput()
        message = kind(
            incoming.text,
            output,
            incoming.sender,
            input_channel=CHANNEL,
            message_id=message_id,
            metadata=incoming.metadata,
        )
        if self._log_text:
            logger.info("%s: %s", incoming.sender, incoming.text)

        async def in_turn() -> None:
            async with self._turns.turn(incoming.sender):
                await asyncio.wait_for(on_new_message(message), self._timeout)

        try:
            # Waiting for the messages before this one may take as long again.
            await asyncio.wait_for(in_turn(), 2 * self._timeout)
        except Refusal:
            raise
        except asyncio.TimeoutError:
            logger.error("A message of %s was not answered within %g seconds.", incoming.sender, self._timeout)
            raise unavailable("timeout") from None
        except (StoreUnavailableError, LockError) as error:
            logger.error("A message of %s was not answered. %s", incoming.sender, error)
            raise unavailable() from None
        except Exception:
            logger.exception("A message of %s could not be answered.", incoming.sender)
            raise unavailable() from None
        if not output.messages:
            logger.error("A message of %s got no answer.", incoming.sender)
            raise unavailable()
        if needs_token(incoming.sender):
            # The same ids as in the history, so that the widget's feedback can name the reply.
            return [{**each, "id": f"{message_id}.{n}"} for n, each in enumerate(output.messages, 1)]
        return output.messages

    async def _issue(self, _: Request) -> HTTPResponse:
        sender, token = self._tokens.issue()
        return json({"sender": sender, "token": token}, status=201, headers={"Cache-Control": "no-store"})

    async def _read(self, request: Request, sender: str) -> HTTPResponse:
        sender = self._own(request, sender)
        messages = await messages_of(agent_of(request), sender)
        if not messages:  # erased, or lost with a store that does not outlive a restart
            raise Refusal(404, "not_found", "There is no such conversation.")
        return json({"messages": messages}, headers={"Cache-Control": "no-store"})

    async def _erase(self, request: Request, sender: str) -> HTTPResponse:
        sender = self._own(request, sender)
        agent_of(request)
        async with self._turns.turn(sender):
            await personal_data_of(request.app.ctx).forget(sender)
        return empty(204)

    async def _feedback(self, request: Request) -> HTTPResponse:
        body = json_object(request)
        sender = sender_in(body)
        event = feedback_in(body)
        await self._admit(request, sender)
        agent = agent_of(request)
        async with self._turns.turn(sender):
            if not await add_event(agent, sender, event):
                raise Refusal(404, "not_found", "There is no such conversation.")
        return empty(204)

    async def _check_address(self, request: Request) -> None:
        wait = await self._by_address.take(client_address(request))
        if wait:
            raise too_many_requests(wait)

    async def _admit(self, request: Request, sender: str) -> None:
        """Whether this client may say something in this conversation now. Raises Refusal 403 or 429."""
        if needs_token(sender) and not self._tokens.proves(sender, request.headers.get("authorization")):
            raise forbidden()
        wait = await self._by_conversation.take(sender)
        if wait:
            raise too_many_requests(wait)

    def _own(self, request: Request, sender: str) -> str:
        """The conversation of a path, which only the holder of its token may read or erase. Raises Refusal 400, 403."""
        sender = checked_sender(unquote(sender))
        if not self._tokens.proves(sender, request.headers.get("authorization")):
            raise forbidden()
        return sender


def _function(method: Handler) -> Handler:
    """Sanic writes attributes on its handlers, which methods cannot have."""

    @wraps(method)
    async def handler(*arguments: Any, **parameters: Any) -> HTTPResponse:
        return await method(*arguments, **parameters)

    return handler


async def _alive(_: Request) -> HTTPResponse:
    return json({"status": "ok"})


def agent_of(request: Request) -> Agent:
    """Rasa's agent. Raises Refusal 503 while it is not loaded, and if it cannot be."""
    agent = getattr(request.app.ctx, "agent", None)
    if agent is None or not agent.is_ready():
        assistant = getattr(request.app.ctx, "assistant", None)
        raise unavailable("unavailable" if assistant and assistant.failed else "starting")
    return agent
