"""One person's data is erased everywhere, printed, and not kept for longer than it may be."""

import io
import json
import os
import re
import sqlite3
import subprocess
import sys
from pathlib import Path
from urllib.parse import urlsplit

import pytest

from bot.__main__ import main
from bot.channels.rest.tokens import Tokens
from bot.channels.slack.conversations import of_same_person
from evaluation.server import PROJECT

from .clients import request, say
from .conftest import DAY, SECRET, Bot, Command, store_with

ROUTE = "/webhooks/rest/conversations"
MARK = "zanzibar"


def new_conversation(bot: Bot) -> tuple[str, str]:
    _, _, made = request(bot.url, "POST", ROUTE, {})
    return made["sender"], made["token"]


def write(bot: Bot, sender: str, token: str, text: str, message_id: str) -> list[dict]:
    body = {"sender": sender, "message": text, "message_id": message_id}
    status, _, reply = request(bot.url, "POST", "/webhooks/rest/webhook", body, token)
    assert status == 200
    return reply


def senders(database: Path) -> list[str]:
    with sqlite3.connect(database) as connection:
        return [sender for (sender,) in connection.execute("SELECT sender_id FROM conversations ORDER BY 1")]


def bytes_on_disk(state: Path) -> bytes:
    return b"".join(file.read_bytes() for file in sorted(state.glob("conversations.db*")))


def test_a_visitor_erases_their_own_conversation_and_nothing_of_it_is_left(bot: Bot) -> None:
    sender, token = new_conversation(bot)
    write(bot, sender, token, f"do ML engineers use {MARK}?", "1")
    body = {"sender": sender, "rating": "down", "reason": "wrong", "facts": [f"{MARK}.fact"]}
    assert request(bot.url, "POST", "/webhooks/rest/feedback", body, token)[0] == 204
    assert MARK.encode() in bytes_on_disk(bot.state)
    assert request(bot.url, "DELETE", f"{ROUTE}/{sender}", token=token)[0] == 204
    assert sender not in senders(bot.database)
    left = bytes_on_disk(bot.state)
    assert MARK.encode() not in left
    assert sender.encode() not in left
    assert request(bot.url, "GET", f"{ROUTE}/{sender}", token=token)[0] == 404
    # The same message id is a new message now, and its answer knows nothing of before.
    again = write(bot, sender, token, "and AI?", "1")
    assert MARK not in json.dumps(again)


@pytest.mark.parametrize("token", [None, "guessed", "of another"])
def test_nobody_erases_the_conversation_of_somebody_else(bot: Bot, token: str | None) -> None:
    sender, own = new_conversation(bot)
    write(bot, sender, own, "hello", "1")
    given = new_conversation(bot)[1] if token == "of another" else token
    assert request(bot.url, "DELETE", f"{ROUTE}/{sender}", token=given)[0] == 403
    assert request(bot.url, "GET", f"{ROUTE}/{sender}", token=own)[0] == 200


def test_conversations_of_rasas_own_store_are_taken_over_and_go_on(bot: Bot) -> None:
    token = Tokens(SECRET.encode()).token("of last week")
    path = f"{ROUTE}/of%20last%20week"
    before = [message["text"] for message in request(bot.url, "GET", path, token=token)[2]["messages"]]
    assert before[:2] == ["what is machine learning?", "Hello."]
    assert say(bot.url, "of last week", "who uses Spark?")[0] == 200
    after = [message["text"] for message in request(bot.url, "GET", path, token=token)[2]["messages"]]
    assert after[: len(before)] == before
    assert "who uses Spark?" in after[len(before) :]


def test_the_server_erases_what_is_too_old_by_itself(bot: Bot) -> None:
    assert "of long ago" not in senders(bot.database)
    assert "of last week" in senders(bot.database)
    assert "Erased 1 conversations in which nothing happened for 30 days." in bot.log


def test_an_operator_erases_what_a_running_server_keeps(bot: Bot, command: Command) -> None:
    first = say(bot.url, "visitor-9", f"what is {MARK}?", message_id="1")[2]
    port = str(urlsplit(bot.url).port)
    where = {"STATE_DIR": str(bot.state), "PORT": port}
    done = command("forget", "visitor-9", CONVERSATION_SECRET=SECRET, **where)
    assert (done.returncode, done.stdout, done.stderr) == (0, "Erased visitor-9\n", "")
    assert "visitor-9" not in senders(bot.database)
    # The server kept the reply in memory too, and gives it to nobody any more.
    assert say(bot.url, "visitor-9", "thanks", message_id="1")[2] != first
    wrong = command(
        "forget", "visitor-9", STATE_DIR=str(bot.state), PORT=port, CONVERSATION_SECRET="another secret 123"
    )
    assert wrong.returncode == 1
    assert "did not erase" in wrong.stderr
    assert "visitor-9" in senders(bot.database)


