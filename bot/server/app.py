"""The Sanic app: Rasa's channels, the web pages and /health, and nothing of Rasa's management interface."""

from __future__ import annotations

from rasa.core.channels.channel import InputChannel, register
from sanic import Sanic
from sanic.request import Request
from sanic.response import HTTPResponse, json

from bot.channels.errors import error_response
from bot.channels.rest.channel import RestChannel
from bot.channels.rest.origins import Origins, add_security_headers, add_transport_security
from bot.channels.slack.channel import from_settings as slack_channel
from bot.cluster.draining import Drain
from bot.observe.request_ids import add_request_ids
from bot.server.assistant import Assistant
from bot.server.metrics_page import add_metrics
from bot.server.openapi import openapi
from bot.server.pages import pages
from bot.server.sources_page import sources_page
from bot.settings import Settings


def build_app(settings: Settings, assistant: Assistant) -> Sanic:
    """The app, ready to be served; its channels answer 503 until ``app.ctx.agent`` is set."""
    app = Sanic("career-advisor", configure_logging=False)
    app.config.MOTD = False
    app.config.PROXIES_COUNT = settings.trusted_proxies or None
    app.ctx.agent = None
    app.ctx.assistant = assistant
    app.ctx.drain = drain = Drain(app, settings.drain_seconds)

    async def health(_: Request) -> HTTPResponse:
        healthy, parts = await assistant.health()
        if drain.draining:
            healthy, parts = False, {**parts, "status": "draining"}
        return json(parts, status=200 if healthy else 503, headers={"Cache-Control": "no-store"})

    add_request_ids(app)
    add_metrics(app, settings)
    app.add_route(health, "/health", methods=["GET", "HEAD"])
    app.blueprint(pages(Origins(settings)))
    app.blueprint(sources_page())
    app.blueprint(openapi())
    if settings.insights_password:
        from bot.server.insights import insights_page

        app.blueprint(insights_page(settings))
    register(input_channels(settings), app, route="/webhooks/")
    app.register_middleware(add_security_headers, "response")
    if settings.hsts_seconds:
        app.register_middleware(add_transport_security(settings.hsts_seconds), "response")
    app.error_handler.add(Exception, error_response)
    return app


def input_channels(settings: Settings) -> list[InputChannel]:
    """Rasa's input channels to serve: REST always, Slack where it is configured."""
    channels: list[InputChannel] = [RestChannel(settings)]
    slack = slack_channel(settings)
    if slack:
        channels.append(slack)
    return channels
