"""Finds where people tell their name: "my name is Aisha", "I'm Aisha from ...", "Aisha here", "thanks, Aisha"."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from bot.language.spelling import Token, english_words

_LONGEST = 3
"""Words of a name, at most."""


class NameFinder:
    """Finds names that people tell in normalised messages. Not bound to Rasa; safe to share."""

    def __init__(self, words: Mapping[str, Any]) -> None:
        """``words`` is the content of data/personal_details.yml. Raises KeyError if a list is missing."""
        grammar = words["grammar"]
        self._told = [tuple(phrase.split()) for phrase in grammar["tells_name"]]
        self._maybe = [tuple(phrase.split()) for phrase in grammar["may_tell_name"]]
        self._here = frozenset(grammar["follows_name"])
        self._farewells = frozenset(grammar["farewells"])
        self._after = frozenset(grammar["after_name"])
        self._titles = frozenset(grammar["titles"])
        self._names = frozenset(words["names"])

    def spans(self, message: str, tokens: Sequence[Token]) -> Iterable[tuple[int, int]]:
        """Token spans in which ``message`` tells a name, with the words around it."""
        words = [token.text for token in tokens]
        for start in range(len(tokens)):
            for opener in (*self._told, *self._maybe):
                first = start + len(opener)
                if first >= len(tokens) or tuple(words[start:first]) != opener:
                    continue
                if words[first][0].isalpha() if opener in self._told else self._may_be(message, tokens, first):
                    yield start, self._end(message, tokens, first)
            if words[start] in self._here and (start + 1 == len(tokens) or words[start + 1] in self._after):
                first = self._start(message, tokens, start)
                if first < start:
                    yield first, start + 1
            if words[start] in self._farewells:
                first = start + 1 + (words[start + 1 : start + 2] == [","])
                if first < len(tokens) <= first + _LONGEST and all(self._is_one(message, t) for t in tokens[first:]):
                    yield start, len(tokens)

    def _start(self, message: str, tokens: Sequence[Token], end: int) -> int:
        """Where the name that ends before ``end`` begins; ``end`` itself where there is none."""
        start = end
        while start and end - start < _LONGEST and self._is_one(message, tokens[start - 1]):
            start -= 1
        while start and start < end and (tokens[start - 1].text == "." or tokens[start - 1].text in self._titles):
            start -= 1
        return start

    def _end(self, message: str, tokens: Sequence[Token], first: int) -> int:
        """A name goes on as long as its words are capitalised like the first one; a title belongs to it."""
        if tokens[first].text in self._titles:
            first += 1
            while first < len(tokens) - 1 and tokens[first].text == ".":
                first += 1
        end = first + 1
        while end < min(len(tokens), first + _LONGEST) and _is_title(message, tokens[end]):
            if not _is_title(message, tokens[first]) or tokens[end].start == tokens[end - 1].start:
                break
            end += 1
        return end + (end < len(tokens) and tokens[end].text in self._here)

    def _may_be(self, message: str, tokens: Sequence[Token], first: int) -> bool:
        written = _written(message, tokens[first])
        if tokens[first].text in self._titles:
            return True
        end = self._end(message, tokens, first)
        if end < len(tokens) and tokens[end].text not in self._after and tokens[end - 1].text not in self._here:
            return False
        if _is_title(message, tokens[first]) or written in self._names:
            return True
        return (
            written.isalpha() and written.islower() and written not in english_words() and tokens[first].text == written
        )

    def _is_one(self, message: str, token: Token) -> bool:
        """Whether a word is a first name, or capitalised and no English word."""
        written = _written(message, token)
        return written.lower() in self._names or (_is_title(message, token) and written.lower() not in english_words())


def _written(message: str, token: Token) -> str:
    return message[token.start : token.end]


def _is_title(message: str, token: Token) -> bool:
    written = _written(message, token)
    return written[:1].isupper() and not written.isupper()
