"""Requests of Slack over HTTP."""

from __future__ import annotations

import json
import logging
import re
from typing import Any
from urllib.parse import parse_qsl

from sanic.request import Request
from sanic.response import HTTPResponse
from slack_bolt.adapter.sanic.async_handler import to_async_bolt_request, to_sanic_response
from slack_bolt.async_app import AsyncApp
from slack_sdk.signature import SignatureVerifier

from bot.channels.errors import Refusal
from bot.channels.slack.app import dispatch
from bot.channels.slack.queue import whereabouts

MAX_BODY = 512 * 1024
_TIME = re.compile(r"\d{1,12}", re.ASCII)
_SIGNATURE = re.compile(r"v0=[0-9a-f]{64}")
logger = logging.getLogger(__name__)


async def answer(app: AsyncApp, verifier: SignatureVerifier, request: Request) -> HTTPResponse:
    """The response to a request; whatever is not signed by Slack gets no further than here."""
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
