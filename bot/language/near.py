"""The known phrase nearest to a misspelt one, found without comparing it with all of them.

Exactly what rapidfuzz's ``extractOne`` gives over all phrases. With a ratio of 90 % at most a tenth of the letters of
both texts together are inserted or deleted. Each such edit destroys at most three of a text's trigrams, so that of any
3d + 1 trigrams at least one is left after d edits (the q-gram lemma: Jokinen and Ukkonen 1991). Only phrases with one
of the rarest trigrams are compared.
"""

from __future__ import annotations

from array import array
from collections.abc import Sequence

from rapidfuzz import fuzz, process

MIN_RATIO = 90


class NearPhrases:
    """Phrases to be found although they are misspelt."""

    def __init__(self, phrases: Sequence[str]) -> None:
        """Index the phrases by their trigrams."""
        self._phrases = list(phrases)
        self._places: dict[str, array[int]] = {}
        for number, phrase in enumerate(self._phrases):
            for trigram in _trigrams(phrase):
                self._places.setdefault(trigram, array("I")).append(number)

    def best(self, text: str) -> tuple[str, float] | None:
        """The phrase with the highest ``fuzz.ratio`` (0 to 100) of at least MIN_RATIO, the first of equals, or None."""
        longest = len(text) * (200 - MIN_RATIO) // MIN_RATIO
        edits = (len(text) + longest) * (100 - MIN_RATIO) // 100
        places = sorted((self._places.get(trigram, ()) for trigram in _trigrams(text)), key=len)
        candidates = sorted({number for found in places[: 3 * edits + 1] for number in found})
        found = process.extractOne(
            text, [self._phrases[number] for number in candidates], scorer=fuzz.ratio, score_cutoff=MIN_RATIO
        )
        return (found[0], found[1]) if found else None


def _trigrams(text: str) -> set[str]:
    return {text[start : start + 3] for start in range(len(text) - 2)}
