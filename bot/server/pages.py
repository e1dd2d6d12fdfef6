"""The web page and the chat widget, served from the files that ``web/`` builds."""

from __future__ import annotations

import gzip
import hashlib
import re
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from sanic import Blueprint
from sanic.blueprint_group import BlueprintGroup
from sanic.request import Request
from sanic.response import HTTPResponse, empty, html, json, raw

from bot.channels.errors import Refusal
from bot.channels.rest.origins import PAGE_POLICY, Origins

STATIC = Path(__file__).parents[1] / "web" / "static"
_TYPES = {
    ".html": "text/html; charset=utf-8",
    ".js": "text/javascript; charset=utf-8",
    ".css": "text/css; charset=utf-8",
    ".svg": "image/svg+xml",
    ".txt": "text/plain; charset=utf-8",
    ".json": "application/json",
    ".png": "image/png",
    ".woff2": "font/woff2",
}
_COMPRESSIBLE = {".html", ".js", ".css", ".svg", ".txt", ".json"}
_NAME = re.compile(r"[A-Za-z0-9_-][A-Za-z0-9._-]*")
_NOT_BUILT = (
    "<!doctype html><html lang=en><meta charset=utf-8><title>Career Advisor</title>"
    "<p>The web page is not built yet. The chatbot itself works: its address is /webhooks/rest/webhook. "
    "To build the page, run <code>npm ci && npm run build</code> in the folder <code>web</code>.</p>"
)


@dataclass(frozen=True)
class _File:
    content: bytes
    zipped: bytes | None
    tag: str


def pages(origins: Origins, folder: Path = STATIC) -> BlueprintGroup:
    """The routes /, /widget.js, /widget/<file> and /widget/config."""

    async def index(request: Request) -> HTTPResponse:
        page = folder / "index.html"
        if not page.is_file():
            return html(_NOT_BUILT, status=503)
        return _serve(request, page, "no-cache", {"Content-Security-Policy": PAGE_POLICY})

    async def loader(request: Request) -> HTTPResponse:
        return _serve(request, folder / "widget.js", "public, max-age=300")

    async def hashed(request: Request, name: str) -> HTTPResponse:
        if not _NAME.fullmatch(name):
            raise _missing()
        return _serve(request, folder / "widget" / name, "public, max-age=31536000, immutable")

    async def config(_: Request) -> HTTPResponse:
        return json({}, headers={"Cache-Control": "no-store"})

    files = Blueprint("pages")
    files.add_route(index, "/", methods=["GET", "HEAD"])
    files.add_route(loader, "/widget.js", methods=["GET", "HEAD"])
    files.add_route(hashed, "/widget/<name:str>", methods=["GET", "HEAD"])
    settings = Blueprint("widget-settings")
    settings.add_route(config, "/widget/config", methods=["GET", "OPTIONS"])
    origins.guard(settings)
    return Blueprint.group(files, settings)


def _serve(request: Request, path: Path, caching: str, headers: dict[str, str] | None = None) -> HTTPResponse:
    if not path.is_file():
        raise _missing()
    status = path.stat()
    file = _read(path, status.st_mtime_ns, status.st_size)
    # Any site may load these files; what they may do there is decided when they talk to the server.
    all_headers = {
        "Cache-Control": caching,
        "ETag": file.tag,
        "Vary": "Accept-Encoding",
        "Access-Control-Allow-Origin": "*",
        **(headers or {}),
    }
    if file.tag in request.headers.get("if-none-match", ""):
        return empty(304, headers=all_headers)
    content = file.content
    if file.zipped and "gzip" in request.headers.get("accept-encoding", ""):
        content = file.zipped
        all_headers["Content-Encoding"] = "gzip"
    return raw(content, headers=all_headers, content_type=_TYPES.get(path.suffix, "application/octet-stream"))


@lru_cache(maxsize=64)
def _read(path: Path, _: int, __: int) -> _File:
    """The file as it is now: its time and size are part of the cache's key."""
    content = path.read_bytes()
    zipped = gzip.compress(content, mtime=0) if path.suffix in _COMPRESSIBLE else None
    return _File(content, zipped, f'"{hashlib.sha256(content).hexdigest()[:20]}"')


def _missing() -> Refusal:
    return Refusal(404, "not_found", "There is nothing at this address.")
