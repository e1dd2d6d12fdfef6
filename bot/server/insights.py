"""``/insights``: the report for the site's owner, behind a password; there is no such page without one."""

from __future__ import annotations

import asyncio
import base64
import binascii
import hashlib
import hmac
import logging
import re
from pathlib import Path

from sanic import Blueprint
from sanic.request import Request
from sanic.response import HTTPResponse, html, raw, text

from bot.channels.addresses import client_address
from bot.channels.errors import Refusal, bad_request, too_many_requests, unavailable
from bot.channels.limits import RateLimit
from bot.insights.page import content_policy
from bot.server.insights_reports import PERIODS, ReportFailed, Reports
from bot.settings import Settings

FAILURES_PER_MINUTE = 10
_TABLE = re.compile(r"[a-z_]{1,40}")
_WAITING = (
    "<!doctype html><html lang=en><meta charset=utf-8><meta name=viewport content='width=device-width'>"
    "<title>One moment</title><h1>One moment</h1><p>The conversations are being counted. "
    "This page shows the report as soon as it is there.</p>"
)
logger = logging.getLogger(__name__)


def insights_page(settings: Settings) -> Blueprint:
    """The routes /insights, /insights.json and /insights/<table>.csv; add them only where a password is set."""
    reports = Reports(settings.state_dir)
    failures = RateLimit(FAILURES_PER_MINUTE)
    expected = _digest(settings.insights_password)
    headers = {"Cache-Control": "no-store", "Referrer-Policy": "no-referrer", "X-Robots-Tag": "noindex"}

    def check(request: Request) -> HTTPResponse | None:
        given = _password(request.headers.get("authorization", ""))
        if given is not None:
            address = client_address(request)
            # Before anything is compared: who guesses must not learn whether the last guess was right.
            wait = failures.wait(address)
            if wait:
                raise too_many_requests(wait)
            if hmac.compare_digest(_digest(given), expected):
                return None
            failures.take(address)
            logger.warning("A wrong password for /insights.")
        challenge = {"WWW-Authenticate": 'Basic realm="insights", charset="UTF-8"'}
        return text("This page needs its password.", status=401, headers={**headers, **challenge})

    async def report(request: Request) -> HTTPResponse:
        folder = await _report(reports, request)
        if folder is None:
            return html(_WAITING, status=202, headers={**headers, "Refresh": "3"})
        policy = {"Content-Security-Policy": content_policy()}
        return html(await _read(folder / "insights.html"), headers={**headers, **policy})

    async def data(request: Request) -> HTTPResponse:
        return _download(await _finished(reports, request), "insights.json", "application/json", headers)

    async def table(request: Request, name: str) -> HTTPResponse:
        folder = await _finished(reports, request)
        if not _TABLE.fullmatch(name) or not (folder / "tables" / f"{name}.csv").is_file():
            raise Refusal(404, "not_found", "There is nothing at this address.")
        return _download(folder / "tables", f"{name}.csv", "text/csv; charset=utf-8", headers)

    async def stop(*_: object) -> None:
        await reports.close()

    routes = Blueprint("insights")
    routes.middleware(check, "request")
    routes.add_route(report, "/insights", methods=["GET"])
    routes.add_route(data, "/insights.json", methods=["GET"])
    routes.add_route(table, r"/insights/<name:([a-z_]+)\.csv>", methods=["GET"])
    routes.listener("before_server_stop")(stop)
    return routes


async def _report(reports: Reports, request: Request) -> Path | None:
    days = request.args.get("days", "30")
    if days not in {str(each) for each in PERIODS}:
        raise bad_request(f"days must be one of {', '.join(map(str, PERIODS))}.")
    try:
        return await reports.get(int(days))
    except ReportFailed as error:
        raise unavailable() from error


async def _finished(reports: Reports, request: Request) -> Path:
    folder = await _report(reports, request)
    if folder is None:
        raise unavailable("busy")
    return folder


async def _read(path: Path) -> str:
    return await asyncio.to_thread(path.read_text, "utf-8")


def _download(folder: Path, name: str, content_type: str, headers: dict[str, str]) -> HTTPResponse:
    content = (folder / name).read_bytes()
    disposition = {"Content-Disposition": f'attachment; filename="{name}"'}
    return raw(content, content_type=content_type, headers={**headers, **disposition})


def _password(authorization: str) -> str | None:
    """The password of an Authorization header (RFC 7617; any user name will do), or None without one."""
    scheme, _, credentials = authorization.partition(" ")
    if scheme.lower() != "basic":
        return None
    try:
        return base64.b64decode(credentials.strip(), validate=True).decode().partition(":")[2]
    except (binascii.Error, ValueError):
        return ""


def _digest(password: str) -> bytes:
    # Of one length, so that comparing takes the same time whatever was given.
    return hashlib.sha256(password.encode()).digest()
