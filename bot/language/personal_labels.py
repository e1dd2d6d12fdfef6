"""Labels the words of a message that tell an age, a family, an origin or a school, with spaCy's EntityRuler."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import spacy
from spacy.tokens import Doc

_LISTS = ("people", "traits", "weak", "studies", "schools", "nationalities", "places", "colours")


def words_of(text: str) -> frozenset[str]:
    """The words of ``text`` as a set."""
    return frozenset(text.split())


_NUMBERS = sorted(
    words_of(
        "two three four five six seven eight nine ten twelve fifteen sixteen seventeen eighteen nineteen twenty thirty"
        " forty fifty sixty seventy eighty"
    )
)
_DECADES = sorted(words_of("teens twenties thirties forties fifties sixties seventies 20s 30s 40s 50s 60s 70s"))
_NO_SCHOOL = "in|at|and|a|the|from|my|with|to|of|any|this|no|which|what|high|\\w+ing|\\w+ed"


class Labeller:
    """Gives each word of a normalised message a label, or an empty one. Not bound to Rasa; safe to share."""

    def __init__(self, words: Mapping[str, Any]) -> None:
        """``words`` is the content of data/personal_details.yml. Raises KeyError if a list is missing.

        Labels are the names of the lists in capitals, and AGE, NUMBER and CALENDAR_YEAR.
        """
        self._vocab = spacy.blank("en").vocab
        nlp = spacy.blank("en", vocab=self._vocab)
        ruler: Any = nlp.add_pipe("entity_ruler")
        ruler.add_patterns([*_phrases(words), *_ages(), *_numbers(), *_schools()])
        self._ruler = ruler

    def labels(self, words: Sequence[str]) -> list[str]:
        """One label a word; where patterns overlap the longest counts."""
        return [token.ent_type_ for token in self._ruler(Doc(self._vocab, words=list(words)))]


def _phrases(words: Mapping[str, Any]) -> Iterable[dict[str, Any]]:
    for name in _LISTS:
        for phrase in words[name]:
            parts = [{"LOWER": part} for part in phrase.split()]
            yield {"label": name.upper(), "pattern": parts}
            if name in ("people", "nationalities") and not phrase.endswith("s"):
                yield {"label": name.upper(), "pattern": [*parts[:-1], {"LOWER": phrase.split()[-1] + "s"}]}


def _ages() -> Iterable[dict[str, Any]]:
    compound = [{"LOWER": {"IN": _NUMBERS}}, {"LOWER": {"IN": _NUMBERS}}]
    years, old = {"LOWER": {"IN": ["year", "years"]}}, {"LOWER": {"IN": ["old", "olds"]}}
    for amount in ([{"LIKE_NUM": True}], compound):
        yield {"label": "AGE", "pattern": [*amount, years, old]}
        yield {"label": "AGE", "pattern": [*amount, years, {"LOWER": "of"}, {"LOWER": "age"}]}
        yield {"label": "AGE", "pattern": [{"LOWER": "aged"}, *amount]}
    yield {"label": "AGE", "pattern": [{"LIKE_NUM": True}, {"LOWER": "something"}]}
    yield {"label": "AGE", "pattern": [{"LOWER": {"REGEX": r"^\d{2}(yo|yrs|y)$"}}]}
    part = {"LOWER": {"IN": ["early", "mid", "late"]}, "OP": "?"}
    yield {"label": "AGE", "pattern": [{"LOWER": "in"}, {"LOWER": "my"}, part, {"LOWER": {"IN": _DECADES}}]}


def _numbers() -> Iterable[dict[str, Any]]:
    yield {"label": "NUMBER", "pattern": [{"LOWER": {"REGEX": r"^\d{1,2}$"}}]}
    yield {"label": "NUMBER", "pattern": [{"LOWER": {"IN": _NUMBERS}}]}
    yield {"label": "NUMBER", "pattern": [{"LOWER": {"IN": _NUMBERS}}, {"LOWER": {"IN": [*_NUMBERS, "one"]}}]}
    yield {"label": "CALENDAR_YEAR", "pattern": [{"LOWER": {"REGEX": r"^(19|20)\d\d$"}}]}


def _schools() -> Iterable[dict[str, Any]]:
    kind = {"LOWER": {"IN": ["university", "college", "institute", "polytechnic", "school", "academy"]}}
    name = {"IS_ALPHA": True, "LOWER": {"REGEX": rf"^(?!({_NO_SCHOOL})$)"}}
    yield {"label": "SCHOOLS", "pattern": [kind, {"LOWER": "of"}, {"IS_ALPHA": True}]}
    yield {"label": "SCHOOLS", "pattern": [name, kind]}
    yield {"label": "SCHOOLS", "pattern": [name, {"LOWER": {"IN": ["state", "technical", "business", "high"]}}, kind]}
    yield {"label": "SCHOOLS", "pattern": [name, {"LOWER": "institute"}, {"LOWER": "of"}, {"LOWER": "technology"}]}
