"""Patterns and word lists that say how people put things: ``data/wording.yml``, read once."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

import yaml
from spacy.lang.en.stop_words import STOP_WORDS


class WordingError(ValueError):
    """The file cannot be used; the text says why, in one line."""


@dataclass(frozen=True)
class Wording:
    """``patterns`` by name, and the lists of the file as they stand there."""

    patterns: Mapping[str, re.Pattern[str]]
    ordinals: Mapping[str, int]
    around_names: frozenset[str]
    around_topics: frozenset[str]
    before_liking: frozenset[str]
    after_liking: frozenset[str]
    feelings: tuple[Mapping[str, Any], ...]
    complaints: Mapping[str, re.Pattern[str]]
    warm: str

    def says(self, pattern: str, text: str) -> bool:
        """Whether the pattern is found in a normalised text. Raises KeyError for an unknown pattern."""
        return self.patterns[pattern].search(text) is not None

    def complaint(self, text: str) -> str:
        """The reason that a complaint gives in its words; "other" where it gives none of them."""
        return next((reason for reason, pattern in self.complaints.items() if pattern.search(text)), "other")

    def ordinal(self, text: str) -> int | None:
        """The position that a message points to (0 is the first, -1 the last), or None."""
        words = re.findall(r"\w+", text.lower())
        for word in words:
            if word in self.ordinals and not (word in ("one", "a") and len(words) > 2):
                return self.ordinals[word]
        return None


@lru_cache(maxsize=1)
def wording() -> Wording:
    """The wording of ``data/wording.yml``. Raises WordingError if it cannot be used."""
    path = Path("data/wording.yml")
    try:
        data = yaml.safe_load(path.read_text(encoding="utf-8"))
        patterns = {name: re.compile(_joined(text), re.IGNORECASE) for name, text in data["patterns"].items()}
        ordinals = {str(word): int(place) for word, place in data["ordinals"].items()}
        names, topics = frozenset(data["around_names"]), frozenset(data["around_topics"])
        before, after = frozenset(data["before_liking"]), frozenset(data["after_liking"])
        feelings = tuple(data["feelings"])
        complaints = {name: re.compile(_joined(text), re.IGNORECASE) for name, text in data["complaints"].items()}
        return Wording(patterns, ordinals, names, topics, before, after, feelings, complaints, str(data["warm"]))
    except (OSError, yaml.YAMLError, re.error, KeyError, TypeError, ValueError, AttributeError) as error:
        raise WordingError(f"{path} cannot be used: {type(error).__name__}: {error}".replace("\n", " ")) from error


def _joined(pattern: str | Sequence[str]) -> str:
    """One pattern of several alternatives."""
    return pattern if isinstance(pattern, str) else "|".join(f"(?:{each})" for each in pattern)


def content_words(text: str) -> list[str]:
    """The words of a normalised text that are no function words by spaCy's list."""
    return [word for word in re.findall(r"[^\W_]+", text.lower()) if word not in STOP_WORDS]
