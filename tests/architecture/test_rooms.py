"""The rooms of the program, and which of them may use which: the picture in docs/architecture.md, checked."""

from __future__ import annotations

import ast
from collections.abc import Iterator, Mapping
from functools import lru_cache
from pathlib import Path

import pytest

PROJECT = Path(__file__).resolve().parents[2]

LEAVES = "settings private_files model_files"
"""What stands on nothing else of the program, so that every room may use it."""

MAY_USE = {
    "settings": "",
    "private_files": "",
    "model_files": "",
    "knowledge": "",
    "language": "knowledge",
    "advice": "knowledge language",
    "render": "knowledge advice",
    "observe": "advice",
    "stores": "",
    "cluster": "observe",
    "nlu": "knowledge language rasa_changes",
    "channels": "stores cluster",
    "channels.rest": "channels observe cluster stores",
    "channels.slack": "channels knowledge advice render observe",
    "rasa_changes": "channels observe stores",
    "actions": "knowledge language advice render channels",
    "insights": "knowledge language stores",
    "content": "knowledge language advice render insights",
    "server": "channels channels.rest channels.slack cluster insights knowledge language observe rasa_changes render"
    " stores",
    "operations": "channels channels.rest channels.slack stores",
    "training": "rasa_changes server",
    "shell": "observe rasa_changes server",
    "__main__": "observe operations rasa_changes server shell stores",
}
"""Room: the rooms that it may use, besides the leaves. Modules directly in bot/ are rooms of one."""

WITHOUT_RASA = {"settings", "private_files", "model_files", "knowledge", "language", "advice", "render"}
NEVER_SERVER = {"nlu", "actions", "channels", "channels.rest", "channels.slack"}


@lru_cache
def modules() -> dict[str, Path]:
    """Every module of bot/ and actions/ by its name."""
    found = {}
    for path in [*PROJECT.glob("bot/**/*.py"), *PROJECT.glob("actions/**/*.py")]:
        parts = path.relative_to(PROJECT).with_suffix("").parts
        found[".".join(parts[:-1] if parts[-1] == "__init__" else parts)] = path
    return found


def room(module: str) -> str:
    """The room that a module stands in."""
    head, *rest = module.split(".")
    if head == "actions":
        return "actions"
    return ".".join(rest[:2] if rest[:2] in (["channels", "rest"], ["channels", "slack"]) else rest[:1])


def imported(source: str, package: str, known: Mapping[str, object]) -> Iterator[str]:
    """The modules that a source imports, at the top or inside a function; ``package`` is what its dots start from."""
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            above = package.split(".")[: len(package.split(".")) - node.level + 1] if node.level else []
            base = ".".join([*above, *([node.module] if node.module else [])])
            for alias in node.names:
                name = f"{base}.{alias.name}"
                yield name if name in known else base


@lru_cache
def uses() -> dict[str, set[str]]:
    """What each module imports, of the program and of others."""
    known = modules()
    found = {}
    for name, path in known.items():
        package = name if path.name == "__init__.py" else name.rpartition(".")[0]
        found[name] = set(imported(path.read_text(encoding="utf-8"), package, known)) - {name}
    return found


def circles(graph: Mapping[str, set[str]]) -> list[list[str]]:
    """A way around for every circle that a walk through the graph meets."""
    found: list[list[str]] = []
    done: set[str] = set()

    def walk(node: str, way: list[str]) -> None:
        if node in way:
            found.append([*way[way.index(node) :], node])
        elif node not in done:
            for following in sorted(graph.get(node, set())):
                walk(following, [*way, node])
            done.add(node)

    for node in sorted(graph):
        walk(node, [])
    return found


@lru_cache
def rooms() -> dict[str, set[str]]:
    """The rooms that each room uses."""
    known = modules()
    found: dict[str, set[str]] = {room(name): set() for name in known if room(name)}
    for name, targets in uses().items():
        if room(name):
            found[room(name)] |= {room(target) for target in targets if target in known} - {room(name), ""}
    return found


def test_the_documents_show_the_table_as_it_is() -> None:
    text = (PROJECT / "docs" / "architecture.md").read_text(encoding="utf-8")
    shown = [line.split(" -> ") for line in text.splitlines() if " -> " in line]
    leaves = LEAVES.split()
    assert [name.strip() for name, _ in shown] == [name for name in MAY_USE if name not in leaves]
    assert {name.strip(): targets.replace(",", "").strip("- ") for name, targets in shown} == {
        name: targets for name, targets in MAY_USE.items() if name not in leaves
    }


def test_every_room_has_a_line_in_the_table_and_every_line_a_room() -> None:
    assert set(rooms()) == set(MAY_USE)


@pytest.mark.parametrize("name", MAY_USE)
def test_a_room_uses_only_what_the_table_allows(name: str) -> None:
    allowed = {*MAY_USE[name].split(), *LEAVES.split()}
    assert rooms()[name] <= allowed, f"bot/{name} imports {sorted(rooms()[name] - allowed)}"


@pytest.mark.parametrize("name", MAY_USE)
def test_the_table_allows_nothing_that_is_not_used(name: str) -> None:
    assert set(MAY_USE[name].split()) <= rooms()[name]


def test_rooms_that_work_without_rasa_import_neither_it_nor_its_web_framework() -> None:
    guilty = [
        f"{module} imports {target}"
        for module, targets in uses().items()
        for target in targets
        if room(module) in WITHOUT_RASA and target.split(".")[0] in ("rasa", "rasa_sdk", "sanic")
    ]
    assert not guilty
    # What they use is bound by the same, so none of them reaches Rasa through another.
    for name in WITHOUT_RASA:
        assert rooms()[name] <= WITHOUT_RASA


@pytest.mark.parametrize("name", sorted(NEVER_SERVER))
def test_what_a_message_passes_through_does_not_reach_the_server_by_any_way(name: str) -> None:
    graph, reached, waiting = rooms(), set[str](), [name]
    while waiting:
        new = graph[waiting.pop()] - reached
        reached |= new
        waiting += new
    assert "server" not in reached


def test_rooms_do_not_go_round_in_circles() -> None:
    assert not circles(rooms())


def test_modules_do_not_go_round_in_circles() -> None:
    assert not circles({name: targets & set(modules()) for name, targets in uses().items()})


def test_imports_are_found_wherever_they_stand() -> None:
    source = "from . import near\nfrom ..far import x\nimport rasa.core\ndef f():\n    from bot.server import app\n"
    known = {"bot.a.near": 1, "bot.server.app": 1}
    assert set(imported(source, "bot.a", known)) == {"bot.a.near", "bot.far", "rasa.core", "bot.server.app"}


def test_a_circle_over_several_modules_is_found() -> None:
    assert circles({"a": {"b"}, "b": {"c"}, "c": {"a"}, "d": {"a"}}) == [["a", "b", "c", "a"]]
    assert not circles({"a": {"b", "c"}, "b": {"c"}, "c": set()})
