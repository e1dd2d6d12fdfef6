"""Starting, health and stopping of the server process."""

import io
import os
import shutil
import signal
import socket
import sqlite3
import subprocess
import sys
import tarfile
from pathlib import Path

import httpx
import pytest

from benchmarks.daemons import free_port
from tests.server.live import ROOT, WEBHOOK, Server, StartServer, texts


def health(server: Server, port: int) -> httpx.Response:
    """The first answer of /health; the port is taken from the first line of the log on."""
    server.logged("starting")
    return httpx.get(f"http://127.0.0.1:{port}/health", timeout=30)


def test_a_healthy_server_names_its_model(server: Server, tiny_bot: Path) -> None:
    response = server.client.get("/health")
    [model] = (tiny_bot / "models").iterdir()
    assert response.status_code == 200
    assert response.json() == {"status": "ok", "model": model.name, "actions": "ok", "store": "ok"}
    assert server.log[0] == f"Career Advisor is starting with {model.name} ...\n"
    assert server.log[1].startswith("Ready: http://127.0.0.1:")


def test_the_first_message_of_the_server_itself_is_not_kept(server: Server, tiny_bot: Path) -> None:
    with sqlite3.connect(tiny_bot / "conversations.db") as database:
        rows = database.execute("select count(*) from events where sender_id = 'warm-up'").fetchone()
    assert rows == (0,)


def test_while_loading_it_is_starting_and_messages_are_refused(running: StartServer) -> None:
    port = free_port()
    with running(PORT=port) as server:
        response = health(server, port)
        assert response.status_code == 503
        assert response.json()["status"] == "starting"
        message = {"sender": "early", "message": "hello"}
        early = httpx.post(f"http://127.0.0.1:{port}{WEBHOOK}", json=message, timeout=30)
        assert early.json() != []
        if early.status_code != 200:
            assert early.json()["error"]["code"] == "starting"
        assert server.ready().client.get("/health").status_code == 200


def test_a_busy_port_is_one_clear_line_before_anything_is_loaded(running: StartServer) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        with running(PORT=port) as server:
            assert server.finished() == 1
    (line,) = server.log
    assert line.startswith(f"Port {port} is already in use.")


def test_wrong_settings_are_told(running: StartServer) -> None:
    with running(PORT="x", LOG_TEXT="x") as server:
        assert server.finished() == 1
    assert server.log == ["PORT must be a whole number from 0 to 65535.\n", "LOG_TEXT must be on or off.\n"]


def test_without_a_model_it_says_how_to_train_one(running: StartServer, tmp_path: Path) -> None:
    with running(tmp_path) as server:
        assert server.finished() == 1
    assert server.log == ["There is no model in models. Train one with: make train\n"]


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_stops_while_loading(running: StartServer, number: signal.Signals) -> None:
    with running() as server:
        server.logged("starting")
        assert server.stop(number) == 0


def test_stops_with_open_connections_and_unfinished_messages(running: StartServer) -> None:
    with running(STATE_DIR="var") as server:
        server.ready()
        server.client.get("/health")
        host, port = server.client.base_url.host, server.client.base_url.port
        body = b'{"sender": "a", "message": "/block"}'
        with socket.create_connection((host, port)) as connection:
            head = f"POST {WEBHOOK} HTTP/1.1\r\nContent-Type: application/json\r\nContent-Length: {len(body)}\r\n\r\n"
            connection.sendall(head.encode() + body)
            server.send("hello")
            assert server.stop() == 0
        assert server.log[-1] == "Stopped.\n"
        with pytest.raises(httpx.TransportError):
            httpx.get(server.client.base_url)


def test_a_broken_model_is_named_by_health_and_in_the_log(running: StartServer, tmp_path: Path) -> None:
    broken = tmp_path / "broken.tar.gz"
    broken.write_bytes(b"no model")
    port = free_port()
    with running(PORT=port, MODEL=broken) as server:
        server.logged("Loading failed: model.")
        assert any("broken.tar.gz is damaged or incomplete" in line for line in server.log)
        response = health(server, port)
        assert response.status_code == 503
        assert response.json() == {"status": "failing", "model": "failing", "actions": "ok", "store": "ok"}
        # It is not going to answer by itself, so nobody is told that it is just starting.
        refused = httpx.post(f"http://127.0.0.1:{port}{WEBHOOK}", json={"sender": "a", "message": "hello"}, timeout=30)
        assert (refused.status_code, refused.json()["error"]["code"]) == (503, "unavailable")
        assert server.stop() == 0


