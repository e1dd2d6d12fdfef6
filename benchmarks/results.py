"""Where results go: a folder for each kind of run, in it one JSON file a run with the date, machine and commit."""

from __future__ import annotations

import json
import os
import platform
import subprocess
from datetime import datetime, timezone
from typing import Any

from evaluation.server import PROJECT


def write(name: str, result: dict[str, Any]) -> str:
    """Write a result to benchmarks/results/NAME; returns the file's place in the project."""
    now = datetime.now(timezone.utc)
    command = ["git", "rev-parse", "--short", "HEAD"]
    commit = subprocess.run(command, cwd=PROJECT, capture_output=True, text=True, check=False).stdout.strip()
    about = {
        "date": now.isoformat(timespec="seconds"),
        "commit": commit or "unknown",
        "machine": {"system": platform.platform(), "cores": os.cpu_count(), "python": platform.python_version()},
    }
    folder = PROJECT / "benchmarks" / "results" / name
    folder.mkdir(parents=True, exist_ok=True)
    target = folder / f"{now:%Y%m%d-%H%M%S}.json"
    target.write_text(json.dumps({**about, name: result}, indent=2) + "\n", encoding="utf-8")
    return str(target.relative_to(PROJECT))
