"""What is given to make as NAME=value, or in its environment, is text: nothing runs it and nothing changes it."""

import os
import random
import re
import shlex
import subprocess
import sys
from pathlib import Path

import pytest

from evaluation.server import PROJECT
from tests.durability.conftest import store_with
from tests.durability.test_erasing import senders

MAKEFILE = (PROJECT / "Makefile").read_text()
RECIPES = {
    name: recipe.replace("\\\n", " ")
    for name, recipe in re.findall(r"^([a-z-]+):[^\n]*\n((?:\t.*\n|\t? {2,}.*\n)*)", MAKEFILE, re.MULTILINE)
}
USED = {name: set(re.findall(r"\$\$\{?([A-Z_]+)", recipe)) for name, recipe in RECIPES.items()}
ASSIGNED = set(re.findall(r"^(?:override |export )*([A-Z][A-Z_]*) *:=", MAKEFILE, re.MULTILINE))
WITH_VALUES = sorted(name for name, used in USED.items() if used)
LISTS = {"OPTIONS", "QUESTIONS"}
"""Given as several words."""

PIECES = [
    "$(shell touch pwned)", "${shell touch pwned}", "$(file >pwned)", "$(eval override PY := touch pwned #)",
    "$(eval x", "`touch pwned`", "$$(touch pwned)", '"; touch pwned; "', "'; touch pwned; '", "\ntouch pwned\n",
    "& touch pwned &", "| touch pwned", ">pwned", "bob$x", "$$", "$", "$@", "${HOME}", "#", "\\", "\\\\", "%", "*",
    "?", "~", "!", "-n", "--", "=", ":=", "!=touch pwned", "a b", "é\u202e😀", ")", "}", "'", '"', ",",
]  # fmt: skip


def hostile() -> list[str]:
    """Each piece alone, and mixtures that are the same in each run."""
    chance = random.Random(12)
    return PIECES + ["".join(chance.choices(PIECES, k=chance.randint(2, 5))) for _ in range(12)]


@pytest.fixture
def project(tmp_path: Path) -> Path:
    """A folder with this Makefile, whose Python and scripts only write down what they are called with."""
    (tmp_path / "Makefile").write_text(MAKEFILE)
    for script in ["venv/python", *set(re.findall(r"scripts/\w+\.sh", MAKEFILE))]:
        file = tmp_path / script.replace("venv", ".venv/bin")
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text("""#!/bin/bash\nprintf '%s\\0' "$#" "$@" >>calls\n""")
        file.chmod(0o755)
    return tmp_path


def make(project: Path, command: str, values: dict[str, str], in_environment: bool) -> list[list[str]]:
    """Run a command of the Makefile; returns what was called, each call as its arguments."""
    (project / "calls").unlink(missing_ok=True)
    line = ["make", "--no-print-directory", command]
    environment = {name: value for name, value in os.environ.items() if name not in values and "MAKE" not in name}
    if in_environment:
        environment |= values
    else:
        line += [f"{name}={value}" for name, value in values.items()]
    done = subprocess.run(line, cwd=project, env=environment, capture_output=True, text=True, timeout=60)
    assert done.returncode == 0, (line, done.stderr)
    calls, parts = [], iter((project / "calls").read_text().split("\0")[:-1])
    for count in parts:
        calls.append([next(parts) for _ in range(int(count))])
    return calls


def test_the_commands_that_take_values_are_found() -> None:
    assert {"forget", "export", "insights", "eval", "restore", "content-new-role"} <= set(WITH_VALUES)
    assert {"SENDER", "FILE", "ROLE", "TOPIC", "QUESTIONS", "DAYS", "URL", "OPTIONS"} <= set().union(*USED.values())


def test_no_recipe_has_make_put_a_value_into_it() -> None:
    for name, recipe in RECIPES.items():
        assert set(re.findall(r"(?<!\$)\$[^$]\w*\)?", recipe)) <= {"$(PY)"}, name
        for line in recipe.splitlines():
            for unquoted in re.findall(r"(?<![\"\w])\$\$([A-Z]\w*)", line):
                assert unquoted in LISTS and line.startswith("\t@set -f;"), (name, unquoted)


@pytest.mark.parametrize("in_environment", [False, True], ids=["on the command line", "in the environment"])
@pytest.mark.parametrize("command", WITH_VALUES)
def test_every_value_arrives_as_it_was_given_and_nothing_in_it_runs(
    project: Path, command: str, in_environment: bool
) -> None:
    for number, value in enumerate(hostile()):
        value = f" {value}" if in_environment else value.lstrip()  # make drops spaces before a value
        # Others than the command's own as well: make expands whatever it passes on.
        names = USED[command] | ASSIGNED - ({"SHELL"} if in_environment else set()) | {"FOREIGN"}
        values = {name: f"{value}{name}{number}" if name == "FOREIGN" or number % 2 else value for name in names}
        calls = make(project, command, values, in_environment)
        assert not (project / "pwned").exists(), values
        carried = [word.partition("=")[2] if re.match(r"--\w+=", word) else word for word in calls[-1]]
        for name in USED[command]:
            if name in LISTS:
                words = values[name].split()
                assert not words or calls[-1][-len(words) :] == words
            elif re.search(rf'(?<!\[ )"\$\$\{{?{name}\b', RECIPES[command]):
                assert values[name] in carried, (name, values[name], calls[-1])


def test_a_value_without_quotes_stops_everything_before_anything_is_done(project: Path) -> None:
    done = subprocess.run(["make", "forget", "SENDER=bob", "smith"], cwd=project, capture_output=True, text=True)
    assert done.returncode == 2
    assert 'no command "smith"' in done.stderr
    assert not (project / "calls").exists()


@pytest.mark.parametrize(
    "sender", ["bob$x", "$(shell touch pwned)", '"; touch pwned; "', "$$", "it's", "bob x", "\\bob"]
)
def test_make_forget_erases_that_conversation_and_no_other(project: Path, tmp_path: Path, sender: str) -> None:
    python = project / ".venv/bin/python"
    python.write_text(f'#!/bin/bash\nPYTHONPATH={shlex.quote(str(PROJECT))} exec {sys.executable} -W ignore "$@"\n')
    others = sorted({"bob", "x", "", "its", "bob ", sender + "x"} - {sender, ""})
    store_with(str(tmp_path / "c.db"), *((each, "hello", 0) for each in [sender, *others]))
    settings = {"TRACKER_DB_URL": f"sqlite:///{tmp_path}/c.db", "STATE_DIR": str(tmp_path), "PORT": "0"}
    line = ["make", "--no-print-directory", "forget", f"SENDER={sender}"]
    done = subprocess.run(line, cwd=project, env={**os.environ, **settings}, capture_output=True, text=True, timeout=60)
    assert (done.returncode, done.stdout) == (0, f"Erased {sender}\n"), done.stderr
    assert senders(tmp_path / "c.db") == others
    assert not (project / "pwned").exists()
