"""Request ids and JSON logs, through both servers."""

import json
import logging
import re
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from typing import Any

import pytest
import structlog

from benchmarks.daemons import free_port
from bot.observe.logs import JsonFormatter
from tests.server.live import Server, StartServer


def entries(server: Server, words: str, request_id: str) -> list[dict[str, Any]]:
    """The entries of a request that have these words, as soon as there is one; all lines of the log have to be JSON."""
    end = time.monotonic() + 60
    while True:
        whole = [each for each in map(json.loads, list(server.log)) if each.get("request_id") == request_id]
        found = [each for each in whole if words in str(each)]
        if found or time.monotonic() > end:
            return found
        time.sleep(0.02)


@pytest.fixture(scope="module")
def both(running: StartServer) -> Iterator[tuple[Server, Server]]:
    """A server, and the action server that it calls, with JSON logs."""
    port = free_port()
    command = ("-m", "bot", "actions", "--port", str(port))
    with running(command=command, LOG_FORMAT="json") as actions:
        actions.logged("Action server: ")
        with running(LOG_FORMAT="json", ACTION_SERVER_URL=f"http://127.0.0.1:{port}/webhook") as server:
            url = json.loads(server.logged("Ready: "))["event"].split()[1]
            server.client.base_url = url
            yield server, actions


def test_one_id_is_in_the_response_and_in_the_logs_of_both_servers(both: tuple[Server, Server]) -> None:
    server, actions = both
    response = server.send("/echo", headers={"X-Request-ID": "from-a.client_1"})
    assert response.status_code == 200
    assert response.headers["X-Request-ID"] == "from-a.client_1"
    for process, route in ((server, "/webhooks/rest/webhook"), (actions, "/webhook")):
        (entry,) = entries(process, "Request answered.", "from-a.client_1")
        assert (entry["method"], entry["route"], entry["status"], entry["level"]) == ("POST", route, 200, "debug")
        assert entry["milliseconds"] > 0


def test_an_error_is_logged_under_its_request_without_what_was_written(both: tuple[Server, Server]) -> None:
    server, actions = both
    response = server.send('/crash{"seconds": "zebra"}', headers={"X-Request-ID": "crashing"})
    assert response.status_code == 503
    assert entries(server, "got no answer", "crashing")[0]["level"] == "error"
    assert "builtins.ValueError" in entries(actions, "exception", "crashing")[0]["exception"]
    for process in both:
        assert "zebra" not in "".join(process.log)


@pytest.mark.parametrize("given", [None, "", "a b", "x" * 65, 'a"}', "{}", "\xe9", "zebra;zebra"])
def test_without_a_sane_id_there_is_a_new_one(both: tuple[Server, Server], given: str | None) -> None:
    server, _ = both
    headers = {} if given is None else {b"X-Request-ID": given.encode("latin1")}
    made = [server.client.get("/", headers=headers).headers["X-Request-ID"] for _ in range(2)]
    assert all(re.fullmatch("[0-9a-f]{32}", each) for each in made)
    assert made[0] != made[1]


def test_refusals_have_an_id_too(both: tuple[Server, Server]) -> None:
    server, _ = both
    for response in (server.send(""), server.client.get("/no-such-place"), server.client.put("/health")):
        assert response.status_code >= 400
        assert re.fullmatch("[0-9a-f]{32}", response.headers["X-Request-ID"])


def test_health_checks_do_not_fill_the_log(both: tuple[Server, Server]) -> None:
    server, _ = both
    assert server.client.get("/health", headers={"X-Request-ID": "checking"}).status_code == 200
    server.send("hello", headers={"X-Request-ID": "after"})
    assert entries(server, "Request answered.", "after")
    assert "checking" not in "".join(server.log)


def test_a_line_of_json_holds_what_a_record_says() -> None:
    record = logging.LogRecord("bot.x", logging.WARNING, "/x/file.py", 7, "two\nlines of %s", ("\u2028",), None)
    with structlog.contextvars.bound_contextvars(request_id="r"):
        line = JsonFormatter(show_text=False).format(record)
    assert len(line.splitlines()) == 1
    entry = json.loads(line)
    assert re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}\+00:00", entry.pop("time"))
    assert entry == {"level": "warning", "logger": "bot.x", "event": "two\nlines of \u2028", "request_id": "r"}


def test_an_action_server_whose_port_is_taken_says_so() -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        command = [sys.executable, "-m", "bot", "actions", "--port", str(taken.getsockname()[1])]
        ended = subprocess.run(command, capture_output=True, text=True, timeout=60)
    assert ended.returncode == 1
    assert "already in use" in ended.stderr
    assert len(ended.stderr.splitlines()) == 1
