"""Trains the model when, and only when, something that it is made from changed."""

from __future__ import annotations

import hashlib
import os
import subprocess
import sys
import time
from pathlib import Path

from bot.model_files import is_whole
from bot.private_files import UMASK, make_private
from bot.server.checks import checked_settings
from bot.settings import Settings, SettingsError

INPUTS = ("config.yml", "domain.yml", "data", "bot/nlu", "bot/language", "bot/knowledge", "requirements.lock")
"""What a model is made from, relative to the project; folders count with everything in them."""

_SUFFIXES = frozenset({".yml", ".py", ".lock", ".onnx"})
_KEPT_MODELS = 3


class TrainingError(RuntimeError):
    """Training failed; the message says what Rasa said."""


def fingerprint(project: Path) -> str:
    """A hash over names and contents of everything in :data:`INPUTS`, and the sources that are chosen."""
    digest = hashlib.sha256()
    for name in INPUTS:
        path = project / name
        files = sorted(path.rglob("*")) if path.is_dir() else [path]
        for file in files:
            if file.is_file() and file.suffix in _SUFFIXES:
                digest.update(f"{file.relative_to(project).as_posix()}\0".encode())
                digest.update(file.read_bytes())
    # What the same files make of it depends on which sources are left out.
    digest.update("\0".join(Settings.from_environment(only=("SOURCES",)).sources).encode())
    return digest.hexdigest()[:12]


def current_model(project: Path) -> Path:
    """Where the model for the present inputs is, or will be."""
    return project / "models" / f"career-advisor-{fingerprint(project)}.tar.gz"


def train(project: Path) -> tuple[Path, bool]:
    """Train unless the present model exists; returns its path and whether it was trained now.

    Raises TrainingError with Rasa's last lines when training fails.
    """
    model = current_model(project)
    make_private(model.parent, *model.parent.glob("*.tar.gz"))
    if is_whole(model):
        os.utime(model)  # the newest model is the one that is served
        return model, False
    rasa = Path(sys.executable).with_name("rasa")
    command = [str(rasa), "train", "--fixed-model-name", model.name.removesuffix(".tar.gz"), "--out", str(model.parent)]
    # Longer conversations, made by joining stories, would be for policies that learn; rules are not learned from them.
    command += ["--augmentation", "0"]
    environment = {**os.environ, "RASA_TELEMETRY_ENABLED": "false", "PYTHONWARNINGS": "ignore", "LOG_LEVEL": "ERROR"}
    # The examples that it was trained on are in a model; only whoever trained it may read it.
    done = subprocess.run(
        command, cwd=project, env=environment, capture_output=True, text=True, check=False, umask=UMASK
    )
    if done.returncode or not model.is_file():
        lines = [line for line in (done.stdout + done.stderr).splitlines() if line.strip()]
        raise TrainingError("\n".join(["Training failed. Rasa says:", *lines[-12:]]))
    _remove_old(model.parent)
    return model, True


def _remove_old(folder: Path) -> None:
    models = sorted(folder.glob("career-advisor-*.tar.gz"), key=lambda path: path.stat().st_mtime, reverse=True)
    for old in models[_KEPT_MODELS:]:
        old.unlink()


def main() -> int:
    """``python -m bot.training``: train if needed and say what was done."""
    project = Path.cwd()
    try:
        checked_settings(["encoder", "knowledge"])
    except SettingsError as problem:
        print(problem, file=sys.stderr)
        return 1
    if not is_whole(current_model(project)):
        print("Training the model (half a minute on two cores) ...", flush=True)
    started = time.monotonic()
    try:
        model, trained = train(project)
    except TrainingError as problem:
        print(problem, file=sys.stderr)
        return 1
    if trained:
        print(f"Trained {model.name} in {time.monotonic() - started:.0f} s.")
    return 0


if __name__ == "__main__":
    sys.exit(main())
