"""Read a folder of knowledge files."""

from __future__ import annotations

import hashlib
from collections.abc import Collection
from functools import lru_cache
from os import PathLike
from pathlib import Path

from bot.knowledge.base import KnowledgeBase
from bot.knowledge.checks import check
from bot.knowledge.document import read_document
from bot.knowledge.problems import KnowledgeError, Problem
from bot.knowledge.records import KINDS, Entry, read_records
from bot.knowledge.selection import select


def load_knowledge(path: str | PathLike[str], sources: Collection[str] = ()) -> KnowledgeBase:
    """Merge all *.yml files below the folder `path`, in sorted order, into one knowledge base.

    `sources` are ids or kinds of sources: facts of others are left out, and what only those spoke of. None means all.
    As long as no file changes it is the same one again, which nobody can change.

    Raises KnowledgeError, which lists all problems of all files as "file:line: field: message".
    """
    folder = Path(path)
    files = sorted(folder.rglob("*.yml"))
    if not files:
        raise KnowledgeError([Problem(str(folder), 1, "files", "no *.yml file in this folder")])
    digest = hashlib.sha256()
    for file in files:
        content = file.read_bytes()
        digest.update(f"{file}\0{len(content)}\0".encode())
        digest.update(content)
    return _load(tuple(files), digest.hexdigest(), tuple(sorted(set(sources))))


@lru_cache(maxsize=2)
def _load(files: tuple[Path, ...], _: str, sources: tuple[str, ...]) -> KnowledgeBase:
    entries: list[Entry] = []
    problems: list[Problem] = []
    for file in files:
        document, broken = read_document(file)
        problems += broken
        for item in read_records(document):
            if isinstance(item, Problem):
                problems.append(item)
            else:
                entries.append(item)
    problems += check(entries)
    if problems:
        raise KnowledgeError(problems)
    records = {key: [entry.record for entry in entries if entry.key == key] for key in KINDS}
    return KnowledgeBase.of(**(select(records, sources) if sources else records))
