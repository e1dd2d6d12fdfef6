"""Finds where people tell their name: "my name is Aisha", "I'm Aisha from ...", "Aisha here"."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from functools import lru_cache
from pathlib import Path

import yaml

from bot.language.spelling import Token, english_words

_TOLD: tuple[tuple[str, ...], ...] = (
    ("my", "name", "is"),
    ("the", "name", "is"),
    ("my", "name's"),
    ("people", "call", "me"),
    ("i", "am", "called"),
)
_MAYBE: tuple[tuple[str, ...], ...] = (("i", "am"), ("this", "is"), ("call", "me"))
_AFTER = frozenset((",", ".", "!", ";", "and", "from", "\n", "but", "here", "a"))
_TITLES = frozenset({"dr", "mr", "mrs", "prof", "professor"})
_LONGEST = 3


@lru_cache(maxsize=1)
def first_names(file: str = "data/personal_details.yml") -> frozenset[str]:
    """The first names that the word lists hold, in lower case; none without the file. Raises yaml.YAMLError."""
    path = Path(file)
    return frozenset(yaml.safe_load(path.read_text(encoding="utf-8"))["names"]) if path.is_file() else frozenset()


def name_spans(message: str, tokens: Sequence[Token], names: Collection[str]) -> Iterable[tuple[int, int]]:
    """Token spans in which ``message`` tells a name, with the words around it.

    ``names`` are first names in lower case, for messages that do without capitals.
    """
    words = [token.text for token in tokens]
    for start in range(len(tokens)):
        for opener in (*_TOLD, *_MAYBE):
            first = start + len(opener)
            if tuple(words[start:first]) != opener or first >= len(tokens):
                continue
            if words[first][0].isalpha() if opener in _TOLD else _looks_like_name(message, tokens, first, names):
                yield start, _name_end(message, tokens, first)
    for position in range(1, len(tokens)):
        if words[position] == "here" and (position + 1 == len(tokens) or words[position + 1] in _AFTER):
            written = _written(message, tokens[position - 1])
            if written.lower() in names or (written.istitle() and written.lower() not in english_words()):
                yield position - 1, position + 1


def _name_end(message: str, tokens: Sequence[Token], first: int) -> int:
    """A name goes on as long as its words are capitalised like the first one; a title belongs to it."""
    if _written(message, tokens[first]).lower() in _TITLES:
        first += 1
        while first < len(tokens) - 1 and tokens[first].text == ".":
            first += 1
    end = first + 1
    while end < min(len(tokens), first + _LONGEST) and _written(message, tokens[end]).istitle():
        if not _written(message, tokens[first]).istitle() or tokens[end].start == tokens[end - 1].start:
            break
        end += 1
    return end


def _looks_like_name(message: str, tokens: Sequence[Token], first: int, names: Collection[str]) -> bool:
    written = _written(message, tokens[first])
    if written.lower() in _TITLES:
        return True
    end = _name_end(message, tokens, first)
    if end < len(tokens) and tokens[end].text not in _AFTER:
        return False
    if written.istitle() or written in names:
        return True
    return written.isalpha() and written.islower() and written not in english_words() and tokens[first].text == written


def _written(message: str, token: Token) -> str:
    return message[token.start : token.end]
