"""The web page and the widget's files."""

import asyncio
import base64
import gzip
import hashlib
import re
import socket
from collections.abc import Callable, Iterator
from pathlib import Path
from threading import Thread

import httpx
import pytest
from sanic import Sanic

from bot.channels.errors import error_response
from bot.channels.rest.origins import Origins, add_security_headers
from bot.knowledge.current import knowledge
from bot.server.connections import Limits
from bot.server.http_server import HttpServer
from bot.server.pages import pages
from bot.server.sources_page import sources_page
from bot.settings import Settings
from tests.support.sanic_apps import starting

TYPES = {
    "index.html": "text/html",
    "widget.js": "text/javascript",
    "widget/a-1.css": "text/css",
    "widget/i.svg": "image/svg+xml",
}


Get = Callable[..., httpx.Response]


@pytest.fixture(scope="module")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Path, httpx.Client]]:
    """A folder, and a client of a server that serves its pages and nothing else."""
    folder = tmp_path_factory.mktemp("pages") / "static"
    loop = asyncio.new_event_loop()
    app = Sanic("pages", configure_logging=False)
    app.blueprint(pages(Origins(Settings()), folder))
    app.blueprint(sources_page())
    app.register_middleware(add_security_headers, "response")
    app.error_handler.add(Exception, error_response)
    listening = socket.create_server(("127.0.0.1", 0))

    async def start() -> HttpServer:
        server = HttpServer(app, listening, Limits(10, 20, 20))
        with starting():
            await server.start()
        server.listen()
        await server.started()
        return server

    server = loop.run_until_complete(start())
    thread = Thread(target=loop.run_forever)
    thread.start()
    with httpx.Client(base_url="http://{}:{}".format(*listening.getsockname())) as client:
        yield folder, client
    asyncio.run_coroutine_threadsafe(server.stop(), loop).result()
    loop.call_soon_threadsafe(loop.stop)
    thread.join()
    loop.close()


@pytest.fixture
def folder(served: tuple[Path, httpx.Client]) -> Path:
    """The served folder with fresh files."""
    folder, _ = served
    (folder / "widget").mkdir(parents=True, exist_ok=True)
    for name in TYPES:
        (folder / name).write_text(f"{name} " * 100)
    (folder / "widget" / ".hidden").write_text("hidden")
    (folder.parent / "outside.txt").write_text("outside")
    return folder


@pytest.fixture
def get(served: tuple[Path, httpx.Client], folder: Path) -> Get:
    """Asks for a path, with headers as keywords."""
    _, client = served
    return lambda path, **headers: client.get(path, headers=headers)


@pytest.mark.parametrize("name", list(TYPES))
def test_files_have_their_type(get: Get, name: str) -> None:
    response = get(f"/{name}".replace("index.html", ""))
    assert response.status_code == 200
    assert response.headers["Content-Type"].startswith(TYPES[name])
    assert response.text == f"{name} " * 100


def test_files_named_by_their_content_are_kept_and_others_asked_for_again(get: Get) -> None:
    assert get("/widget/a-1.css").headers["Cache-Control"] == "public, max-age=31536000, immutable"
    assert get("/widget.js").headers["Cache-Control"] == "public, max-age=300"
    assert get("/").headers["Cache-Control"] == "no-cache"


def test_a_file_that_the_browser_has_is_not_sent_again(get: Get, folder: Path) -> None:
    tag = get("/widget.js").headers["ETag"]
    assert get("/widget.js", **{"If-None-Match": tag}).status_code == 304
    (folder / "widget.js").write_text("changed")
    assert get("/widget.js", **{"If-None-Match": tag}).text == "changed"


def test_files_are_compressed_for_those_who_take_it(get: Get) -> None:
    assert "Content-Encoding" not in get("/", **{"Accept-Encoding": "identity"}).headers
    response = get("/", **{"Accept-Encoding": "gzip"})
    assert response.headers["Content-Encoding"] == "gzip"
    assert int(response.headers["Content-Length"]) == len(gzip.compress(b"index.html " * 100, mtime=0))


@pytest.mark.parametrize(
    "path", ["/widget/none.js", "/widget/..%2F..%2Foutside.txt", "/widget/.hidden", "/widget/", "/x"]
)
def test_what_is_not_there_is_not_found(get: Get, path: str) -> None:
    response = get(path)
    assert response.status_code == 404
    assert response.json()["error"]["code"] == "not_found"


def test_the_page_may_run_its_own_scripts_only(get: Get) -> None:
    policy = get("/").headers["Content-Security-Policy"]
    assert "script-src 'self'" in policy
    assert "unsafe" not in policy


def test_settings_of_the_widget_are_empty(get: Get) -> None:
    assert get("/widget/config").json() == {}


def test_a_page_that_is_not_built_says_so(get: Get, folder: Path) -> None:
    (folder / "index.html").unlink()
    response = get("/")
    assert response.status_code == 503
    assert "not built yet" in response.text


def test_the_style_of_the_sources_is_the_only_thing_that_its_policy_allows(get: Get) -> None:
    response = get("/sources")
    assert response.status_code == 200
    assert response.headers["Content-Type"] == "text/html; charset=utf-8"
    (style,) = re.findall(r"<style>(.*?)</style>", response.text, re.S)
    digest = base64.b64encode(hashlib.sha256(style.encode()).digest()).decode()
    policy = response.headers["Content-Security-Policy"]
    assert f"style-src 'sha256-{digest}'" in policy
    assert policy.startswith("default-src 'none'; ")
    assert "unsafe" not in policy


def test_the_page_of_sources_is_sent_once_and_compressed(get: Get) -> None:
    plain = get("/sources", **{"Accept-Encoding": "identity"})
    zipped = get("/sources", **{"Accept-Encoding": "gzip"})
    assert zipped.headers["Content-Encoding"] == "gzip"
    assert zipped.text == plain.text
    assert int(zipped.headers["Content-Length"]) == len(gzip.compress(plain.content, mtime=0))
    again = get("/sources", **{"If-None-Match": plain.headers["ETag"]})
    assert (again.status_code, again.content) == (304, b"")


def test_without_a_knowledge_base_the_page_of_sources_says_so(
    get: Get, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("KNOWLEDGE_DIR", str(tmp_path))
    knowledge.cache_clear()
    response = get("/sources")
    knowledge.cache_clear()
    assert response.status_code == 503
    assert response.json()["error"]["code"] == "unavailable"
