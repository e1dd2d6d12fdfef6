"""Whether tests notice: makes each change of tests/mutants.yml in a copy of the project, and runs the tests it names.

``make mutants [ROOM=advice]`` runs this. What was tried is in tests/mutants_result.json. It is tried again once the
changed file, its tests or the change itself are not the same, so that a run that was stopped goes on where it was. A
change counts as noticed only if its tests pass without it.
"""

from __future__ import annotations

import argparse
import contextlib
import hashlib
import json
import os
import shutil
import signal
import subprocess
import sys
import tempfile
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timezone
from pathlib import Path
from typing import Any

import yaml

PROJECT = Path(__file__).parents[2]
LIST = PROJECT / "tests" / "mutants.yml"
RESULT = PROJECT / "tests" / "mutants_result.json"
_LONGEST_SECONDS = 400
_SHARED = (".venv", ".tools", "web/node_modules")
_COPIED = ("models", "bot/web/static", ".rasa")
"""What is not in the repository and what tests need: never changed by them, or changed and therefore copied."""


@dataclass(frozen=True)
class Mutant:
    """One change; ``same`` says why nobody could notice it, where that is so."""

    file: str
    text: str
    replacement: str
    hurts: str
    tests: tuple[str, ...]
    same: str = ""

    @property
    def id(self) -> str:
        """Its name in the result."""
        return hashlib.sha256("\0".join((self.file, self.text, self.replacement)).encode()).hexdigest()[:10]

    @property
    def room(self) -> str:
        """The folder that it counts for: "advice", "channels", "web"."""
        parts = [*Path(self.file).parts[:-1], self.file]
        return parts[1] if parts[0] == "bot" else parts[0]

    @property
    def rooms(self) -> frozenset[str]:
        """The folders on the way to the file: "advice"; "channels" and "slack"."""
        return frozenset(Path(self.file).parts[:-1] or (self.file,))

    def changed(self, content: str) -> str:
        """The file's content with the change. Raises ValueError unless the text stands there exactly once."""
        if content.count(self.text) != 1:
            raise ValueError(f"{self.file}: the text stands there {content.count(self.text)} times: {self.text!r}")
        return content.replace(self.text, self.replacement)


def mutants(listing: Path = LIST) -> list[Mutant]:
    """All changes of the list. Raises KeyError and TypeError for an entry that is none."""
    entries = yaml.safe_load(listing.read_text(encoding="utf-8"))
    return [Mutant(**{**entry, "tests": tuple(entry["tests"].split())}) for entry in entries]


def copy_of(project: Path, target: Path) -> None:
    """The project as it is in the working tree, with what its tests need beside the repository's files."""
    listed = ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"]
    names = subprocess.run(listed, cwd=project, capture_output=True, text=True, check=True).stdout
    for name in filter(None, names.split("\0")):
        if (project / name).is_file():
            (target / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copy2(project / name, target / name)
    for name in _SHARED:
        if (project / name).exists():
            (target / name).symlink_to(project / name)
    for name in _COPIED:
        if (project / name).is_dir():
            shutil.copytree(project / name, target / name, dirs_exist_ok=True)
    # Some tests ask Git what belongs to the project.
    for command in (["init", "-q"], ["add", "-A"]):
        subprocess.run(["git", *command], cwd=target, check=True, capture_output=True)


def passes(project: Path, tests: Sequence[str]) -> bool:
    """Whether the tests pass there; what takes too long has not passed."""
    web = [test for test in tests if test.startswith("web/")]
    python = [test for test in tests if test not in web]
    commands = [["npm", "test", "--silent"]] if web else []
    commands += [[".venv/bin/pytest", "-x", "-q", *python]] if python else []
    return all(_succeeds(command, project / "web" if command[0] == "npm" else project) for command in commands)


def _succeeds(command: Sequence[str], folder: Path) -> bool:
    quiet = subprocess.DEVNULL
    path = f"{PROJECT / '.tools' / 'bin'}{os.pathsep}{os.environ.get('PATH', '')}"
    environment = {**os.environ, "RASA_TELEMETRY_ENABLED": "false", "PYTHONWARNINGS": "ignore", "PATH": path}
    process = subprocess.Popen(
        command, cwd=folder, env=environment, stdin=quiet, stdout=quiet, stderr=quiet, start_new_session=True
    )
    try:
        return process.wait(_LONGEST_SECONDS) == 0
    except subprocess.TimeoutExpired:
        return False
    finally:
        # Servers that the tests started and a change kept from stopping.
        with contextlib.suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGKILL)


