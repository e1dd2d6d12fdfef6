"""Adds what an owner accepted in a review file to the data, without touching anything else in the files."""

from __future__ import annotations

import json
import re
import shutil
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml
from ruamel.yaml import YAML
from ruamel.yaml.error import YAMLError

from bot.content.errors import AcceptError
from bot.content.held_out import exact, near, same
from bot.content.reading import examples_in
from bot.knowledge import KnowledgeError, load_knowledge

DONE = "done"
_ONE_LINE = re.compile(r"[\r\n]")
_ANNOTATION = re.compile(r"[\[\]{}]")


@dataclass(frozen=True)
class Accepted:
    """What was added."""

    examples: int
    facts: int


def accept(review: Path, data: Path, held_out: Sequence[str]) -> Accepted:
    """Add all entries with ``accept: true`` to ``data`` (nlu.yml, knowledge/) and mark them as done.

    ``held_out`` are questions that no training example may repeat. Raises AcceptError, and then nothing is changed.
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
    nlu = data / "nlu.yml"
    changed: dict[Path, str] = {}
    examples = _with_examples(nlu, entries, held_out, changed)
    facts = [entry["fact"] for entry in entries if str((entry.get("fact") or {}).get("text") or "").strip()]
    for fact in facts:
        _with_fact(data / "knowledge", fact, changed)
    _still_valid(data / "knowledge", changed)
    for file, text in changed.items():
        _write(file, text)
    for entry in entries:
        entry["accept"] = DONE
    with review.open("w", encoding="utf-8") as stream:
        yaml_file.dump(content, stream)
    return Accepted(examples, len(facts))


def _with_examples(nlu: Path, entries: Sequence[Any], held_out: Sequence[str], changed: dict[Path, str]) -> int:
    text = nlu.read_text(encoding="utf-8")
    known = {same(example) for example, _ in examples_in(nlu)}
    proposed = [(str(entry.get("intent")), str(each)) for entry in entries for each in entry.get("examples") or []]
    for _, example in proposed:
        if _ONE_LINE.search(example) or _ANNOTATION.search(example) or not example.strip():
            raise AcceptError(f"the example {example!r} must be one line of text without brackets")
    said = [example for _, example in proposed]
    reasons = [f"{example!r} is a held-out question" for example in exact(said, held_out)]
    reasons += [f"{one!r} means the same as the held-out question {other!r}" for one, other in near(said, held_out)]
    if reasons:
        raise AcceptError("\n".join(["these would spoil the measurement, so nothing was added:", *reasons]))
    count = 0
    for intent, example in proposed:
        if same(example) in known:
            continue
        known.add(same(example))
        text = _inserted(text, intent, example)
        count += 1
    if count:
        changed[nlu] = text
    return count


def _inserted(text: str, intent: str, example: str) -> str:
    """The NLU file with one more example at the end of the intent's block."""
    lines = text.splitlines(keepends=True)
    start = next((i for i, line in enumerate(lines) if line.strip() == f"- intent: {intent}"), None)
    if start is None:
        if not intent:
            raise AcceptError(f"choose an intent for {example!r}; the names are in domain.yml")
        raise AcceptError(f"there is no intent {intent!r} in the training data; the names are in domain.yml")
    end = next((i for i in range(start + 1, len(lines)) if re.match(r"\s?-\s", lines[i])), len(lines))
    last = max((i for i in range(start, end) if lines[i].startswith("    - ")), default=None)
    if last is None:
        raise AcceptError(f"the intent {intent!r} has no examples yet; write the first by hand")
    if not lines[last].endswith("\n"):
        lines[last] += "\n"
    lines.insert(last + 1, f"    - {' '.join(example.split())}\n")
    return "".join(lines)


def _with_fact(knowledge: Path, fact: Any, changed: dict[Path, str]) -> None:
    """Append a fact to its file; the loader judges it afterwards."""
    file = (knowledge / str(fact.get("file") or "")).resolve()
    if knowledge.resolve() not in file.parents or file.suffix != ".yml":
        raise AcceptError(f"fact.file {fact.get('file')!r} must be a .yml file below {knowledge}")
    text = changed.get(file) or (file.read_text(encoding="utf-8") if file.is_file() else "facts:\n")
    before = yaml.safe_load(text) or {}
    if list(before)[-1:] != ["facts"]:
        raise AcceptError(f"{file.name} does not end with facts, so a fact cannot be added to it")
    values = {key: fact[key] for key in fact if key != "file"}
    indent = "  " if re.search(r"^ +- ", text, re.MULTILINE) or not before["facts"] else ""
    lines = [f"{indent}  {key}: {json.dumps(_plain(value), ensure_ascii=False)}" for key, value in values.items()]
    lines[0] = f"{indent}- {lines[0].strip()}"
    after = text.rstrip("\n") + "\n" + "\n".join(lines) + "\n"
    expected = {**before, "facts": [*(before["facts"] or []), {key: _plain(value) for key, value in values.items()}]}
    if yaml.safe_load(after) != expected:
        raise AcceptError(f"{file.name} is laid out in a way that a fact cannot be added to; add it by hand")
    changed[file] = after


def _plain(value: Any) -> Any:
    return (
        [str(each) for each in value] if isinstance(value, list) else value if isinstance(value, bool) else str(value)
    )


def _still_valid(knowledge: Path, changed: dict[Path, str]) -> None:
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
