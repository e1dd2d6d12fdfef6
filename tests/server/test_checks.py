"""Whatever the settings name is looked at before anything heavy is loaded: a line for each problem, and exit code 1."""

import os
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from bot.server.checks import CHECKS, OF_SERVER, checked_settings
from bot.settings import Settings, SettingsError
from tests.server.live import ROOT

Make = Callable[[Path], str]


def problems(**environment: str) -> list[str]:
    """The lines about these settings; a state folder is given unless it is among them."""
    try:
        checked_settings(OF_SERVER, environment)
    except SettingsError as error:
        return str(error).splitlines()
    return []


@pytest.fixture
def usable(tmp_path: Path) -> dict[str, str]:
    """Settings with which nothing is wrong."""
    (tmp_path / "a.tar.gz").touch()
    return {"STATE_DIR": str(tmp_path / "state"), "MODEL": str(tmp_path / "a.tar.gz")}


def file(folder: Path) -> str:
    (folder / "file").write_text("no folder")
    return str(folder / "file")


def below_a_file(folder: Path) -> str:
    return f"{file(folder)}/below/it"


def read_only(_: Path) -> str:
    # Nobody can write there, whoever runs the tests.
    return "/proc"


def empty(folder: Path) -> str:
    (folder / "empty").mkdir()
    return str(folder / "empty")


def missing(folder: Path) -> str:
    return str(folder / "missing")


def other_weights(folder: Path) -> str:
    (folder / "encoder").mkdir()
    for name in ("model.onnx", "tokenizer.json"):
        (folder / "encoder" / name).write_text("other weights")
    return str(folder / "encoder")


def mistaken_facts(folder: Path) -> str:
    shutil.copytree(ROOT / "data" / "knowledge", folder / "knowledge")
    (folder / "knowledge" / "more.yml").write_text("facts:\n  - {id: 1}\n  - {role: nobody}\n")
    return str(folder / "knowledge")


def no_yaml(folder: Path) -> str:
    (folder / "no").mkdir()
    (folder / "no" / "facts.yml").write_bytes(b"\xff\x00: [")
    return str(folder / "no")


def weak_secret(folder: Path) -> str:
    (folder / "weak").mkdir()
    (folder / "weak" / "secret").write_text("short\n")
    return str(folder / "weak")


def folder_as_database(folder: Path) -> str:
    (folder / "odd" / "conversations.db").mkdir(parents=True)
    return str(folder / "odd")


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("STATE_DIR", file),
        ("STATE_DIR", below_a_file),
        ("STATE_DIR", read_only),
        ("STATE_DIR", lambda _: "/proc/no/such/folder"),
        ("STATE_DIR", weak_secret),
        ("STATE_DIR", folder_as_database),
        ("TRACKER_DB_URL", lambda folder: f"sqlite:///{below_a_file(folder)}.db"),
        ("TRACKER_DB_URL", lambda folder: f"sqlite:///{folder}"),
        ("TRACKER_DB_URL", lambda _: "sqlite:////proc/no/such/folder/c.db"),
        ("MODEL", missing),
        ("MODEL", empty),
        ("ENCODER_DIR", missing),
        ("ENCODER_DIR", empty),
        ("ENCODER_DIR", file),
        ("ENCODER_DIR", other_weights),
        ("ENCODER_THREADS", lambda _: "many"),
        ("KNOWLEDGE_DIR", missing),
        ("KNOWLEDGE_DIR", empty),
        ("KNOWLEDGE_DIR", file),
        ("KNOWLEDGE_DIR", mistaken_facts),
        ("KNOWLEDGE_DIR", no_yaml),
        ("SLACK_BOT_TOKEN", lambda _: "xoxb-alone"),
        ("SLACK_API_URL", lambda _: "slack.com"),
        ("OTEL_EXPORTER_OTLP_ENDPOINT", lambda _: "collector"),
    ],
)
def test_what_cannot_be_used_is_one_line(usable: dict[str, str], tmp_path: Path, name: str, value: Make) -> None:
    assert problems(**usable) == []
    given = value(tmp_path)
    (line,) = problems(**usable | {name: given})
    # A model and a secret are named by their files.
    assert name in line or given in line or "SLACK" in line
    assert len(line) < 400


def test_settings_that_can_be_used_are_returned_with_a_folder_and_a_secret(usable: dict[str, str]) -> None:
    settings = checked_settings(OF_SERVER, usable)
    assert settings == Settings.from_environment(usable)
    assert (settings.state_dir / "secret").is_file()


def test_every_check_is_one_of_the_servers() -> None:
    assert set(OF_SERVER) == set(CHECKS)
    known = {name.upper() for name in Settings.__dataclass_fields__}
    assert {name for names, _ in CHECKS.values() for name in names} <= known


@pytest.mark.parametrize("command", ["serve", "shell", "actions"])
def test_a_command_tells_all_problems_at_once_and_loads_nothing(command: str, tmp_path: Path) -> None:
    wrong = {
        "PORT": "http",
        "STATE_DIR": below_a_file(tmp_path),
        "ENCODER_DIR": missing(tmp_path),
        "ENCODER_THREADS": "many",
        "KNOWLEDGE_DIR": empty(tmp_path),
        "MODEL": str(tmp_path / "no-model"),
        "SLACK_BOT_TOKEN": "xoxb-alone",
        "CONVERSATION_SECRET": "short",
    }
    # Rasa would be the first heavy thing.
    (tmp_path / "rasa.py").write_text("raise SystemExit('loaded')")
    environment = {**os.environ, **wrong, "PYTHONPATH": os.pathsep.join([str(tmp_path), str(ROOT)])}
    line = [sys.executable, "-m", "bot", command]
    done = subprocess.run(line, cwd=tmp_path, env=environment, capture_output=True, text=True, timeout=60)
    assert (done.returncode, done.stdout) == (1, "")
    lines = done.stderr.splitlines()
    looked_at = {"serve": set(wrong), "shell": set(wrong) - {"STATE_DIR", "SLACK_BOT_TOKEN"}}
    expected = looked_at.get(command, set(wrong) - {"STATE_DIR", "SLACK_BOT_TOKEN", "MODEL"})
    assert len(lines) == len(expected), lines
    for name in expected:
        told = {"MODEL": wrong["MODEL"], "SLACK_BOT_TOKEN": "SLACK_"}.get(name, name)
        assert [told in line for line in lines].count(True) == 1, (told, lines)
