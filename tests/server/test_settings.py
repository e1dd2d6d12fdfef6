import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

from bot.settings import Settings, SettingsError
from bot.settings.example import example

EXAMPLE = Path(__file__).parents[2] / ".env.example"


def test_everything_has_a_default() -> None:
    assert Settings.from_environment({}) == Settings()
    assert Settings.from_environment({"PORT": " ", "ALLOWED_ORIGINS": ""}) == Settings()


def test_the_example_is_written_from_the_table() -> None:
    assert EXAMPLE.read_text() == example(), "run: .venv/bin/python -m bot.settings > .env.example"


def test_the_example_has_every_variable_with_its_default_below_its_meaning() -> None:
    text = EXAMPLE.read_text()
    written = dict(re.findall(r"^([A-Z_]+)=(.*)$", text, re.MULTILINE))
    assert {name.lower() for name in written} >= set(Settings.__dataclass_fields__)
    assert Settings.from_environment(written) == Settings()
    assert all(re.search(rf"(?m)^#.+\n(?:[A-Z_]+=.*\n)*{name}=", text) for name in written)


NONSENSE = [
    "nonsense", "-1", "1.5.2", "1e9", "٣", "0x10", "99999999999999999999", "x" * 5_000, "a\nb", "a b", "://", "http://",
    "[", "\udcff", "%00", "../../etc", "~", "💥", "on off", "1,2", "'", '"', "$(x)", "none",
]  # fmt: skip


@pytest.mark.parametrize("name", [field.upper() for field in Settings.__dataclass_fields__])
def test_nonsense_is_taken_or_refused_in_one_line_with_the_name(name: str) -> None:
    for value in NONSENSE:
        settings, problems = Settings.read({name: value})
        assert len(problems) <= 1
        for line in problems:
            assert line.startswith(f"{name} must ") and line.endswith(".") and "\n" not in line
            assert value not in line or len(value) < len("nonsense")
            assert getattr(settings, name.lower()) == getattr(Settings(), name.lower())


def test_no_secret_is_shown() -> None:
    values = {name.upper(): "amqp://hidden-away-1234" for name in Settings.__dataclass_fields__}
    settings, _ = Settings.read(values | {"REDIS_URL": "redis://:hidden-away@h"})
    for part in re.split(r", (?=\w+=)", repr(settings)):
        assert "hidden-away" not in part or not re.match(r"\w*(secret|token|password|url)=", part), part


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
        ("ENCODER_THREADS", "many"),
        ("ENCODER_THREADS", "0"),
        ("TRACKER_DB_SYNCHRONOUS", "OFF"),
        ("SLACK_BOT_TOKEN", "xoxb 1"),
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
def test_a_source_that_does_not_exist_ends_every_start_with_one_line(command: list[str], tmp_path: Path) -> None:
    free = {"PORT": "0", "ACTION_SERVER_PORT": "0", "STATE_DIR": str(tmp_path)}
    (tmp_path / "model.tar.gz").touch()
    environment = {**os.environ, **free, "SOURCES": "articel", "MODEL": str(tmp_path / "model.tar.gz")}
    done = subprocess.run(
        [sys.executable, "-m", *command], env=environment, capture_output=True, text=True, check=False, timeout=60
    )
    assert done.returncode == 1
    assert done.stderr == "SOURCES: there is no source and no kind of source 'articel' (nearest: 'article')\n"
    assert not done.stdout


def test_sources_are_ids_and_kinds_with_commas_between_them() -> None:
    assert Settings.from_environment({"SOURCES": " research , article,article"}).sources == ("article", "research")
    assert Settings.from_environment({"SOURCES": " , "}).sources == ()


def test_the_newest_model_comes_first(tmp_path: Path) -> None:
    with pytest.raises(SettingsError, match="make train"):
        Settings(model=tmp_path).model_files()
    for name, age in (("b.tar.gz", 1), ("a.tar.gz", 2), ("c.tar.gz", 0)):
        (tmp_path / name).touch()
        os.utime(tmp_path / name, (age, age))
    assert [file.name for file in Settings(model=tmp_path).model_files()] == ["a.tar.gz", "b.tar.gz", "c.tar.gz"]
    assert Settings(model=tmp_path / "b.tar.gz").model_files() == [tmp_path / "b.tar.gz"]
