"""The server under test and a second web site that shows the widget."""

import os
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import partial
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread

from bot.training import train
from evaluation.server import PROJECT, live_bot

WEB = Path(__file__).parents[2] / "web"
BUILT = WEB.parent / "bot" / "web" / "static" / "widget.js"
MOCK = WEB / "test" / "mock-server.mjs"


@contextmanager
def mock_server(allowed_origin: str) -> Iterator[str]:
    """A server that keeps the HTTP contract and answers a few questions."""
    assert BUILT.exists(), "the widget is not built: `npm run build` in web/ does it"
    command = ["node", str(MOCK), "--allow", allowed_origin]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout
        try:
            yield process.stdout.readline().strip()
        finally:
            process.terminate()


@contextmanager
def server_under_test(allowed_origin: str) -> Iterator[str]:
    """The live bot, allowing the site's origin, or the server that `BROWSER_SERVER_URL` names ("mock": a mock)."""
    given = os.environ.get("BROWSER_SERVER_URL")
    if given == "mock":
        with mock_server(allowed_origin) as url:
            yield url
    elif given:
        yield given.rstrip("/")
    else:
        train(PROJECT)
        with live_bot({"ALLOWED_ORIGINS": allowed_origin}) as url:
            yield url


@dataclass
class Site:
    """Somebody else's web site, known under two origins of which one is allow-listed."""

    port: int
    pages: dict[str, tuple[str, dict[str, str]]] = field(default_factory=dict)
    scripts: dict[str, str] = field(default_factory=dict)

    @property
    def allowed(self) -> str:
        return f"http://localhost:{self.port}"

    @property
    def refused(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def put(self, path: str, body: str = "", head: str = "", csp: str = "", lang: str = "en") -> None:
        html = (
            f'<!doctype html><html lang="{lang}"><head><meta charset="utf-8">'
            '<meta name="viewport" content="width=device-width, initial-scale=1">'
            f"<title>A site</title>{head}</head><body>{body}</body></html>"
        )
        self.pages[path] = (html, {"Content-Security-Policy": csp} if csp else {})

    def library(self, file: str) -> str:
        """A tag with a library from npm, served by this site."""
        path = f"/lib/{file}"
        self.scripts[path] = (WEB / "node_modules" / file).read_text("utf-8")
        return f'<script src="{path}"></script>'


class _Handler(BaseHTTPRequestHandler):
    def __init__(self, site: Site, *args: object) -> None:
        self.site = site
        super().__init__(*args)  # type: ignore[arg-type]

    def do_GET(self) -> None:
        content, headers = self.site.pages.get(self.path, ("", {}))
        kind = "html"
        if script := self.site.scripts.get(self.path):
            content, kind = script, "javascript"
        self.send_response(200 if content else 404)
        self.send_header("Content-Type", f"text/{kind}; charset=utf-8")
        for name, value in headers.items():
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(content.encode())

    def log_message(self, format: str, *args: object) -> None:
        pass


@contextmanager
def web_site() -> Iterator[Site]:
    """`BROWSER_SITE_PORT` fixes the port, for a server that is told its origins beforehand."""
    site = Site(port=0)
    port = int(os.environ.get("BROWSER_SITE_PORT", "0"))
    server = ThreadingHTTPServer(("127.0.0.1", port), partial(_Handler, site))
    site.port = server.server_port
    thread = Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield site
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
