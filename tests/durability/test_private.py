"""What the bot keeps is its owner's only: nobody else on the machine may read what people wrote."""

import stat
import subprocess
import sys
from pathlib import Path

from bot.private_files import make_private
from bot.training import train
from evaluation.server import PROJECT

from .clients import say
from .conftest import Bot


def open_to_others(*paths: Path) -> list[Path]:
    return [path for path in paths if stat.S_IMODE(path.stat().st_mode) & 0o077]


def test_files_of_a_server_are_closed_also_those_that_earlier_versions_left_open(bot: Bot) -> None:
    assert say(bot.url, "private-1", "hello")[0] == 200
    kept = [path for path in bot.state.rglob("*") if path.name != "log"]
    assert {"conversations.db", "conversations.db-wal"} <= {path.name for path in kept}
    assert open_to_others(*kept) == []


def test_a_folder_for_them_is_made_closed(tmp_path: Path) -> None:
    code = "from bot.server.checks import checked_settings as look; look(['state', 'secret'])"
    environment = {"STATE_DIR": str(tmp_path / "new" / "state"), "PATH": ""}
    subprocess.run([sys.executable, "-c", code], cwd=PROJECT, env=environment, check=True)
    assert open_to_others(tmp_path / "new" / "state", tmp_path / "new" / "state" / "secret") == []


def test_models_are_closed() -> None:
    model, _ = train(PROJECT)
    assert open_to_others(model.parent, *model.parent.glob("*.tar.gz")) == []


def test_what_others_may_do_is_taken_away_and_nothing_else(tmp_path: Path) -> None:
    file = tmp_path / "file"
    file.touch()
    file.chmod(0o755)
    make_private(file, tmp_path / "missing")
    assert stat.S_IMODE(file.stat().st_mode) == 0o700
