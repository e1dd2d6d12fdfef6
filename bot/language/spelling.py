"""Brings a message into the form that the rest of the pipeline reads: lower case, shorthand spelt out, typos mended.

Only words that are in no English dictionary are touched, and they are only ever changed into words that the assistant
knows (its training examples and its knowledge base), so a name or a foreign word is left as it is. The dictionary is
the 82,765-word frequency list that symspellpy ships; the search is its SymSpell (Garbe 2012).
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from importlib.resources import files
from itertools import chain

from symspellpy import SymSpell, Verbosity

_TOKEN = re.compile(
    r"(?:[a-z]\.){2,}(?![^\W_])|\d+(?:\.\d+)+|a/b|y/o|tl;dr|ci/cd|ai/ml|ml/ai|[bw]/w?|c\+\+|c#|[^\W_]+(?:['’][^\W_]+)*|[.?!,;:&+\n]",
    re.IGNORECASE,
)
_REPEATED = re.compile(r"(.)\1{2,}")
_BARE = re.compile(r"^\W*(?:option\s+)?\w\W*$", re.IGNORECASE)
_SHORTEST_MENDED = 4
_TWO_EDITS_FROM = 7
_STOPS = frozenset(".?!")
_SAYS_NOTHING = frozenset(".!,;:\n")
_NO_SPACE_BEFORE = frozenset(".?!,;:")


@dataclass(frozen=True)
class Token:
    """One word of the normalised text; ``start`` and ``end`` point into the original message (characters)."""

    text: str
    start: int
    end: int


@dataclass(frozen=True)
class NormalisedText:
    """The tokens of a message and how to read them as a sentence."""

    tokens: tuple[Token, ...]

    @property
    def text(self) -> str:
        parts: list[str] = []
        for token in self.tokens:
            if parts and token.text not in _NO_SPACE_BEFORE:
                parts.append(" ")
            parts.append("\n" if token.text == "\n" else token.text)
        return "".join(parts).strip()

    def part(self, start: int, end: int) -> NormalisedText:
        """Tokens ``start`` to ``end`` (exclusive) as a text of their own."""
        return NormalisedText(self.tokens[start:end])


@lru_cache(maxsize=1)
def english_words() -> frozenset[str]:
    """Every word of symspellpy's English frequency list."""
    text = (files("symspellpy") / "frequency_dictionary_en_82_765.txt").read_text(encoding="utf-8-sig")
    return frozenset(line.split(" ", 1)[0] for line in text.splitlines() if line)


class Speller:
    """Normalises messages with a shorthand table and the vocabulary of the assistant."""

    def __init__(
        self, vocabulary: Mapping[str, int], shorthand: Mapping[str, str], other_names: Iterable[str] = ()
    ) -> None:
        """``vocabulary`` maps known lower-case words to how often they occur; ``shorthand`` maps a word to words.

        ``other_names`` are names that are nobody's typing errors.
        """
        self.vocabulary = dict(vocabulary)
        self.other_names = frozenset(other_names)
        self.shorthand = dict(shorthand)
        self._symspell = SymSpell(max_dictionary_edit_distance=2, prefix_length=7)
        for word, count in self.vocabulary.items():
            if len(word) >= _SHORTEST_MENDED and word.isalpha():
                self._symspell.create_dictionary_entry(word, count)

    @classmethod
    def from_texts(cls, texts: Iterable[str], shorthand: Mapping[str, str], other_names: Iterable[str] = ()) -> Speller:
        """Take the vocabulary from example texts. Words that occur once and are in no dictionary count as typos."""
        counts: dict[str, int] = {}
        for word in chain.from_iterable(words(text) for text in texts):
            counts[word] = counts.get(word, 0) + 1
        known = english_words()
        return cls({w: n for w, n in counts.items() if n > 1 or w in known or not w.isalpha()}, shorthand, other_names)

    def normalise(self, message: str) -> NormalisedText:
        """Return the tokens of ``message`` as the pipeline reads them."""
        if _BARE.match(message):  # "b", "2": an answer to a choice, not shorthand
            return NormalisedText(tuple(_tokens(message.lower())))
        out: list[Token] = []
        for token in _tokens(message):
            word = _plain(token.text)
            replacement = self.shorthand.get(word)
            if replacement is None:
                replacement = self._mend(word)
            out.extend(Token(part, token.start, token.end) for part in replacement.split(" "))
        return NormalisedText(tuple(_calm(out)))

    def _mend(self, word: str) -> str:
        if len(word) < _SHORTEST_MENDED or not word.isalpha() or word in self.vocabulary or word in english_words():
            return word
        if word in self.other_names or word.removesuffix("s") in self.other_names:
            return word
        if word.endswith("s") and not word.endswith("ss") and word[:-1] in self.vocabulary:  # "tpus"
            return word
        doubled, squeezed = _REPEATED.sub(r"\1\1", word), _REPEATED.sub(r"\1", word)  # "careeer", "soooo"
        for known in (self.vocabulary, english_words()):
            for candidate in (doubled, squeezed):
                if candidate in known:
                    return candidate
        if squeezed in self.shorthand:
            return self.shorthand[squeezed]
        reach = 2 if len(word) >= _TWO_EDITS_FROM else 1
        found = self._symspell.lookup(squeezed, Verbosity.TOP, max_edit_distance=reach)
        if not found or _is_another_name(squeezed, found[0].term):
            return word
        return str(found[0].term)


def _is_another_name(word: str, known: str) -> bool:
    """Whether a word may be a name like the ``known`` one, and no misspelling: "opencl" for "opencv".

    A letter that is missing, doubled or swapped is a slip; another letter in a short name is another name.
    """
    return (
        known not in english_words()
        and len(known) < _TWO_EDITS_FROM
        and len(word) == len(known)
        and sorted(word) != sorted(known)
    )


def _plain(text: str) -> str:
    """A token in lower case; "A.I." is "ai"."""
    word = text.lower().replace("’", "'")
    return word.replace(".", "") if word[-1:] == "." and len(word) > 1 and word[0].isalpha() else word


def _calm(tokens: Sequence[Token]) -> list[Token]:
    """The tokens with one mark where there are several ("?!!"), and none at the end that asks nothing."""
    kept: list[Token] = []
    for token in tokens:
        if kept and token.text in _STOPS and kept[-1].text in _STOPS:
            if token.text == "?":
                kept[-1] = token
        else:
            kept.append(token)
    while len(kept) > 1 and kept[-1].text in _SAYS_NOTHING:
        kept.pop()
    return kept


def _tokens(message: str) -> Iterable[Token]:
    return (Token(match.group(), match.start(), match.end()) for match in _TOKEN.finditer(message))


def words(text: str) -> list[str]:
    """The lower-case words of ``text``, punctuation left out."""
    return [_plain(t.text) for t in _tokens(text) if t.text[0].isalnum()]
