"""The action server takes calls of our own servers only."""

import json
import os
import subprocess
import sys
import time
from collections.abc import Iterator
from typing import Any

import httpx
import pytest
from rasa.utils.endpoints import ClientResponseError

from benchmarks.services import free_port
from bot.cluster.remote_actions import ActionServers
from evaluation.server import PROJECT

TOKEN = "a-token-of-some-length"
SECRET = "something that somebody said"


def run(**settings: str) -> subprocess.Popen[str]:
    environment = {**os.environ, "PYTHONWARNINGS": "ignore", **settings}
    command = [sys.executable, "-m", "bot", "actions"]
    return subprocess.Popen(command, cwd=PROJECT, env=environment, stdout=-1, stderr=-1, text=True)


@pytest.fixture(scope="module")
def server() -> Iterator[str]:
    port = free_port()
    process = run(ACTION_SERVER_PORT=str(port), ACTION_SERVER_TOKEN=TOKEN)
    url = f"http://127.0.0.1:{port}"
    for _ in range(300):
        try:
            httpx.get(f"{url}/health")
            break
        except httpx.TransportError:
            assert process.poll() is None, process.communicate()
            time.sleep(0.1)
    yield url
    process.terminate()
    process.communicate(timeout=10)


def call(action: str = "action_no_such") -> dict[str, Any]:
    tracker = {"sender_id": "x", "slots": {}, "latest_message": {"text": SECRET}, "events": []}
    return {"next_action": action, "sender_id": "x", "tracker": tracker, "version": "3.6.21"}


@pytest.mark.parametrize("given", [{}, {"Authorization": "Bearer wrong"}, {"Authorization": TOKEN}])
def test_a_call_without_the_token_is_refused(server: str, given: dict[str, str]) -> None:
    assert httpx.post(f"{server}/webhook", json=call(), headers=given).status_code == 401
    assert httpx.get(f"{server}/actions", headers=given).status_code == 401
    assert httpx.get(f"{server}/health", headers=given).status_code == 200


async def test_our_servers_bring_it(server: str) -> None:
    servers = ActionServers((f"{server}/webhook",), 5.0, TOKEN)
    with pytest.raises(ClientResponseError) as no_such:
        await servers.request(json=call())
    assert no_such.value.status == 404
    assert await servers.problem() is None
    await servers.close()
    strangers = ActionServers((f"{server}/webhook",), 5.0)
    with pytest.raises(ClientResponseError) as refused:
        await strangers.request(json=call())
    assert refused.value.status == 401
    await strangers.close()


def test_a_failure_does_not_repeat_the_conversation(server: str) -> None:
    bad = {**call("action_answer"), "tracker": {"events": SECRET}}
    bearer = {"Authorization": f"Bearer {TOKEN}", "Origin": "https://elsewhere.example"}
    answer = httpx.post(f"{server}/webhook", json=bad, headers=bearer)
    assert answer.status_code in (404, 500)
    assert SECRET not in answer.text
    assert "access-control-allow-origin" not in answer.headers
    broken = httpx.post(f"{server}/webhook", content=json.dumps(bad)[:-5], headers=bearer)
    assert broken.status_code in (400, 500)
    assert SECRET not in broken.text


def test_it_does_not_start_where_others_reach_it_without_a_token() -> None:
    process = run(ACTION_SERVER_HOST="0.0.0.0", ACTION_SERVER_PORT="0", ACTION_SERVER_TOKEN="")
    _, error = process.communicate(timeout=30)
    assert process.returncode == 1
    assert error.strip().splitlines()[-1].startswith("ACTION_SERVER_TOKEN is missing")
