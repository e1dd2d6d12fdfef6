"""What `make eval` reports, and what it never writes down."""

import json
import subprocess
import sys
from pathlib import Path

import pytest

import evaluation.__main__ as command
from evaluation.measures import HeldOut, confusions, curve
from evaluation.reply import Reply
from evaluation.scorecard import Rate, Section, failing, page, printed, rates_by
from evaluation.server import PROJECT


class FakeTalk:
    def __init__(self, url: str) -> None:
        self.url = url

    def ask(self, message: str) -> Reply:
        return Reply("Spark and Hadoop" if "tools" in message else "No idea", "answer")


@pytest.fixture
def questions(tmp_path: Path) -> Path:
    path = tmp_path / "secret_name.jsonl"
    shared = {"topic": "tools", "role": "ml", "must_not": []}
    lines = [
        {"id": "a", "turns": ["secret tools question"], "kind": "answer", "must": [["spark"]], **shared},
        {"id": "b", "turns": ["hi", "secret other question"], "kind": "answer", "must": [["spark"]], **shared},
    ]
    path.write_text("\n".join(json.dumps(line) for line in lines), encoding="utf-8")
    return path


@pytest.mark.parametrize("outside", [True, False])
def test_a_page_holds_rates_and_no_question(monkeypatch: pytest.MonkeyPatch, questions: Path, outside: bool) -> None:
    monkeypatch.setattr(command, "LiveTalk", FakeTalk)
    sections, failures = command.file_sections("http://x", questions, outside, {"files": {"answer": 0}})
    written = page(sections, "2025-01-01", "abc")
    assert "| answer | 1/2 | 50.0 % | 0 may |" in written
    assert "| follow-up | 0/1 | 0.0 % |  |" in written
    assert "question" not in written
    assert ("secret_name" in written) is not outside
    assert failing(sections) == [f"{sections[0].title}, answer: 1 of 2 failed, 0 may"]
    assert len(failures) == 1


def test_a_rate_holds_while_no_more_fail_than_may() -> None:
    assert Rate("a", 95, 100, 5).holds
    assert not Rate("a", 94, 100, 5).holds
    assert Rate("a", 0, 100).holds


def test_tables_are_aligned_and_escaped() -> None:
    section = Section("S", rates_by("kind", [({"kind": "a|b"}, True), ({"kind": "c"}, False)]))
    assert "a\\|b" in page([section], "d", "c")
    lines = printed([section]).splitlines()[2:]
    assert len({len(line) for line in lines}) == 1


def test_curve_and_confusions_count_what_they_say() -> None:
    inside = [HeldOut("ask_a", "ask_a", True, 0.9), HeldOut("ask_a", "ask_b", True, 0.35)]
    outside = [HeldOut("offtopic", "ask_a", True, 0.2), HeldOut("offtopic", "offtopic", False, 0.9)]
    assert curve(inside, outside)[0] == (0.0, 100.0, 50.0)
    assert curve(inside, outside)[4] == (0.4, 50.0, 0.0)
    assert confusions(inside) == [("ask_a", "ask_b", 1)]


@pytest.mark.parametrize("content", ["not json", '{"id": "x", "turns": [], "kind": "answer"}'])
def test_a_file_that_cannot_be_read_is_one_line_and_exit_1(tmp_path: Path, content: str) -> None:
    path = tmp_path / "broken.jsonl"
    path.write_text(content, encoding="utf-8")
    done = subprocess.run(
        [sys.executable, "-W", "ignore", "-m", "evaluation", str(path)], cwd=PROJECT, capture_output=True, text=True
    )
    assert done.returncode == 1
    assert done.stderr.count("\n") == 1
    assert "broken.jsonl, line 1" in done.stderr
