"""Finds roles, topics, things and uncovered subjects in normalised text: spaCy exactly, rapidfuzz nearly.

The phrases come from the knowledge base alone, so a new alias needs no code. Plurals are derived.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Sequence
from dataclasses import dataclass

import spacy
from rapidfuzz import fuzz, process
from rapidfuzz.distance import OSA
from spacy.matcher import PhraseMatcher
from spacy.tokens import Doc
from spacy.util import filter_spans

_FUZZY_MIN_LENGTH = 7
_MIN_RATIO = 90
_SHORT, _LONG = 4, 7
"""Words of fewer letters than the first have to be right, of fewer than the second may have one typing error."""
_LONGEST_PHRASE = 4
_OTHER = "\N{REPLACEMENT CHARACTER}"
"""Stands for words that are in no phrase: spaCy never forgets a word that it has seen, and people write any."""
_KEEP_AS_IT_IS = frozenset({"s", "ai", "ml", "nlp", "devops", "mlops", "business", "netflix", "kubernetes"})


@dataclass(frozen=True)
class Phrase:
    """A phrase to look for: its kind ("role", "thing", "topic", "uncovered"), the id it stands for, and the words."""

    kind: str
    value: str
    text: str


@dataclass(frozen=True)
class Match:
    """A phrase found in tokens ``start`` to ``end`` (exclusive); ``score`` is 1.0 for exact, below for fuzzy."""

    kind: str
    value: str
    start: int
    end: int
    score: float


class PhraseFinder:
    """Finds the longest non-overlapping phrases in a list of words."""

    def __init__(
        self, phrases: Iterable[Phrase], split: Callable[[str], Sequence[str]], other_names: Collection[str] = ()
    ) -> None:
        """``split`` turns an alias into the words a message would show after normalising (see ``spelling.words``).

        ``other_names`` are names of other things, in lower case, that are never taken for a misspelt one of ours.
        """
        self.given = list(phrases)
        self.other_names = frozenset(other_names)
        self._vocab = spacy.blank("en").vocab
        self._matcher = PhraseMatcher(self._vocab)
        self._phrases: list[Phrase] = []
        self._fuzzy: dict[str, int] = {}
        self._words: set[str] = set()
        known: dict[tuple[str, ...], int] = {}
        for phrase in self.given:
            for tokens in _with_plural(tuple(split(phrase.text))):
                if not tokens or tokens in known:
                    continue
                index = len(self._phrases)
                known[tokens] = index
                self._words.update(tokens)
                self._phrases.append(phrase)
                self._matcher.add(str(index), [Doc(self._vocab, words=list(tokens))])
                joined = " ".join(tokens)
                if len(joined) >= _FUZZY_MIN_LENGTH:
                    self._fuzzy[joined] = index
        self._joined = {"".join(tokens): " ".join(tokens) for tokens in known if len("".join(tokens)) >= _SHORT}
        self._known = known

    def find(self, words: Sequence[str], unknown: Sequence[bool] | None = None) -> list[Match]:
        """Return the matches in reading order.

        Args:
            words: normalised words of the message.
            unknown: for each word, whether no dictionary knows it; only phrases with such a word are tried fuzzily.
        """
        if not words:
            return []
        doc = Doc(self._vocab, words=[word if word in self._words else _OTHER for word in words])
        spans = filter_spans(self._matcher(doc, as_spans=True))
        found = [self._match(int(span.label_), span.start, span.end, 1.0) for span in spans]
        if unknown and any(unknown):
            found += self._near(words, unknown, {i for m in found for i in range(m.start, m.end)})
        return sorted(found, key=lambda m: m.start)

    def _match(self, index: int, start: int, end: int, score: float) -> Match:
        phrase = self._phrases[index]
        return Match(phrase.kind, phrase.value, start, end, score)

    def _near(self, words: Sequence[str], unknown: Sequence[bool], taken: set[int]) -> list[Match]:
        """Names written apart or together otherwise ("spa cy", "selfdriving"), then misspelt ones."""
        found: list[Match] = []
        for size in range(min(_LONGEST_PHRASE, len(words)), 0, -1):
            for start in range(len(words) - size + 1):
                window = range(start, start + size)
                if taken.intersection(window) or not any(unknown[i] for i in window):
                    continue
                best = self._nearest(words[start : start + size])
                if best:
                    found.append(self._match(best[0], start, start + size, best[1]))
                    taken.update(window)
        return found

    def _nearest(self, window: Sequence[str]) -> tuple[int, float] | None:
        """The phrase that the words are meant to be, and how near they are to it."""
        written = self._joined.get("".join(window))
        if written is not None:
            return self._known[tuple(written.split(" "))], 1.0
        if not self.other_names.isdisjoint(window):
            return None
        found = process.extractOne(" ".join(window), self._fuzzy.keys(), scorer=fuzz.ratio, score_cutoff=_MIN_RATIO)
        if found is None or not _each_word_is_near(window, found[0].split(" ")):
            return None
        return self._fuzzy[found[0]], found[1] / 100


def _each_word_is_near(written: Sequence[str], meant: Sequence[str]) -> bool:
    """A short word may be a name of its own ("UI engineer"), so the shorter a word, the more of it has to be right."""
    if len(written) != len(meant):
        return min(len("".join(written)), len("".join(meant))) >= _LONG
    for one, other in zip(written, meant, strict=True):
        allowed = 0 if len(other) < _SHORT else 1 if len(other) < _LONG else 2
        if one != other and OSA.distance(one, other, score_cutoff=allowed) > allowed:
            return False
    return True


def _with_plural(tokens: tuple[str, ...]) -> Iterable[tuple[str, ...]]:
    yield tokens
    if not tokens:
        return
    last = tokens[-1]
    if last in _KEEP_AS_IT_IS or not last.isalpha() or last.endswith("s") or last.endswith("ing"):
        return
    if last.endswith("y") and last[-2:-1] not in "aeiou":
        yield (*tokens[:-1], last[:-1] + "ies")
    else:
        yield (*tokens[:-1], last + ("es" if last.endswith(("x", "ch", "sh")) else "s"))