def test_all_conversations_of_one_person_in_slack_are_erased_and_printed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    mine = ["slack-T1-dm-U1", "slack-T1-C1-1700000000.000100-U1", "slack-T1-C2-command-U1"]
    others = ["slack-T1-dm-U11", "slack-T11-dm-U1", "slack-T1-C1-1700000000.000100-U2", "U1"]
    store_with(str(tmp_path / "conversations.db"), *((sender, f"I am {sender}", 0) for sender in [*mine, *others]))
    for name, value in {"STATE_DIR": str(tmp_path), "TRACKER_DB_URL": "", "PORT": "0", "REDIS_URL": ""}.items():
        monkeypatch.setenv(name, value)
    assert main(["export", mine[1]]) == 0
    printed = json.loads(capsys.readouterr().out)
    assert sorted(each["sender_id"] for each in printed["conversations"]) == sorted(mine)
    assert {each["events"][0]["text"] for each in printed["conversations"]} == {f"I am {sender}" for sender in mine}
    assert main(["forget", "slack-T1-U1"]) == 0
    assert senders(tmp_path / "conversations.db") == sorted(others)
    assert main(["forget", "slack-T1-U1"]) == 1
    assert main(["export", "nobody"]) == 1
    assert "Nothing is stored about 'nobody'." in capsys.readouterr().err


@pytest.mark.parametrize("sender", ["web-abc", "slack", "slack-", "slack-T1", "slack-T1-dm-u1", "slack-T1-.*-U1"])
def test_other_ids_stand_for_one_conversation(sender: str) -> None:
    assert of_same_person(sender) is None


def test_output_may_be_read_in_part(tmp_path: Path) -> None:
    store_with(str(tmp_path / "conversations.db"), *(("visitor", "long " * 20_000, 0) for _ in range(2)))
    line = f"{sys.executable} -W ignore -m bot export visitor | head -c 10; exit ${{PIPESTATUS[0]}}"
    environment = {**os.environ, "STATE_DIR": str(tmp_path), "TRACKER_DB_URL": ""}
    done = subprocess.run(
        ["bash", "-c", line], cwd=PROJECT, env=environment, capture_output=True, text=True, timeout=60
    )
    assert (done.returncode, done.stdout, done.stderr) == (0, '{\n  "sende', "")


def test_old_conversations_are_erased_by_a_command(tmp_path: Path, command: Command) -> None:
    refused = command("prune")
    assert (refused.returncode, refused.stdout) == (1, "")
    assert refused.stderr == "RETENTION_DAYS is not set: conversations are kept until somebody erases them.\n"
    store_with(str(tmp_path / "conversations.db"), ("old", "hello", 8 * DAY), ("new", "hello", 6 * DAY))
    done = command("prune", RETENTION_DAYS="7")
    assert done.stdout == "Erased 1 conversations in which nothing happened for 7 days.\n"
    assert senders(tmp_path / "conversations.db") == ["new"]


def test_the_log_names_conversations_and_never_what_was_written(bot: Bot) -> None:
    other = sqlite3.connect(bot.database, isolation_level=None)
    other.execute("BEGIN IMMEDIATE")
    say(bot.url, "logged-7", f"what about {MARK} and more?")
    other.execute("ROLLBACK")
    other.close()
    say(bot.url, "logged-7", f"/ask_tools{{{MARK}")
    request(bot.url, "POST", "/webhooks/rest/webhook", {"sender": ["x"], "message": MARK})
    assert re.search(r"A message of logged-7 was not answered\. .*locked", bot.log)
    assert MARK not in bot.log


def test_an_id_that_make_may_have_shortened_is_refused_with_how_to_name_it(tmp_path: Path, command: Command) -> None:
    both = [" bob", "bob"]
    store_with(str(tmp_path / "conversations.db"), *((each, "hello", 0) for each in both))
    for name in ("forget", "export"):
        refused = command(name, "--from-make", "--", "bob")
        assert (refused.returncode, refused.stdout) == (1, "")
        assert refused.stderr.endswith(".venv/bin/python -m bot forget -- ' bob'\n")
    assert senders(tmp_path / "conversations.db") == both
    assert command("forget", "--", " bob").stdout == "Erased  bob\n"
    assert senders(tmp_path / "conversations.db") == ["bob"]


@pytest.mark.parametrize("sender", ["$(shell x)", 'it\'s "both"', " bob", "-n", "bob\\"])
def test_an_id_may_be_typed_or_piped_where_nothing_reads_it_first(
    tmp_path: Path, sender: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    store_with(str(tmp_path / "conversations.db"), (sender, "hello", 0), ("other", "hello", 0))
    for name, value in {"STATE_DIR": str(tmp_path), "TRACKER_DB_URL": "", "PORT": "0", "REDIS_URL": ""}.items():
        monkeypatch.setenv(name, value)
    monkeypatch.setattr("sys.stdin", io.StringIO(sender + "\n"))
    assert main(["forget"]) == 0
    assert senders(tmp_path / "conversations.db") == ["other"]
    monkeypatch.setattr("sys.stdin", io.StringIO("\n"))
    assert main(["forget"]) == 1
    assert "SENDER is missing" in capsys.readouterr().err


def test_bytes_that_are_no_text_are_no_id(tmp_path: Path, command: Command) -> None:
    store_with(str(tmp_path / "conversations.db"), ("bob", "hello", 0))
    refused = command("forget", "--", os.fsdecode(b"bob\xff"))
    assert (refused.returncode, refused.stderr.count("\n")) == (1, 1)
    assert "not valid UTF-8" in refused.stderr