def state_of(project: Path, mutant: Mutant) -> str:
    """What the outcome depends on: the changed file and the tests that are named."""
    digest = hashlib.sha256((project / mutant.file).read_bytes())
    for test in mutant.tests:
        path = project / test
        for file in sorted(path.rglob("*")) if path.is_dir() else [path]:
            if file.suffix in (".py", ".mjs", ".yml", ".jsonl"):
                digest.update(file.read_bytes())
    return digest.hexdigest()[:12]


def try_all(wanted: Iterable[Mutant], kept: dict[str, dict[str, Any]], project: Path = PROJECT) -> None:
    """Try each that is not known as it is now; ``kept`` gets the outcomes, and is written after each."""
    missing = [m for m in wanted if not m.same and kept.get(m.id, {}).get("state") != state_of(project, m)]
    if not missing:
        return
    sound: dict[tuple[str, ...], bool] = {}
    with tempfile.TemporaryDirectory(prefix="mutants-") as folder:
        copy = Path(folder) / project.name
        copy.mkdir()
        copy_of(project, copy)
        for number, mutant in enumerate(missing, 1):
            file, state = copy / mutant.file, state_of(project, mutant)
            before = file.read_text(encoding="utf-8")
            if mutant.tests not in sound:
                sound[mutant.tests] = passes(copy, mutant.tests)
            if not sound[mutant.tests]:
                print(f"{number}/{len(missing)} NOT TRIED {mutant.file}: {' '.join(mutant.tests)} fail without it")
                continue
            file.write_text(mutant.changed(before), encoding="utf-8")
            try:
                killed = not passes(copy, mutant.tests)
            finally:
                file.write_text(before, encoding="utf-8")
            day = datetime.now(timezone.utc).date().isoformat()
            kept[mutant.id] = {"file": mutant.file, "hurts": mutant.hurts, "killed": killed, "day": day, "state": state}
            _write(kept)
            outcome = "killed  " if killed else "SURVIVED"
            print(f"{number}/{len(missing)} {outcome} {mutant.file}: {mutant.hurts}", flush=True)


def _write(kept: dict[str, dict[str, Any]]) -> None:
    known = {mutant.id for mutant in mutants()}
    current = {name: kept[name] for name in sorted(kept, key=lambda n: (kept[n]["file"], n)) if name in known}
    RESULT.write_text(json.dumps(current, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")


def summary(all_of: Sequence[Mutant], kept: dict[str, dict[str, Any]]) -> str:
    """The shares by room, and who survived."""
    lines = []
    for room in sorted({m.room for m in all_of}):
        own = [kept[m.id]["killed"] for m in all_of if m.room == room and m.id in kept]
        lines.append(f"{room:18} {sum(own):3} of {len(own):3} killed")
    tried = [kept[m.id]["killed"] for m in all_of if m.id in kept]
    share = f" ({sum(tried) / len(tried):.0%})" if tried else ""
    same = sum(bool(m.same) for m in all_of)
    lines.append(
        f"{sum(tried)} of {len(tried)} killed{share}; {len(all_of)} in the list, {same} of them the same program"
    )
    lines += [f"survived: {m.file}: {m.hurts}" for m in all_of if m.id in kept and not kept[m.id]["killed"]]
    return "\n".join(lines)


def main(arguments: Sequence[str] | None = None) -> int:
    """Try the changes of a room, or all; returns 1 if one of them survived."""
    parser = argparse.ArgumentParser(prog="python -m tests.support.mutants", description=__doc__)
    parser.add_argument("--room", default="", help="only files in a folder of this name")
    room = parser.parse_args(arguments).room
    chosen = [mutant for mutant in mutants() if not room or room in mutant.rooms]
    if not chosen:
        print(f"There is no change in a room called {room!r}.", file=sys.stderr)
        return 2
    kept = json.loads(RESULT.read_text(encoding="utf-8")) if RESULT.is_file() else {}
    try_all(chosen, kept)
    print(summary(chosen, kept))
    return int(any(not kept[m.id]["killed"] for m in chosen if m.id in kept))


if __name__ == "__main__":
    sys.exit(main())
