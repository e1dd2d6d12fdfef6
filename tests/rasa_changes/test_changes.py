"""The table of changes: complete, true, and the only place where Rasa is changed."""

import ast
import importlib.metadata
import importlib.util
import inspect
import subprocess
import sys
from pathlib import Path

import pytest

from bot.rasa_changes.changes import CHANGES, RASA_VERSION, Change, RasaVersionError, apply, found, original
from bot.rasa_changes.changes import check_version as check

PROJECT = Path(__file__).parents[2]
SCOPES = ("server", "shell", "training")
MADE_HERE = [change for change in CHANGES if change.replacement]


@pytest.fixture(scope="module", autouse=True)
def applied() -> None:
    for scope in SCOPES:
        apply(scope)
        apply(scope)


@pytest.mark.parametrize("change", MADE_HERE, ids=lambda change: change.target)
def test_a_change_replaces_what_it_names_and_rasas_own_is_kept(change: Change) -> None:
    assert found(change.target) is found(change.replacement)
    stock = original(change.target)
    assert stock is not found(change.replacement)
    module = stock.__name__ if inspect.ismodule(stock) else stock.__module__
    assert module.split(".")[0] in ("rasa", "copy")


@pytest.mark.parametrize("change", MADE_HERE, ids=lambda change: change.target)
def test_a_replacement_can_be_called_like_what_it_replaces(change: Change) -> None:
    stock, ours = original(change.target), found(change.replacement)
    if inspect.ismodule(stock):
        assert ours.deepcopy({"a": 1}) == {"a": 1}
        return
    theirs = inspect.signature(stock).parameters.values()
    assert len(inspect.signature(ours).parameters) == len(theirs)
    assert inspect.iscoroutinefunction(ours) == inspect.iscoroutinefunction(stock)


@pytest.mark.parametrize("change", CHANGES, ids=lambda change: change.target)
def test_a_change_says_why_what_it_gains_and_where_it_is_tested(change: Change) -> None:
    assert change.scopes
    assert change.why.endswith(".")
    assert change.gain
    file, _, name = change.test.partition("::")
    functions = {each.name for each in ast.walk(parsed(PROJECT / file)) if isinstance(each, FUNCTIONS)}
    assert name in functions


FUNCTIONS = (ast.FunctionDef, ast.AsyncFunctionDef)


def parsed(file: Path) -> ast.Module:
    return ast.parse(file.read_text(encoding="utf-8"))


def test_nothing_of_rasa_is_changed_anywhere_else() -> None:
    """No assignment to an attribute of something that was imported from Rasa, and none to a class of an object."""
    changed = []
    for folder in ("bot", "actions"):
        for file in sorted((PROJECT / folder).rglob("*.py")):
            tree = parsed(file)
            theirs = set()
            for node in ast.walk(tree):
                if isinstance(node, ast.ImportFrom) and (node.module or "").split(".")[0] in ("rasa", "rasa_sdk"):
                    theirs |= {alias.asname or alias.name for alias in node.names}
                elif isinstance(node, ast.Import):
                    names = [alias for alias in node.names if alias.name.split(".")[0] in ("rasa", "rasa_sdk")]
                    theirs |= {alias.asname or alias.name.split(".")[0] for alias in names}
            for node in ast.walk(tree):
                targets = getattr(node, "targets", None) or [getattr(node, "target", None)]
                for target in targets if isinstance(node, (ast.Assign, ast.AugAssign, ast.AnnAssign)) else ():
                    if isinstance(target, ast.Attribute):
                        root: ast.expr = target
                        while isinstance(root, ast.Attribute):
                            root = root.value
                        if target.attr == "__class__" or (isinstance(root, ast.Name) and root.id in theirs):
                            changed.append(f"{file.name}:{node.lineno}")
                if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "setattr":
                    first = node.args[0]
                    if isinstance(first, ast.Name) and first.id in theirs:
                        changed.append(f"{file.name}:{node.lineno}")
    assert changed == []


def test_the_version_is_the_one_that_is_pinned() -> None:
    assert f'"rasa=={RASA_VERSION}"' in (PROJECT / "pyproject.toml").read_text(encoding="utf-8")
    assert importlib.metadata.version("rasa") == RASA_VERSION
    check()


def test_another_rasa_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("bot.rasa_changes.changes.version", lambda _: "3.6.20")
    for refuse in (check, lambda: apply("training")):
        with pytest.raises(RasaVersionError, match=r"^Rasa 3\.6\.20 is installed, [^\n]*3\.6\.21\. [^\n]*$"):
            refuse()


@pytest.mark.parametrize("command", [("bot", "serve"), ("bot", "shell"), ("bot.training",)])
def test_a_command_with_another_rasa_says_so_in_one_line(tmp_path: Path, command: tuple[str, ...]) -> None:
    metadata = tmp_path / "rasa-3.5.0.dist-info"
    metadata.mkdir()
    (metadata / "METADATA").write_text("Metadata-Version: 2.1\nName: rasa\nVersion: 3.5.0\n")
    environment = {"PYTHONPATH": f"{tmp_path}:{PROJECT}", "PATH": "/usr/bin:/bin", "PORT": "0"}
    line = [sys.executable, "-m", *command]
    ended = subprocess.run(line, cwd=tmp_path, env=environment, capture_output=True, text=True, timeout=60)
    assert ended.returncode == 1
    assert ended.stderr.startswith("Rasa 3.5.0 is installed")
    assert len(ended.stderr.splitlines()) == 1
