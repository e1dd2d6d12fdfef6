"""``/metrics`` for Prometheus, and what is counted about every request."""

from __future__ import annotations

import hmac
import logging
import time

from prometheus_client.exposition import CONTENT_TYPE_LATEST, generate_latest
from sanic import Sanic
from sanic.request import Request
from sanic.response import BaseHTTPResponse, HTTPResponse, raw

from bot.channels.addresses import host_of, is_loopback
from bot.channels.errors import Refusal
from bot.observe import metrics
from bot.settings import Settings

_METHODS = frozenset({"GET", "HEAD", "POST", "OPTIONS", "DELETE", "PUT", "PATCH"})
_OF_PROXIES = ("x-forwarded-for", "forwarded", "x-real-ip", "x-forwarded-host", "x-forwarded-proto", "via")


def add_metrics(app: Sanic, settings: Settings) -> None:
    """Count the app's requests, and show the counts at /metrics to those who may see them."""

    async def page(request: Request) -> HTTPResponse:
        _check(request, settings)
        headers = {"Cache-Control": "no-store"}
        return raw(generate_latest(metrics.registry), headers=headers, content_type=CONTENT_TYPE_LATEST)

    async def started(request: Request) -> None:
        request.ctx.started = time.perf_counter()

    logging.getLogger().addHandler(metrics.CountErrors())
    # A signal and not a middleware, which a request to an unknown address does not always reach.
    app.add_signal(started, "http.lifecycle.handle")
    app.register_middleware(_count, "response")
    app.add_route(page, "/metrics", methods=["GET"])


async def _count(request: Request, response: BaseHTTPResponse) -> None:
    # The template and not the path: a path may hold a conversation's id, and anybody can make up new ones.
    route = f"/{request.route.path.lstrip('/')}" if request.route else metrics.OTHER
    method = request.method if request.method in _METHODS else metrics.OTHER
    metrics.requests.labels(method, route, str(response.status)).inc()
    started = getattr(request.ctx, "started", None)
    if started is not None:
        metrics.request_seconds.labels(route).observe(time.perf_counter() - started)


def _check(request: Request, settings: Settings) -> None:
    """Raises Refusal 401 without the token, or 404 where there is none and the request is not of this machine."""
    if settings.metrics_token:
        given = request.headers.get("authorization", "").encode(errors="surrogateescape")
        if not hmac.compare_digest(given, f"Bearer {settings.metrics_token}".encode()):
            message = "The metrics need their token."
            raise Refusal(401, "unauthorized", message, {"WWW-Authenticate": 'Bearer realm="metrics"'})
    elif (
        settings.trusted_proxies
        # A proxy on this machine connects from loopback, for anybody.
        or any(name in request.headers for name in _OF_PROXIES)
        or not is_loopback(request.ip.strip("[]"))
        # A browser on this machine does so too, for a page whose name points here since a moment ago.
        or not is_loopback(host_of(request))
    ):
        raise Refusal(404, "not_found", "There is nothing at this address.")
