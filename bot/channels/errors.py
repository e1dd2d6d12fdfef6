"""What a client reads when a request is refused: {"error": {"code", "message"}} with a sentence fit for users."""

from __future__ import annotations

import logging
import math
from collections.abc import Mapping

from rasa.core.lock_store import LockError
from sanic.exceptions import MethodNotSupported, NotFound, PayloadTooLarge, SanicException
from sanic.request import Request
from sanic.response import HTTPResponse, json

from bot.stores.errors import StoreUnavailableError

MAX_BODY = 64 * 1024
logger = logging.getLogger(__name__)


class Refusal(Exception):
    """A request that is not answered, with what the client is told instead."""

    def __init__(self, status: int, code: str, message: str, headers: Mapping[str, str] | None = None) -> None:
        super().__init__(code)
        self.status = status
        self.code = code
        self.message = message
        self.headers = dict(headers or {})

    def response(self) -> HTTPResponse:
        """The refusal as a response."""
        body = {"error": {"code": self.code, "message": self.message}}
        return json(body, status=self.status, headers={"Cache-Control": "no-store", **self.headers})


def bad_request(message: str, code: str = "bad_request") -> Refusal:
    """400: the request does not have the right form."""
    return Refusal(400, code, message)


def body_too_large() -> Refusal:
    """413: more than ``MAX_BODY`` bytes."""
    return Refusal(413, "body_too_large", "This request is too large. Please send at most 64 KB.")


def head_too_large() -> Refusal:
    """431: a head that is larger than any that a client needs."""
    return Refusal(431, "head_too_large", "The headers of this request are too large. Please send at most 64 KB.")


def too_slow() -> Refusal:
    """408: the request did not arrive in time."""
    return Refusal(408, "too_slow", "This request took too long to arrive. Please send it again.")


def forbidden() -> Refusal:
    """403: the conversation's token is missing or wrong."""
    return Refusal(403, "forbidden", "This conversation can only be used with its token.")


def too_many_requests(wait: float) -> Refusal:
    """429: over a limit, for ``wait`` more seconds."""
    seconds = max(1, math.ceil(wait))
    message = "That was a lot at once. Please wait a moment and try again."
    return Refusal(429, "too_many_requests", message, {"Retry-After": str(seconds)})


def unavailable(code: str = "unavailable") -> Refusal:
    """503: nobody can answer at the moment."""
    sentences = {
        "starting": "The advisor is just starting. Please try again in a few seconds.",
        "busy": "The advisor is busy right now. Please try again in a moment.",
        "timeout": "This took too long to answer. Please try again.",
    }
    sentence = sentences.get(code, "Sorry, the advisor cannot answer at the moment. Please try again later.")
    return Refusal(503, code, sentence, {"Retry-After": "5"})


def unexpected(error: Exception) -> Refusal:
    """500: a mistake of ours, which is logged."""
    logger.error("A request failed unexpectedly.", exc_info=error)
    return Refusal(500, "internal_error", "Sorry, something went wrong. Please try again later.")


def error_response(_: Request, error: Exception) -> HTTPResponse:
    """The response to an exception that a handler, or Sanic itself, raised."""
    if isinstance(error, Refusal):
        return error.response()
    if isinstance(error, (StoreUnavailableError, LockError)):
        logger.error("%s", error)
        return unavailable().response()
    if isinstance(error, NotFound):
        return Refusal(404, "not_found", "There is nothing at this address.").response()
    if isinstance(error, MethodNotSupported):
        headers = {"Allow": error.headers["Allow"]}
        return Refusal(405, "method_not_allowed", "This address does not take such requests.", headers).response()
    if isinstance(error, PayloadTooLarge):
        return body_too_large().response()
    if isinstance(error, SanicException) and error.status_code >= 500:
        return unavailable().response()
    if isinstance(error, SanicException):
        return Refusal(error.status_code, "bad_request", "This request could not be understood.").response()
    return unexpected(error).response()
