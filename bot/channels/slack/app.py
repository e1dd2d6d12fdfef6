"""The Bolt app: verifies what Slack sends, hands it to the listeners, and acknowledges all of it."""

from __future__ import annotations

import json
import logging
import re
from collections.abc import Awaitable, Callable, Mapping
from typing import Any
from urllib.parse import parse_qsl

from sanic.request import Request
from sanic.response import HTTPResponse
from slack_bolt.adapter.sanic.async_handler import to_async_bolt_request, to_sanic_response
from slack_bolt.async_app import AsyncAck, AsyncApp, AsyncBoltRequest
from slack_bolt.authorization import AuthorizeResult
from slack_bolt.response import BoltResponse
from slack_sdk.signature import SignatureVerifier
from slack_sdk.web.async_client import AsyncWebClient

from bot.channels.errors import Refusal
from bot.channels.slack.app_home import COMMAND, help_message
from bot.channels.slack.conversations import NotUsable
from bot.channels.slack.listeners import Listeners
from bot.channels.slack.queue import whereabouts
from bot.channels.slack.settings import SlackSettings
from bot.channels.slack.web_api import quiet, report
from bot.render.slack import CHOOSE, RATE_DOWN, RATE_UP, REASON, as_messages

MAX_BODY = 512 * 1024
_TIME = re.compile(r"\d{1,12}", re.ASCII)
_SIGNATURE = re.compile(r"v0=[0-9a-f]{64}")
_ANY = re.compile("")
_NAME = re.compile(r"[\w.:/-]{1,60}", re.ASCII)
logger = logging.getLogger(__name__)


def bolt_app(settings: SlackSettings, client: AsyncWebClient, listeners: Listeners) -> AsyncApp:
    """The app with its listeners. None of them waits for the bot or for Slack."""

    async def authorize(**_: Any) -> AuthorizeResult:
        # Bolt would ask Slack before it acknowledges; there is one workspace, and its token is known.
        return AuthorizeResult(
            enterprise_id=None, team_id=None, bot_token=settings.bot_token, bot_user_id=listeners.bot_user or None
        )

    app = AsyncApp(
        name="career-advisor",
        logger=quiet,
        client=client,
        authorize=authorize,
        signing_secret=settings.signing_secret,
        # Socket Mode needs no signatures, and without a secret there is no HTTP route.
        request_verification_enabled=bool(settings.signing_secret),
        attaching_conversation_kwargs_enabled=False,
    )
    app.error(_failed)
    _events(app, listeners)
    _commands(app, listeners)
    _actions(app, listeners)
    _others(app)
    return app


async def dispatch(app: AsyncApp, request: AsyncBoltRequest) -> BoltResponse:
    """Bolt's response; what it does not know or cannot take is acknowledged, or else Slack would repeat it."""
    response: BoltResponse = await app.async_dispatch(request)
    if response.status == 404:
        logger.info("Slack: a request of type %s is not used.", named(request.body.get("type")))
    return BoltResponse(status=200, body="") if response.status in (404, 500) else response


async def respond(app: AsyncApp, verifier: SignatureVerifier, request: Request) -> HTTPResponse:
    """The response to a request over HTTP; whatever is not signed by Slack gets no further than here."""
    if len(request.body) > MAX_BODY:
        return Refusal(413, "body_too_large", "This request is too large.").response()
    if not signed(verifier, request):
        logger.warning("Slack: a request without a valid signature was refused. Check SLACK_SIGNING_SECRET.")
        return Refusal(401, "invalid_signature", "This request is not signed by Slack.").response()
    if not isinstance(_body(request), dict):
        logger.warning("Slack: a request was refused because it is malformed.")
        return Refusal(400, "malformed", "This request could not be understood.").response()
    try:
        return to_sanic_response(await dispatch(app, to_async_bolt_request(request)))
    except Exception as error:
        # Signed by Slack, but of a shape that Bolt does not know: repeating it would not help.
        logger.error("Slack: a request could not be processed: %s", whereabouts(error))
        return HTTPResponse(status=200)


