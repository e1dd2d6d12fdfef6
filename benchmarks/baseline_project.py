"""``make bench-baseline``: stock Rasa 3.6.21 in an environment of its own, as ``rasa init`` makes it plus one action.

Everything is built in ``benchmarks/baseline`` (about 3 GB, TensorFlow included), from the hash-checked lock in
``benchmarks/stock``, and only where it is not there yet.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

PROJECT = Path(__file__).resolve().parents[1]
STOCK = PROJECT / "benchmarks" / "stock"
BASELINE = PROJECT / "benchmarks" / "baseline"
PYTHON = BASELINE / ".venv" / "bin" / "python"
FOLDER = BASELINE / "project"
ENVIRONMENT = {"RASA_TELEMETRY_ENABLED": "false", "PYTHONWARNINGS": "ignore", "TF_CPP_MIN_LOG_LEVEL": "3"}
_NEEDED_BYTES = 5 * 1024**3
_SCAFFOLD = "from rasa.cli.scaffold import create_initial_project; create_initial_project('.')"


class BaselineError(RuntimeError):
    """The baseline cannot be built; the message says why."""


def build() -> None:
    """Make environment and project unless they are there. Raises BaselineError."""
    lock = STOCK / "requirements.lock"
    stamp = BASELINE / ".venv" / ".installed"
    if not stamp.is_file() or stamp.read_text() != lock.read_text():
        BASELINE.mkdir(parents=True, exist_ok=True)
        if shutil.disk_usage(BASELINE).free < _NEEDED_BYTES:
            raise BaselineError(f"The baseline needs 5 GB of free disk in {BASELINE}.")
        print("Installing stock Rasa with TensorFlow (2.6 GB) ...", flush=True)
        uv = [str(PROJECT / ".tools" / "bin" / "uv"), "--no-config", "--quiet"]
        _run([*uv, "venv", "--clear", "--python", "3.10", str(BASELINE / ".venv")])
        _run([*uv, "pip", "sync", "--python", str(PYTHON), "--compile-bytecode", "--require-hashes", str(lock)])
        stamp.write_text(lock.read_text())
    if not (FOLDER / "config.yml").is_file():
        make_project(FOLDER)


def make_project(folder: Path) -> None:
    """What ``rasa init`` puts into a folder, and one intent, one rule and one action more."""
    folder.mkdir(parents=True, exist_ok=True)
    _run([str(PYTHON), "-c", _SCAFFOLD], folder)
    shutil.copy(STOCK / "actions.py", folder / "actions" / "actions.py")
    shutil.copy(STOCK / "tools.yml", folder / "data" / "tools.yml")
    # Rasa merges the files of a folder into one domain.
    (folder / "domain").mkdir(exist_ok=True)
    (folder / "domain.yml").replace(folder / "domain" / "domain.yml")
    shutil.copy(STOCK / "domain.yml", folder / "domain" / "tools.yml")


def rasa(*arguments: str) -> list[str]:
    """The command line of the baseline's ``rasa``."""
    return [str(PYTHON.with_name("rasa")), *arguments]


def _run(command: list[str], folder: Path = PROJECT) -> None:
    environment = {**os.environ, **ENVIRONMENT}
    done = subprocess.run(command, cwd=folder, env=environment, capture_output=True, text=True, check=False)
    if done.returncode:
        raise BaselineError("\n".join((done.stdout + done.stderr).splitlines()[-8:]))


if __name__ == "__main__":
    try:
        build()
    except BaselineError as problem:
        sys.exit(str(problem))
    print(f"The baseline is in {BASELINE}.")
