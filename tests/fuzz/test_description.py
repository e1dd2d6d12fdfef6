"""/openapi.json: valid, and neither more nor less than what the router has."""

import re
from typing import Any, get_args

import httpx
import pytest
from openapi_spec_validator import validate_spec

from bot.advice.answer import Kind
from bot.channels.feedback import RATINGS, REASONS
from bot.channels.messages import MAX_MESSAGE, MAX_SENDER
from bot.server.app import build_app
from bot.server.assistant import Assistant
from bot.server.insights_reports import PERIODS
from bot.server.openapi import document, routes_of
from bot.settings import Settings


@pytest.fixture(scope="module")
def everything(tmp_path_factory: pytest.TempPathFactory) -> Any:
    """The app with every route that can be switched on."""
    folder = tmp_path_factory.mktemp("state")
    settings = Settings(
        state_dir=folder,
        insights_password="a long password",
        slack_bot_token="xoxb-1",
        slack_signing_secret="0123456789",
    )
    return build_app(settings, Assistant(settings, [folder / "none.tar.gz"]))


def described(whole: dict[str, Any]) -> set[tuple[str, str]]:
    return {(path, method) for path, item in whole["paths"].items() for method in item if method != "parameters"}


def test_every_public_route_is_described_and_nothing_else(everything: Any) -> None:
    routes = routes_of(everything)
    assert ("/webhooks/rest/webhook", "post") in routes
    assert described(document(routes)) == routes


def test_the_document_is_valid_with_all_routes_and_without_the_optional_ones(everything: Any, url: str) -> None:
    validate_spec(document(routes_of(everything)))
    served = httpx.get(f"{url}/openapi.json")
    assert served.headers["content-type"] == "application/json"
    validate_spec(served.json())
    assert described(served.json()) == routes_of(everything)
    without = document(route for route in routes_of(everything) if not re.search("slack|insights", route[0]))
    validate_spec(without)
    assert "/health" in without["paths"]
    assert not [path for path in without["paths"] if "slack" in path or "insights" in path]
    again = httpx.get(f"{url}/openapi.json", headers={"If-None-Match": served.headers["etag"]})
    assert again.status_code == 304


def test_the_values_it_names_are_those_of_the_code(everything: Any) -> None:
    whole = document(routes_of(everything))
    schemas = whole["components"]["schemas"]
    assert set(schemas["Envelope"]["properties"]["kind"]["enum"]) == set(get_args(Kind))
    assert schemas["Feedback"]["properties"]["rating"]["enum"] == list(RATINGS)
    assert set(schemas["Feedback"]["properties"]["reason"]["enum"]) - {None} == set(REASONS)
    assert schemas["Sender"]["maxLength"] == MAX_SENDER
    assert schemas["Message"]["properties"]["message"]["maxLength"] == MAX_MESSAGE
    assert whole["components"]["parameters"]["Days"]["schema"]["enum"] == [str(days) for days in PERIODS]
