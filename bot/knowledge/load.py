"""Read a folder of knowledge files."""

from __future__ import annotations

from os import PathLike
from pathlib import Path

from bot.knowledge.base import KnowledgeBase
from bot.knowledge.checks import check
from bot.knowledge.document import read_document
from bot.knowledge.problems import KnowledgeError, Problem
from bot.knowledge.records import KINDS, Entry, read_records


def load_knowledge(path: str | PathLike[str]) -> KnowledgeBase:
    """Merge all *.yml files below the folder `path`, in sorted order, into one knowledge base.

    Raises KnowledgeError, which lists all problems of all files as "file:line: field: message".
    """
    folder = Path(path)
    files = sorted(folder.rglob("*.yml"))
    if not files:
        raise KnowledgeError([Problem(str(folder), 1, "files", "no *.yml file in this folder")])
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
    return KnowledgeBase.of(**{key: [entry.record for entry in entries if entry.key == key] for key in KINDS})
