"""``/insights``: the report for the site's owner, behind a password; there is no such page without one."""

from __future__ import annotations

import asyncio
import base64
import binascii
import hashlib
import hmac
import logging
import re
import sys
import time
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from sanic import Blueprint
from sanic.request import Request
from sanic.response import HTTPResponse, html, raw, text

from bot.channels.addresses import client_address
from bot.channels.errors import Refusal, bad_request, too_many_requests, unavailable
from bot.cluster.limits import RateLimit
from bot.insights.page import content_policy
from bot.settings import Settings

FAILURES_PER_MINUTE = 10
PERIODS = (7, 30, 90)
"""The periods that the page offers, in days: few, so that the kept reports are few."""

_KEPT_SECONDS = 300.0
# How long a request waits for its report before it is told to come back.
_PATIENCE_SECONDS = 10.0
_LONGEST_SECONDS = 600.0
_TABLE = re.compile(r"[a-z_]{1,40}")
_WAITING = (
    "<!doctype html><html lang=en><meta charset=utf-8><meta name=viewport content='width=device-width'>"
    "<title>One moment</title><h1>One moment</h1><p>The conversations are being counted. "
    "This page shows the report as soon as it is there.</p>"
)
logger = logging.getLogger(__name__)


class ReportFailed(Exception):
    """The report could not be made; the log says why."""


@dataclass
class _Kept:
    made: float
    folder: Path


class Reports:
    """The reports of one server by number of days: made one at a time, in a process of their own, and kept a while."""

    def __init__(self, state_dir: Path) -> None:
        self._folder = state_dir / "insights"
        self._kept: dict[int, _Kept] = {}
        self._making: dict[int, asyncio.Task[Path]] = {}
        self._turn = asyncio.Lock()

    async def get(self, days: int) -> Path | None:
        """The folder of the report, at most some minutes old; None if it takes longer. Raises ReportFailed."""
        kept = self._kept.get(days)
        if kept and time.monotonic() - kept.made < _KEPT_SECONDS:
            return kept.folder
        task = self._making.get(days)
        if task is None:
            task = self._making[days] = asyncio.create_task(self._make(days))
        # The task goes on if this request is given up.
        done, _ = await asyncio.wait({task}, timeout=_PATIENCE_SECONDS)
        if not done:
            return None
        self._making.pop(days, None)
        return task.result()

    async def close(self) -> None:
        """Stop making reports."""
        for task in self._making.values():
            task.cancel()
        await asyncio.gather(*self._making.values(), return_exceptions=True)

    async def _make(self, days: int) -> Path:
        folder = self._folder / str(days)
        arguments = ["--days", str(days), "--out", str(folder), "--quiet", "--links", *map(str, PERIODS)]
        async with self._turn:
            # A process of its own: neither its computing nor its memory is the server's.
            process = await asyncio.create_subprocess_exec(
                sys.executable, "-m", "bot.insights", *arguments, stdin=asyncio.subprocess.DEVNULL
            )
            try:
                code = await asyncio.wait_for(process.wait(), _LONGEST_SECONDS)
            except asyncio.TimeoutError:
                code = -1
            finally:
                if process.returncode is None:
                    with suppress(ProcessLookupError):
                        process.kill()
                    await process.wait()
        if code:
            logger.error("The report for /insights failed with exit code %d.", code)
            raise ReportFailed
        self._kept[days] = _Kept(time.monotonic(), folder)
        return folder


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
