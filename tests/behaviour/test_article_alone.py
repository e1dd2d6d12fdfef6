"""With ``SOURCES=article`` the assistant is trained on the article alone, answers from it, and declines the rest."""

import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
import yaml

from bot.knowledge import load_knowledge
from evaluation.behaviour import load_suite
from evaluation.live import LiveTalk
from evaluation.server import PROJECT, live_bot
from evaluation.suite import SUITE, by_group, floor_of, rate, run, thresholds

KB = load_knowledge(PROJECT / "data" / "knowledge", ["article"])
CORE = (
    "what a role is",
    "focus of a role",
    "skills of a role",
    "tools of a role",
    "projects of a role",
    "careers of a role",
    "both side by side",
    "difference",
    "choosing",
    "synergy",
    "trends",
    "who uses a tool",
    "another role after a topic",
    "where is that from",
)
MOST_CASES = 40
NOT_COVERED = (
    "How much do ML engineers earn?",
    "What is the salary of an AI engineer?",
    "Do I need a degree to become an AI engineer?",
    "How do I become an ML engineer?",
    "Is it hard for AI engineers to find a job?",
    "What do data scientists do?",
    "Do ML engineers need Python?",
    "How much maths do ML engineers need?",
)


@pytest.fixture(scope="module")
def url(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """A server with a model of its own, both of the article alone."""
    folder = tmp_path_factory.mktemp("article")
    environment = {**os.environ, "SOURCES": "article", "RASA_TELEMETRY_ENABLED": "false", "PYTHONWARNINGS": "ignore"}
    rasa = Path(sys.executable).with_name("rasa")
    train = [rasa, "train", "--fixed-model-name", "article", "--out", folder, "--augmentation", "0"]
    done = subprocess.run(train, cwd=PROJECT, env=environment, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout[-2000:] + done.stderr[-2000:]
    with live_bot({"SOURCES": "article", "MODEL": str(folder)}) as address:
        yield address


@pytest.fixture(scope="module")
def suite(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The groups of the behavioural suite that are about what the article says."""
    whole = yaml.safe_load((SUITE / "minimum.yml").read_text(encoding="utf-8"))
    groups = [group for group in whole["groups"] if group["name"] in CORE]
    assert [group["name"] for group in groups] == list(CORE)
    folder = tmp_path_factory.mktemp("suite")
    (folder / "minimum.yml").write_text(yaml.safe_dump({**whole, "groups": groups}), encoding="utf-8")
    return folder


def test_the_article_answers_what_it_always_did(url: str, suite: Path) -> None:
    cases = load_suite(suite, KB)
    chosen = [case for name in CORE for case in [c for c in cases if c.group == name][:MOST_CASES]]
    outcomes = list(run(chosen, lambda: LiveTalk(url), KB))
    failed = {
        group: [(o.case.turns, o.problems) for o in found if o.problems]
        for (_, group), found in by_group(outcomes).items()
        if rate(found) < floor_of(found[0].case, thresholds())
    }
    assert not failed
    assert all(set(outcome.reply.facts) <= set(KB.facts) for outcome in outcomes)


@pytest.mark.parametrize("question", NOT_COVERED)
def test_what_only_other_sources_say_is_declined_by_name(url: str, question: str) -> None:
    reply = LiveTalk(url).ask(question)
    assert reply.kind in ("declined", "partial"), reply.text
    assert set(reply.facts) <= set(KB.facts)
    assert "BLS" not in reply.text


def test_only_the_article_is_listed_as_a_source(url: str) -> None:
    import httpx

    text = httpx.get(f"{url}/sources").text
    assert KB.sources["tech_review_2025"].title.replace("&", "&amp;") in text
    assert text.count("<article") == 1
