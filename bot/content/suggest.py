"""Writes a review file from groups of unanswered questions: the owner decides, `make content-accept` does the rest."""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from typing import Any, Protocol

from bot.knowledge import KnowledgeBase


class Nearest(Protocol):
    """The fact closest to a group."""

    @property
    def id(self) -> str: ...
    @property
    def text(self) -> str: ...


class Place(Protocol):
    """Where an answer would belong."""

    @property
    def file(self) -> str: ...
    @property
    def line(self) -> int: ...
    @property
    def record(self) -> str: ...
    @property
    def roles(self) -> tuple[str, ...]: ...
    @property
    def topic(self) -> str | None: ...


class Group(Protocol):
    """A group of questions as ``bot.insights.UnansweredGroup`` has it."""

    @property
    def label(self) -> str: ...
    @property
    def count(self) -> int: ...
    @property
    def conversations(self) -> int: ...
    @property
    def examples(self) -> tuple[str, ...]: ...
    @property
    def intent(self) -> str: ...
    @property
    def nearest(self) -> Any: ...
    @property
    def place(self) -> Any: ...


HEAD = """\
# Questions that had no answer, the most frequent first; personal details are masked. For each entry you want to use:
#   1. keep the examples that are good: they teach the assistant to find what answers them
#   2. say what answers them. A fact that is there: its id. A new fact: everything below fact. Nothing: leave the fact's
#      id and text empty, and check the intent: uncovered_ and the id of a kind in uncovered.yml, or one of domain.yml
#   3. set accept to true
# Then: make content-accept FILE={file}, make content-check, make train
entries:
"""

_ENTRY = """\
  # Asked {count} times in {conversations} conversations. {nearest}
  # {belongs}
  - question: {label}
    accept: false
    intent: {intent}
    examples:
{examples}
    fact:
      file: {place}
      id: ""
      roles: [{roles}]
      topic: {topic}
      entities: []
      text: ""
      point: ""
      source: {source}
      section: ""
"""


def review(groups: Iterable[Group], kb: KnowledgeBase, file: str) -> str:
    """The text of the review file, which will be ``file``."""
    return HEAD.format(file=file) + "\n".join(_entry(group, kb) for group in groups)


def _entry(group: Group, kb: KnowledgeBase) -> str:
    nearest, place = group.nearest, group.place
    topic = place.topic or next(iter(kb.topics))
    return _ENTRY.format(
        count=group.count,
        conversations=group.conversations,
        nearest=f"Nearest fact: {nearest.id}: {_one_line(nearest.text)}" if nearest else "No fact is near.",
        belongs=f"Where it belongs, as long as no new fact answers it: {place.file}, line {place.line}",
        label=_quoted(group.label),
        intent=_intent(kb, group.intent, place),
        examples=_list(group.examples),
        place=place.file if place.file.startswith("facts/") else "facts/shared.yml",
        roles=", ".join(place.roles or tuple(kb.roles)),
        topic=topic,
        source=kb.facts[nearest.id].source if nearest and nearest.id in kb.facts else next(iter(kb.sources)),
    )


def _intent(kb: KnowledgeBase, read: str, place: Place) -> str:
    """The uncovered kind or the topic that the questions are nearest to; left to the owner where neither is near."""
    if place.record in kb.uncovered:
        return f"uncovered_{place.record}"
    if place.topic:
        return read if read in kb.topic_of_intent else kb.topics[place.topic].intent
    return '""'


def _list(examples: Sequence[str]) -> str:
    return "\n".join(f"      - {_quoted(example)}" for example in examples)


def _one_line(text: str) -> str:
    return " ".join(text.split())


def _quoted(text: str) -> str:
    return json.dumps(_one_line(text), ensure_ascii=False)
