"""Adds what an owner accepted in a review file to the data, without touching anything else in the files."""

from __future__ import annotations

import re
import shutil
import tempfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml
from ruamel.yaml import YAML
from ruamel.yaml.error import YAMLError

from bot.content.errors import AcceptError
from bot.content.held_out import exact, near, same
from bot.content.insertion import has_intent, with_example, with_items, with_record
from bot.content.reading import examples_in
from bot.knowledge import KnowledgeError, load_knowledge

DONE = "done"
_UNCOVERED = "uncovered_"
_ONE_LINE = re.compile(r"[\r\n]")
_ANNOTATION = re.compile(r"[\[\]{}]")


@dataclass(frozen=True)
class Accepted:
    """What was added."""

    examples: int
    facts: int


def accept(review: Path, data: Path, held_out: Sequence[str]) -> Accepted:
    """Add all entries with ``accept: true`` to ``data`` (nlu files, knowledge/) and mark them as done.

    The examples of an entry with a fact become questions of that fact, a new one if the entry has its text; others go
    to their intent, or to the uncovered kind that it names. ``held_out`` are questions that no training example may
    repeat. Raises AcceptError, and then nothing is changed.
    """
    yaml_file: Any = YAML()  # round trip: the owner's comments stay
    yaml_file.preserve_quotes = True
    yaml_file.width = 4096
    try:
        content = yaml_file.load(review.read_text(encoding="utf-8"))
        entries = [entry for entry in content["entries"] or [] if entry.get("accept") is True]
    except (OSError, YAMLError, TypeError, KeyError, AttributeError) as error:
        raise AcceptError(f"{review}: is no review file: {' '.join(str(error).split())}") from None
    if not entries:
        raise AcceptError(f"{review}: no entry has accept: true")
    _check_examples([str(each) for entry in entries for each in entry.get("examples") or []], held_out)
    changes = _Changes(data)
    for entry in entries:
        changes.add(entry)
    _still_valid(data / "knowledge", changes.texts)
    for file, text in changes.texts.items():
        _write(file, text)
    for entry in entries:
        entry["accept"] = DONE
    with review.open("w", encoding="utf-8") as stream:
        yaml_file.dump(content, stream)
    return Accepted(changes.examples, changes.facts)


def _check_examples(said: Sequence[str], held_out: Sequence[str]) -> None:
    for example in said:
        if _ONE_LINE.search(example) or _ANNOTATION.search(example) or not example.strip():
            raise AcceptError(f"the example {example!r} must be one line of text without brackets")
    reasons = [f"{example!r} is a held-out question" for example in exact(said, held_out)]
    reasons += [f"{one!r} means the same as the held-out question {other!r}" for one, other in near(said, held_out)]
    if reasons:
        raise AcceptError("\n".join(["these would spoil the measurement, so nothing was added:", *reasons]))


