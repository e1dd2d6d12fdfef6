"""Conversations of tests/behaviour/dialogues.yml: each step's reply is judged before the next message is sent."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

from bot.knowledge import KnowledgeBase
from evaluation.behaviour import Case
from evaluation.judging import problems
from evaluation.reply import Reply, Talk

PROJECT = Path(__file__).resolve().parents[1]
DIALOGUES = PROJECT / "tests" / "behaviour" / "dialogues.yml"


@dataclass(frozen=True)
class Dialogue:
    """Messages, and what the reply to each has to be: the suite's expectations, and some about buttons."""

    name: str
    path: str
    steps: tuple[tuple[str, Mapping[str, Any]], ...]


def load_dialogues(path: Path = DIALOGUES) -> list[Dialogue]:
    """The dialogues of a file, in order."""
    loaded = yaml.safe_load(path.read_text(encoding="utf-8"))["dialogues"]
    return [Dialogue(d["name"], d["path"], tuple((s["say"], s.get("expect", {})) for s in d["steps"])) for d in loaded]


def hold(dialogue: Dialogue, start: Callable[[], Talk], kb: KnowledgeBase) -> list[str]:
    """What is wrong with the replies of one conversation, each problem with the message it is about."""
    talk = start()
    found: list[str] = []
    offered: set[str] = set()
    for message, expect in dialogue.steps:
        reply = talk.ask(message)
        case = Case(dialogue.name, "minimum", dialogue.path, (message,), (), expect)
        found += [f"{message!r}: {problem}" for problem in problems(case, reply, None, kb)]
        found += [f"{message!r}: {problem}" for problem in _about_buttons(expect, reply, offered)]
        offered.update(reply.buttons)
    return found


def _about_buttons(expect: Mapping[str, Any], reply: Reply, offered: set[str]) -> list[str]:
    found = []
    if len(reply.buttons) < int(expect.get("buttons", 0)):
        found.append(f"{len(reply.buttons)} buttons, fewer than {expect['buttons']}")
    if expect.get("offers") and expect["offers"] not in reply.buttons:
        found.append(f"does not offer {expect['offers']}")
    again = offered.intersection(reply.buttons)
    if expect.get("new_buttons") and again:
        found.append(f"offers again: {', '.join(sorted(again))}")
    return found
