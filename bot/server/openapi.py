"""``/openapi.json``: the interface as an OpenAPI document, without the routes that are switched off."""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Iterable
from functools import lru_cache
from pathlib import Path
from typing import Any

import yaml
from sanic import Blueprint
from sanic.request import Request
from sanic.response import HTTPResponse, empty, raw

DOCUMENT = Path(__file__).with_name("openapi.yml")
NOT_PUBLIC = frozenset({"/metrics"})
"""Routes that are for the inside, which a proxy in front keeps to itself, and so are not described."""

_PARAMETER = re.compile(r"<(\w+):[^>]*>")
_CSV = re.compile(r"<name:\(\[a-z_\]\+\)\\\.csv>")
_DESCRIBED_METHODS = frozenset({"GET", "POST", "PUT", "PATCH", "DELETE"})


def openapi() -> Blueprint:
    """The route /openapi.json; what it serves is made when the server starts and all routes are there."""
    content = b""
    tag = ""

    async def start(app: Any, *_: Any) -> None:
        nonlocal content, tag
        content = json.dumps(document(routes_of(app)), separators=(",", ":")).encode()
        tag = f'"{hashlib.sha256(content).hexdigest()[:20]}"'

    async def describe(request: Request) -> HTTPResponse:
        headers = {"Cache-Control": "no-cache", "ETag": tag}
        if tag in request.headers.get("if-none-match", ""):
            return empty(304, headers=headers)
        return raw(content, headers=headers, content_type="application/json")

    routes = Blueprint("openapi")
    routes.listener("before_server_start")(start)
    routes.add_route(describe, "/openapi.json", methods=["GET"])
    return routes


def document(routes: Iterable[tuple[str, str]]) -> dict[str, Any]:
    """The description of these routes (path as OpenAPI writes it, method in lower case), and of no others."""
    on = set(routes)
    whole = _whole()
    paths = {}
    for path, item in whole["paths"].items():
        kept = {name: part for name, part in item.items() if name == "parameters" or (path, name) in on}
        if kept.keys() - {"parameters"}:
            paths[path] = kept
    return {**whole, "paths": paths}


def routes_of(app: Any) -> set[tuple[str, str]]:
    """The public routes (path as OpenAPI writes it, method in lower case); HEAD and OPTIONS go with the others."""
    return {
        (path, method.lower())
        for route in app.router.routes
        for method in route.methods & _DESCRIBED_METHODS
        if (path := _path(route)) not in NOT_PUBLIC
    }


def _path(route: Any) -> str:
    path = _PARAMETER.sub(r"{\1}", _CSV.sub("{table}.csv", "/" + route.path.lstrip("/")))
    # Rasa gives a channel's own address a slash at the end, and the router takes it off.
    return path + "/" if re.fullmatch(r"/webhooks/\w+", path) else path


@lru_cache(maxsize=1)
def _whole() -> dict[str, Any]:
    loaded: dict[str, Any] = yaml.safe_load(DOCUMENT.read_text(encoding="utf-8"))
    return loaded
