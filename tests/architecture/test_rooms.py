"""What each room of the house may import: arrows run one way."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

PROJECT = Path(__file__).parents[2]
NEVER = {
    "bot/advice": (
        "rasa",
        "rasa_sdk",
        "sanic",
        "bot.nlu",
        "bot.server",
        "bot.stores",
        "bot.rasa_changes",
        "bot.render",
    ),
    "bot/knowledge": ("rasa", "rasa_sdk", "sanic", "bot.advice", "bot.nlu", "bot.channels", "bot.server"),
    "bot/language": ("rasa", "rasa_sdk", "sanic", "bot.advice", "bot.nlu", "bot.channels", "bot.server"),
    "bot/nlu": ("bot.server", "bot.channels", "bot.advice", "bot.render"),
    "bot/render": ("rasa", "rasa_sdk", "sanic", "bot.server", "bot.channels", "bot.nlu"),
    "bot/channels": ("bot.server",),
    "actions": ("bot.server", "bot.nlu"),
}


def imported(path: Path) -> Iterator[str]:
    """The modules that a file imports, as far as their names say."""
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
            yield node.module
            yield from (f"{node.module}.{alias.name}" for alias in node.names)


@pytest.mark.parametrize("room", NEVER)
def test_a_room_imports_nothing_from_where_it_must_not(room: str) -> None:
    files = sorted((PROJECT / room).rglob("*.py"))
    assert files
    for file in files:
        for module in imported(file):
            wrong = [name for name in NEVER[room] if module == name or module.startswith(f"{name}.")]
            assert not wrong, f"{file.relative_to(PROJECT)} imports {module}"
