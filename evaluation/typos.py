"""Realistic typing errors: a neighbouring key, two letters swapped, one left out, one doubled."""

from __future__ import annotations

import random

_ROWS = ("qwertyuiop", "asdfghjkl", "zxcvbnm")
_SHORTEST = 4


def neighbours(letter: str) -> str:
    """The keys beside ``letter`` on its row of an English keyboard."""
    for row in _ROWS:
        if letter in row:
            at = row.index(letter)
            return row[max(0, at - 1) : at] + row[at + 1 : at + 2]
    return ""


def with_typos(text: str, count: int, seed: int) -> str:
    """``text`` with ``count`` errors in different words of at least four letters; one ``seed`` gives the same ones.

    The first letter of a word stays, as people rarely get it wrong (Yannakoudakis and Fawthrop 1983).
    """
    rng = random.Random(f"{seed} {text}")
    words = text.split(" ")
    open_to_errors = [i for i, word in enumerate(words) if _is_ordinary(word)]
    for position in rng.sample(open_to_errors, min(count, len(open_to_errors))):
        words[position] = _with_one(words[position], rng)
    return " ".join(words)


def _is_ordinary(word: str) -> bool:
    """Whether it is a word of some length and no abbreviation (MLEs): those are typed letter by letter."""
    return sum(letter.isalpha() for letter in word) >= _SHORTEST and not any(letter.isupper() for letter in word[1:])


def _with_one(word: str, rng: random.Random) -> str:
    places = [i for i in range(1, len(word)) if word[i].isalpha()]
    at = rng.choice(places)
    kind = rng.choice(("neighbour", "swap", "drop", "double"))
    if kind == "neighbour" and neighbours(word[at].lower()):
        return word[:at] + rng.choice(neighbours(word[at].lower())) + word[at + 1 :]
    if kind == "swap" and at + 1 < len(word) and word[at + 1].isalpha() and word[at] != word[at + 1]:
        return word[:at] + word[at + 1] + word[at] + word[at + 2 :]
    if kind == "drop":
        return word[:at] + word[at + 1 :]
    return word[:at] + word[at] + word[at:]
