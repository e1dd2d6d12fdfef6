"""The id under which everything that belongs to one request is found in the logs of all servers."""

from __future__ import annotations

import logging
import re
import time
from collections.abc import Iterator
from contextlib import contextmanager
from uuid import uuid4

import structlog
from sanic import Sanic
from sanic.request import Request
from sanic.response import BaseHTTPResponse

from bot.observe import tracing

HEADER = "X-Request-ID"
_NAME = "request_id"
# A client's own id stands in logs: nothing that could be taken for another line or field, and not much of it.
_SANE = re.compile(r"[A-Za-z0-9._-]{1,64}", re.ASCII)
_UNREMARKABLE = frozenset({"health", "metrics"})
logger = logging.getLogger(__name__)


def add_request_ids(app: Sanic) -> None:
    """Give each request an id, its own if that is sane, and return it; and log each request with what became of it."""

    async def begin(request: Request) -> None:
        structlog.contextvars.clear_contextvars()
        request.ctx.began = time.perf_counter()
        request.ctx.request_id = given_or_new(request.headers.get(HEADER))
        structlog.contextvars.bind_contextvars(**{_NAME: request.ctx.request_id})
        attributes = {"http.request.method": str(request.method), _NAME: request.ctx.request_id}
        request.ctx.span = tracing.begin_request(request.headers.get("traceparent"), attributes)

    async def end(request: Request, response: BaseHTTPResponse) -> None:
        response.headers[HEADER] = request.ctx.request_id
        # Not the path, which may hold a conversation's id or whatever somebody wrote there.
        route = request.route.path if request.route else "other"
        name = f"{request.method} /{route.lstrip('/')}"
        attributes = {"http.route": route, "http.response.status_code": response.status}
        tracing.end_request(request.ctx.span, name, attributes, response.status >= 500)
        if route not in _UNREMARKABLE:
            fields = {
                "method": request.method,
                "route": f"/{route.lstrip('/')}" if request.route else route,
                "status": response.status,
                "milliseconds": round(1000 * (time.perf_counter() - request.ctx.began), 1),
            }
            logger.debug("Request answered.", extra={"fields": fields})

    app.add_signal(begin, "http.lifecycle.handle")
    app.register_middleware(end, "response")


def given_or_new(value: str | None) -> str:
    """The id that a client sent if it may stand in a log, else a new one."""
    return value if value and _SANE.fullmatch(value) else uuid4().hex


def current() -> str | None:
    """The id of the request that is being answered, if any."""
    found: str | None = structlog.contextvars.get_contextvars().get(_NAME)
    return found


@contextmanager
def some_request() -> Iterator[None]:
    """An id for work that came by another way than HTTP; what has one keeps it."""
    with structlog.contextvars.bound_contextvars(**{_NAME: current() or uuid4().hex}):
        yield