def test_the_newest_model_that_can_be_loaded_is_served(running: StartServer, tiny_bot: Path, tmp_path: Path) -> None:
    [good] = (tiny_bot / "models").iterdir()
    content = good.read_bytes()
    faults = {"good": content, "empty": b"", "cut": content[:-9], "none": b"no model" * 999, "other": other_model()}
    for age, (name, bytes_) in enumerate(faults.items()):
        (tmp_path / f"{name}.tar.gz").write_bytes(bytes_)
        os.utime(tmp_path / f"{name}.tar.gz", (age, age))
    with running(MODEL=tmp_path) as server:
        server.ready()
        found = server.client.get("/health")
        assert (found.status_code, found.json()["model"]) == (200, "good.tar.gz")
        assert found.json()["model_problem"] == "other.tar.gz cannot be loaded; an older model is served"
        assert texts(server.send("hello")) == ["Hello! **Ask** me."]
    log = "".join(server.log)
    for name in set(faults) - {"good"}:
        assert f"{name}.tar.gz" in log
    assert "good.tar.gz is served in the place of other.tar.gz" in log


def other_model() -> bytes:
    """A whole archive in which there is nothing that Rasa could load."""
    file = io.BytesIO()
    with tarfile.open(fileobj=file, mode="w:gz") as archive:
        archive.addfile(tarfile.TarInfo("metadata.json"))
    return file.getvalue()


def test_broken_actions_are_named_by_health(running: StartServer, tiny_bot: Path, tmp_path: Path) -> None:
    folder = tmp_path / "bot"
    shutil.copytree(tiny_bot, folder)
    (folder / "actions" / "__init__.py").write_text("import no_such_module\n")
    port = free_port()
    with running(folder, PORT=port) as server:
        server.logged("Loading failed: actions.")
        response = health(server, port)
        assert response.status_code == 503
        assert response.json() == {"status": "failing", "model": "loading", "actions": "failing", "store": "loading"}


def test_actions_may_run_on_a_server_of_their_own_and_be_missed(running: StartServer, tiny_bot: Path) -> None:
    port, action_port = free_port(), free_port()
    url = f"http://127.0.0.1:{action_port}/webhook"
    with running(PORT=port, ACTION_SERVER_URL=url) as server:
        server.logged("does not answer")
        server.client.base_url = f"http://127.0.0.1:{port}"
        response = server.client.get("/health")
        assert response.status_code == 503
        assert response.json()["status"] == "failing"
        assert response.json()["actions"] == "failing"
        assert server.send("/echo").status_code == 503
        assert server.send("hello").status_code == 200
        command = [sys.executable, "-m", "rasa_sdk", "--actions", "actions", "--port", str(action_port)]
        with subprocess.Popen(command, cwd=tiny_bot, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL) as actions:
            try:
                server.ready()
                assert server.client.get("/health").status_code == 200
                assert server.send("some words", "remote").json()[0]["text"] == "1: some words"
                assert server.send("/crash", "remote").status_code == 503
            finally:
                actions.kill()
        assert server.client.get("/health").status_code == 503


def test_rasa_run_serves_the_channel_too(running: StartServer, tiny_bot: Path, tmp_path: Path) -> None:
    folder = tmp_path / "bot"
    shutil.copytree(tiny_bot, folder)
    shutil.copy(ROOT / "credentials.yml", folder)
    port = free_port()
    command = ("-m", "rasa", "run", "--interface", "127.0.0.1", "--port", str(port))
    with running(folder, command, ALLOWED_ORIGINS="https://site.example") as rasa:
        rasa.logged("Rasa server is up and running.")
        # Rasa says so a moment before it listens.
        rasa.client = httpx.Client(base_url=f"http://127.0.0.1:{port}", transport=httpx.HTTPTransport(retries=5))
        assert rasa.send("hello").json()[0]["text"] == "Hello! **Ask** me."
        assert rasa.send("").status_code == 400
        assert rasa.send("hello", headers={"Origin": "https://evil.example"}).status_code == 403
        assert rasa.send("hello", headers={"Origin": "https://site.example"}).status_code == 200
