"""A copy of the project's data with a third role and a new topic, added by YAML alone, and the model trained on it."""

from __future__ import annotations

import asyncio
import os
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import yaml

from bot.content.__main__ import main
from bot.language.embedding_cache import cache_file

PROJECT = Path(__file__).resolve().parents[2]
HERE = Path(__file__).parent
EXAMPLES = 40
"""Examples kept of each intent: enough for this test, and a fraction of the time that training takes."""


@pytest.fixture(scope="session")
def project(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A project whose data has a role that the code never heard of."""
    folder = tmp_path_factory.mktemp("project")
    shutil.copytree(PROJECT / "data", folder / "data")
    for name in ("config.yml", "domain.yml"):
        shutil.copy(PROJECT / name, folder)
    for name in ("nlu.yml", "moves.yml"):
        _thin_out(folder / "data" / name)
    known = PROJECT / cache_file()  # what was embedded before; each training writes its own
    if known.is_file():
        (folder / ".rasa" / "cache").mkdir(parents=True)
        shutil.copy(known, folder / ".rasa" / "cache")
    settings = {
        "role": "data_analyst",
        "name": "data analyst",
        "aliases": "data analysis role,data analysis work",
        "source": "A Day in Data",
        "short": "data analysis",
        "date": "2026-01-15",
        "publisher": "Made-up Press",
    }
    options = [part for name, value in settings.items() for part in (f"--{name}", value)]
    assert main(["--knowledge", str(folder / "data" / "knowledge"), "new-role", *options]) == 0
    shutil.copy(HERE / "data_analyst.yml", folder / "data" / "knowledge" / "facts" / "data_analyst_facts.yml")
    shutil.copy(HERE / "sustainability.yml", folder / "data" / "knowledge")
    return folder


@pytest.fixture(scope="session")
def parse(project: Path) -> Callable[[str], dict[str, Any]]:
    """The parse result of a message, by the model trained on that project."""
    from rasa.core.agent import Agent

    rasa = Path(sys.executable).with_name("rasa")
    quiet = {"RASA_TELEMETRY_ENABLED": "false", "PYTHONWARNINGS": "ignore", "LOG_LEVEL": "ERROR"}
    done = subprocess.run(
        [rasa, "train", "nlu", "--fixed-model-name", "model"],
        cwd=project,
        env={**os.environ, **quiet, "PYTHONPATH": str(PROJECT), "RASA_CACHE_DIRECTORY": ".rasa/cache"},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, (done.stdout + done.stderr)[-3000:]
    agent = Agent.load(str(project / "models" / "model.tar.gz"))
    loop = asyncio.new_event_loop()
    return lambda text: loop.run_until_complete(agent.parse_message(text))


def _thin_out(file: Path) -> None:
    data = yaml.safe_load(file.read_text(encoding="utf-8"))
    for block in data["nlu"]:
        lines = block["examples"].splitlines()
        kept = lines[:: max(1, round(len(lines) / EXAMPLES))]
        block["examples"] = "".join(f"{line}\n" for line in kept)
    file.write_text(yaml.safe_dump(data, allow_unicode=True, width=1000), encoding="utf-8")