class _Changes:
    """The files of a data folder as they will be: ``texts`` has the changed ones."""

    def __init__(self, data: Path) -> None:
        self._knowledge = data / "knowledge"
        self._nlu = [path for path in sorted(data.glob("*.yml")) if "nlu" in (_loaded(path) or {})]
        self._known = {same(example) for path in self._nlu for example, _ in examples_in(path)}
        self.texts: dict[Path, str] = {}
        self.examples = 0
        self.facts = 0

    def add(self, entry: Mapping[str, Any]) -> None:
        """Add an entry of the review file. Raises AcceptError."""
        examples = [str(each) for each in entry.get("examples") or []]
        fact = entry.get("fact") or {}
        if str(fact.get("text") or "").strip():
            self._add_fact(fact, examples)
        elif fact.get("id"):
            self._add_items("facts", str(fact["id"]), "questions", examples)
        else:
            self._add_to_intent(str(entry.get("intent") or ""), examples)

    def _text(self, file: Path) -> str:
        return self.texts.get(file) or file.read_text(encoding="utf-8")

    def _add_fact(self, fact: Mapping[str, Any], examples: Sequence[str]) -> None:
        """Append a fact to its file; the loader judges it afterwards."""
        file = (self._knowledge / str(fact.get("file") or "")).resolve()
        if self._knowledge.resolve() not in file.parents or file.suffix != ".yml":
            raise AcceptError(f"fact.file {fact.get('file')!r} must be a .yml file below {self._knowledge}")
        text = self._text(file) if file in self.texts or file.is_file() else "facts:\n"
        values = {key: _plain(fact[key]) for key in fact if key != "file"}
        self.texts[file] = with_record(text, "facts", {**values, "questions": list(examples)}, file.name)
        self.facts += 1
        self.examples += len(examples)

    def _add_to_intent(self, intent: str, examples: Sequence[str]) -> None:
        file = next((path for path in self._nlu if has_intent(self._text(path), intent)), None)
        if file is None and intent.startswith(_UNCOVERED):
            self._add_items("uncovered", intent.removeprefix(_UNCOVERED), "examples", examples)
            return
        for example in examples:
            if same(example) in self._known:
                continue
            if not intent:
                raise AcceptError(f"choose an intent for {example!r}; the names are in domain.yml")
            if file is None:
                raise AcceptError(f"there is no intent {intent!r} in the training data; the names are in domain.yml")
            self._known.add(same(example))
            self.texts[file] = with_example(self._text(file), intent, example)
            self.examples += 1

    def _add_items(self, key: str, record_id: str, field: str, examples: Sequence[str]) -> None:
        """Add to a list of a record that is there, whichever file it is in."""
        for file in sorted(path.resolve() for path in self._knowledge.rglob("*.yml")):
            text = self._text(file)
            if record_id not in text:
                continue
            record = next((r for r in (yaml.safe_load(text) or {}).get(key) or [] if r.get("id") == record_id), None)
            if record is not None:
                known = {same(str(each)) for each in record.get(field) or []}
                new = [example for example in examples if same(example) not in known]
                if new:
                    self.texts[file] = with_items(text, key, record_id, field, new, file.name)
                    self.examples += len(new)
                return
        what = "fact" if key == "facts" else "uncovered kind"
        raise AcceptError(f"there is no {what} {record_id!r}; a new one needs its text and everything else")


def _loaded(path: Path) -> Any:
    try:
        return yaml.safe_load(path.read_text(encoding="utf-8"))
    except yaml.YAMLError as error:
        raise AcceptError(f"{path}: {' '.join(str(error).split())}") from None


def _plain(value: Any) -> Any:
    return (
        [str(each) for each in value] if isinstance(value, list) else value if isinstance(value, bool) else str(value)
    )


def _still_valid(knowledge: Path, changed: Mapping[Path, str]) -> None:
    """Load a copy of the knowledge base with the changes. Raises AcceptError with its problems."""
    with tempfile.TemporaryDirectory() as folder:
        copy = Path(folder) / knowledge.name
        shutil.copytree(knowledge, copy)
        for file, text in changed.items():
            if knowledge.resolve() in file.parents:
                place = copy / file.relative_to(knowledge.resolve())
                place.parent.mkdir(parents=True, exist_ok=True)
                place.write_text(text, encoding="utf-8")
        try:
            load_knowledge(copy)
        except KnowledgeError as error:
            raise AcceptError(str(error).replace(str(copy), str(knowledge))) from None


def _write(file: Path, text: str) -> None:
    """Replace a file as a whole, so that an interruption leaves either the old or the new one."""
    file.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.NamedTemporaryFile("w", dir=file.parent, suffix=".part", delete=False, encoding="utf-8") as stream:
        stream.write(text)
    if file.is_file():
        shutil.copymode(file, stream.name)
    else:
        Path(stream.name).chmod(0o644)
    Path(stream.name).replace(file)