def signed(verifier: SignatureVerifier, request: Request) -> bool:
    """Whether the raw body has a signature of the last five minutes.

    Bolt checks as well, but only after it has parsed the body, and it stumbles over headers that are not well-formed.
    """
    time = request.headers.get("x-slack-request-timestamp", "")
    signature = request.headers.get("x-slack-signature", "")
    if not _TIME.fullmatch(time) or not _SIGNATURE.fullmatch(signature):
        return False
    try:
        return bool(verifier.is_valid(request.body, time, signature))
    except UnicodeDecodeError:
        return False


def named(value: Any) -> str:
    """A name that Slack gave to something, fit for the log."""
    return value if isinstance(value, str) and _NAME.fullmatch(value) else "unknown"


def _events(app: AsyncApp, listeners: Listeners) -> None:
    async def message(body: dict[str, Any]) -> None:
        listeners.message(body)

    async def home(body: dict[str, Any]) -> None:
        listeners.home(body)

    async def removed(event: dict[str, Any]) -> None:
        report("token_revoked" if event["type"] == "tokens_revoked" else "account_inactive", f"event {event['type']}")

    async def unknown(event: dict[str, Any]) -> None:
        logger.info("Slack: the event %s is not used.", named(event.get("type")))

    app.event("app_mention")(message)
    app.event("message")(message)
    app.event("app_home_opened")(home)
    app.event("tokens_revoked")(removed)
    app.event("app_uninstalled")(removed)
    app.event(_ANY)(unknown)


def _commands(app: AsyncApp, listeners: Listeners) -> None:
    async def career(ack: AsyncAck, body: dict[str, Any]) -> None:
        if str(body.get("text", "")).strip().lower() in ("", "help"):
            (message,) = as_messages(help_message().blocks)
            await ack(text=message.text, blocks=message.blocks, response_type="ephemeral")
            return
        await ack()
        await _use(listeners.command, body)

    async def unknown(ack: AsyncAck, body: dict[str, Any]) -> None:
        logger.info("Slack: the command %s is not known.", named(body.get("command")))
        await ack(text=f"I do not know this command. Try {COMMAND} help.", response_type="ephemeral")

    app.command(COMMAND)(career)
    app.command(_ANY)(unknown)


def _actions(app: AsyncApp, listeners: Listeners) -> None:
    def acknowledged(use: Callable[[Mapping[str, Any]], None]) -> Callable[..., Awaitable[None]]:
        async def listener(ack: AsyncAck, body: dict[str, Any]) -> None:
            await ack()
            await _use(use, body)

        return listener

    app.action(re.compile(f"^{CHOOSE}-"))(acknowledged(listeners.choice))
    app.action(re.compile(f"^({RATE_UP}|{RATE_DOWN}|{REASON})"))(acknowledged(listeners.rating))


def _others(app: AsyncApp) -> None:
    async def unknown(ack: AsyncAck, body: dict[str, Any]) -> None:
        logger.info("Slack: an interaction of type %s is not used.", named(body.get("type")))
        await ack()

    app.action(_ANY)(unknown)
    app.shortcut(_ANY)(unknown)
    app.view(_ANY)(unknown)
    app.view_closed(_ANY)(unknown)
    app.options(_ANY)(unknown)


async def _use(use: Callable[[Mapping[str, Any]], None], body: dict[str, Any]) -> None:
    try:
        use(body)
    except Exception as error:
        # Bolt's own handling stumbles over whatever fails after it was acknowledged.
        await _failed(error, body)


async def _failed(error: Exception, body: dict[str, Any]) -> BoltResponse:
    if isinstance(error, NotUsable):
        logger.info("Slack: a request of type %s lacks an id.", named(body.get("type")))
    else:
        logger.error("Slack: a request could not be processed: %s", whereabouts(error))
    return BoltResponse(status=200, body="")


def _body(request: Request) -> Any:
    """What the body holds, read as Bolt does; None if that is impossible."""
    text = request.body.decode()
    try:
        if text.startswith("{") or request.headers.get("content-type", "").startswith("application/json"):
            return json.loads(text)
        form = dict(parse_qsl(text, keep_blank_values=True))
        return json.loads(form["payload"]) if "payload" in form else form or None
    except (ValueError, RecursionError):
        return None
