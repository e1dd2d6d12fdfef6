import csv
import io
import json
import os
import stat
import subprocess
import sys
from datetime import date
from html.parser import HTMLParser
from pathlib import Path

import pytest

from benchmarks.synthetic import turn_events
from bot.insights.__main__ import main
from bot.insights.files import to_csv, to_json, to_text
from bot.insights.groups import Encoder
from bot.insights.page import content_policy, page
from bot.insights.report import make_report
from bot.insights.tables import Table, tables_of
from bot.knowledge import KnowledgeBase

from .conftest import Store
from .test_report import MAY, at

FORMULAS = ["=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "\r=1", "  =1+1", "=cmd|' /C calc'!A0", "＝1", "%x", "|x", '","=1']
SCRIPTS = ["<script>alert(1)</script>", '"><img src=x onerror=alert(1)>', "{{ 7*7 }}", "</style><b>", "&lt;i&gt;"]


@pytest.mark.parametrize("cell", FORMULAS)
def test_no_cell_of_a_csv_file_is_a_formula(cell: str) -> None:
    ((head, *_), (first, number, *_)) = csv.reader(io.StringIO(to_csv(Table("t", "T", (cell,), ((cell, -5),)))))
    for text in (head, first):
        assert text == f"'{cell}" or not text.strip().startswith(("=", "+", "-", "@", "|", "%", "＝"))
    assert number == "-5"


class Checked(HTMLParser):
    """What a page is made of."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.tags: list[str] = []
        self.outside: list[str] = []
        self.handlers: list[str] = []
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)
        for name, value in attrs:
            if name in ("src", "href", "xlink:href", "srcset", "data", "action"):
                self.outside.append(str(value))
            if name.startswith("on") or name == "style":
                self.handlers.append(name)


@pytest.fixture
def hostile(store: Store) -> Store:
    for number, text in enumerate([*SCRIPTS, *FORMULAS]):
        asked = turn_events(text, text, "declined", text, topic=text, facts=(text,), runner_up=(text, 0.9))
        value = {"message_id": None, "facts": [text], "rating": "down", "reason": text}
        store.put(f"s{number}", (at(4), asked), (at(4, 13), [{"event": "slot", "name": "feedback", "value": value}]))
    return store


def test_the_page_is_one_file_in_which_nothing_of_the_visitors_is_markup(
    hostile: Store, kb: KnowledgeBase, encoder: Encoder
) -> None:
    report = make_report(hostile.url, MAY, kb, encoder)
    text = page(report, tables_of(report, kb))
    checked = Checked(text)
    assert checked.outside == [] and checked.handlers == []
    assert not {"script", "img", "b", "i", "link", "iframe"} & set(checked.tags)
    assert checked.tags.count("style") == 1 and "svg" in checked.tags
    assert "&lt;script&gt;" in text and "{{ 7*7 }}" in text
    assert "http" not in text.replace("http://www.w3.org", "")
    assert "'unsafe" not in content_policy() and "sha256-" in content_policy()


def test_every_csv_of_a_hostile_store_is_harmless(hostile: Store, kb: KnowledgeBase, encoder: Encoder) -> None:
    for table in tables_of(make_report(hostile.url, MAY, kb, encoder), kb):
        for line in csv.reader(io.StringIO(to_csv(table), newline="")):
            assert not any(cell.strip().startswith(("=", "+", "-", "@")) for cell in line), table.name


def test_a_terminal_gets_no_control_characters(store: Store, kb: KnowledgeBase, encoder: Encoder) -> None:
    store.put("a", (at(4), turn_events("\x1b]0;x\x07 hm\x9b", "\x1b[2J", "declined", "\x1b[31m")))
    report = make_report(store.url, MAY, kb, encoder)
    text = to_text(report, tables_of(report, kb))
    assert not {"\x1b", "\x07", "\x9b"} & set(text)


def test_json_holds_the_same_figures(hostile: Store, kb: KnowledgeBase, encoder: Encoder) -> None:
    report = make_report(hostile.url, MAY, kb, encoder)
    data = json.loads(to_json(report))
    assert data["messages"] == report.messages == 17
    assert data["period"] == {"first": "2026-05-01", "last": "2026-05-31", "zone": "UTC"}
    assert sum(group["count"] for group in data["unanswered"]) == data["unanswered_grouped"] == 17


def test_the_command_writes_files_that_only_the_owner_reads(store: Store, tmp_path: Path) -> None:
    store.put("a", (at(4), turn_events("hi", "greet", "smalltalk")))
    environment = {**os.environ, "TRACKER_DB_URL": store.url}
    command = [sys.executable, "-m", "bot.insights", "--from", "2026-05-01", "--to", "2026-05-31", "--out", "report"]
    environment["PYTHONPATH"] = environment["KNOWLEDGE_DIR"] = str(Path.cwd())
    environment["KNOWLEDGE_DIR"] += "/data/knowledge"
    done = subprocess.run(command, cwd=tmp_path, env=environment, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    assert "1 of 1 conversations read" in done.stderr
    assert "At a glance" in done.stdout
    files = [path for path in (tmp_path / "report").rglob("*") if path.is_file()]
    assert len(files) == 18
    assert {stat.S_IMODE(path.stat().st_mode) for path in files} == {0o600}
    assert stat.S_IMODE((tmp_path / "report").stat().st_mode) == 0o700


@pytest.mark.parametrize(
    ("arguments", "said"),
    [(["--days", "x"], "DAYS"), (["--days", "0"], "DAYS"), (["--to", "2026-01-01"], "FROM"),
     (["--from", "soon"], "FROM must be a date"), (["--from", "2026-01-01", "--days", "3"], "either"),
     (["--from", "2026-02-01", "--to", "2026-01-01"], "first day"), (["--zone", "Nowhere"], "time zone"),
     (["--days", "3", "--out", "/dev/null/x"], "cannot be written")],
)  # fmt: skip
def test_what_cannot_be_done_is_one_clear_line(
    arguments: list[str], said: str, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("TRACKER_DB_URL", "/nowhere/at/all.db")
    assert main(arguments) == 2
    lines = capsys.readouterr().err.strip().splitlines()
    assert said in lines[-1]


def test_an_empty_store_makes_a_page_too(store: Store, kb: KnowledgeBase, encoder: Encoder) -> None:
    report = make_report(store.url, MAY, kb, encoder)
    text = page(report, tables_of(report, kb))
    assert "Nobody wrote anything in this period." in text
    assert MAY.first == date(2026, 5, 1) and "2026-05-01" in text
