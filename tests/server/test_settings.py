import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

from bot.settings import Settings, SettingsError

EXAMPLE = Path(__file__).parents[2] / ".env.example"


def test_everything_has_a_default() -> None:
    assert Settings.from_environment({}) == Settings()
    assert Settings.from_environment({"PORT": " ", "ALLOWED_ORIGINS": ""}) == Settings()


def test_example_documents_every_variable_with_its_default() -> None:
    example = dict(re.findall(r"^([A-Z_]+)=(.*)$", EXAMPLE.read_text(), re.MULTILINE))
    assert {name.lower() for name in example} >= set(Settings.__dataclass_fields__)
    assert Settings.from_environment(example) == Settings()


def test_values_are_read() -> None:
    settings = Settings.from_environment(
        {
            "PORT": "80",
            "ALLOWED_ORIGINS": "https://A.example/, http://localhost:8000",
            "LOG_TEXT": "on",
            "STATE_DIR": "/s",
        }
    )
    assert settings.port == 80
    assert settings.allowed_origins == ("https://a.example", "http://localhost:8000")
    assert settings.log_text
    assert settings.state_dir == Path("/s")


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("PORT", "http"),
        ("PORT", "65536"),
        ("PORT", "-1"),
        ("RATE_LIMIT_PER_MINUTE", "1.5"),
        ("MESSAGE_TIMEOUT_SECONDS", "0"),
        ("MAX_PENDING_MESSAGES", "0"),
        ("HSTS_SECONDS", "-1"),
        ("HSTS_SECONDS", "a year"),
        ("ALLOWED_ORIGINS", "*"),
        ("ALLOWED_ORIGINS", "https://a.example/path"),
        ("ALLOWED_ORIGINS", "a.example"),
        ("ACTION_SERVER_URL", "localhost:5055"),
        ("LOG_TEXT", "maybe"),
        ("CONVERSATION_SECRET", "short"),
    ],
)
def test_a_value_that_cannot_be_used_is_named_and_not_repeated(name: str, value: str) -> None:
    with pytest.raises(SettingsError, match=f"^{name} must ") as caught:
        Settings.from_environment({name: value})
    assert "short" not in str(caught.value)


def test_all_problems_are_told_at_once() -> None:
    with pytest.raises(SettingsError, match=r"(?s)PORT.*LOG_TEXT"):
        Settings.from_environment({"PORT": "x", "LOG_TEXT": "x"})


@pytest.mark.parametrize(
    "command", [["bot", "serve"], ["bot", "shell"], ["bot", "actions"], ["bot.training"]], ids=" ".join
)
def test_a_source_that_does_not_exist_ends_every_start_with_one_line(command: list[str]) -> None:
    environment = {**os.environ, "SOURCES": "articel", "PORT": "0", "ACTION_SERVER_PORT": "0"}
    done = subprocess.run(
        [sys.executable, "-m", *command], env=environment, capture_output=True, text=True, check=False, timeout=60
    )
    assert done.returncode == 1
    assert done.stderr == "SOURCES: there is no source and no kind of source 'articel' (nearest: 'article')\n"
    assert not done.stdout


def test_sources_are_ids_and_kinds_with_commas_between_them() -> None:
    assert Settings.from_environment({"SOURCES": " article , research,article"}).sources == ("article", "research")
    assert Settings.from_environment({"SOURCES": " , "}).sources == ()


def test_the_newest_model_is_taken(tmp_path: Path) -> None:
    with pytest.raises(SettingsError, match="make train"):
        Settings(model=tmp_path).model_file()
    for name, age in (("b.tar.gz", 1), ("a.tar.gz", 2)):
        (tmp_path / name).touch()
        os.utime(tmp_path / name, (age, age))
    assert Settings(model=tmp_path).model_file().name == "a.tar.gz"
    assert Settings(model=tmp_path / "b.tar.gz").model_file().name == "b.tar.gz"
