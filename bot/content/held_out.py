"""Keeps the questions that measure the bot out of its training data, word for word and nearly."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path

import yaml

from bot.content.errors import HeldOutError
from bot.content.reading import examples_in
from bot.language.encoder import shared_encoder
from bot.language.spelling import words

NEAR = 0.93
"""Cosine similarity from which two questions are the same question in other words."""

_FIELDS = ("question", "text", "clean", "typo")


def held_out_questions(listing: Path) -> list[str]:
    """The questions of all files that ``listing`` (tests/held_out.yml) names. Raises HeldOutError."""
    try:
        names = (yaml.safe_load(listing.read_text(encoding="utf-8")) or {}).get("files") or []
        return [question for name in names for question in _questions_in(Path(str(name)))]
    except (OSError, yaml.YAMLError, ValueError, AttributeError) as error:
        raise HeldOutError(f"{listing}: {error}") from None


def same(one: str) -> str:
    """A text as it is compared word for word."""
    return " ".join(words(one)) or one.strip().lower()


def exact(examples: Iterable[str], held_out: Iterable[str]) -> list[str]:
    """The examples that are held-out questions word for word, whatever their punctuation."""
    known = {same(question) for question in held_out}
    return [example for example in examples if same(example) in known]


def near(examples: Sequence[str], held_out: Sequence[str]) -> list[tuple[str, str]]:
    """(example, held-out question) for each example that means the same as one."""
    if not examples or not held_out:
        return []
    encoder = shared_encoder()
    similar = encoder.encode_many([same(e) for e in examples]) @ encoder.encode_many([same(q) for q in held_out]).T
    best = similar.argmax(axis=1)
    return [(e, held_out[int(b)]) for e, b, row in zip(examples, best, similar, strict=True) if row[b] >= NEAR]


def _questions_in(path: Path) -> Iterator[str]:
    if path.suffix in (".yml", ".yaml"):
        yield from (text for text, _ in examples_in(path))
        return
    for line in path.read_text(encoding="utf-8").splitlines():
        if path.suffix == ".jsonl" and line.strip():
            record = json.loads(line)
            turns = record.get("turns") if isinstance(record.get("turns"), list) else []
            yield from (str(entry[field]) for entry in (record, *turns) for field in _FIELDS if entry.get(field))
        elif line.strip():
            yield line.strip()
