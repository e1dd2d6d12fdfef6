"""A copy of the project's data to which a third role is added by the command and one YAML file, then trained."""

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
    _thin_out(folder / "data" / "nlu.yml")
    settings = {
        "role": "data_scientist",
        "name": "data scientist",
        "aliases": "data science role,data science work",
        "source": "A Day in Data",
        "short": "data science",
        "date": "2026-01-15",
        "publisher": "Made-up Press",
    }
    options = [part for name, value in settings.items() for part in (f"--{name}", value)]
    assert main(["--knowledge", str(folder / "data" / "knowledge"), "new-role", *options]) == 0
    shutil.copy(HERE / "data_scientist.yml", folder / "data" / "knowledge" / "facts" / "data_scientist_facts.yml")
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
        env={**os.environ, **quiet, "PYTHONPATH": str(PROJECT)},
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
