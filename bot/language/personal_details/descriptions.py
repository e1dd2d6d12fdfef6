"""Finds self-descriptions of a fixed form, with spaCy's EntityRuler: "I'm a 45 year old mother", "from MIT".

They may be a part of a clause, of which the rest has to stay: "I'm a 45 year old teacher" is "I am a teacher".
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import spacy
from spacy.tokens import Doc

LISTS = ("people", "traits", "weak", "studies", "schools", "services", "nationalities", "places", "colours")
_WITH_PLURALS = frozenset({"people", "nationalities"})
_STRONG = frozenset({"AGE", "COLOURS", "PEOPLE", "TRAITS", "NATIONALITIES", "PLACES", "SCHOOLS", "SERVICES", "NUMBER"})
_OF_A_PLACE = frozenset({"PLACES", "SCHOOLS", "SERVICES"})
_MODIFIERS = frozenset({"AGE", "TRAITS", "NATIONALITIES"})
_ENDS = frozenset(".?!;:,\n") | {"and", "but", "so"}
_YOUNGEST = 12


class Descriptions:
    """Spans of self-descriptions in normalised messages. Not bound to Rasa; safe to share."""

    def __init__(self, words: Mapping[str, Any]) -> None:
        """``words`` is the content of data/personal_details.yml. Raises KeyError if a list is missing."""
        grammar = words["grammar"]
        self._openers = sorted((tuple(o.split()) for o in grammar["openers"]), key=len, reverse=True)
        self._may_go_on = {tuple(o.split()) for o in grammar["openers_before_more"]}
        self._links = frozenset(grammar["links"])
        self._articles = frozenset(grammar["articles"])
        self._prepositions = frozenset(grammar["prepositions"])
        self._other_prepositions = frozenset(grammar["other_prepositions"])
        self._reasons = frozenset(grammar["reasons"])
        self._clauses = frozenset((*grammar["question_words"], *grammar["auxiliaries"], *grammar["requests"]))
        self._clauses |= {"i", "my", "please", "hi", "hello"}
        self._adjectives = frozenset(words["adjectives"])
        self._vocab = spacy.blank("en").vocab
        ruler: Any = spacy.blank("en", vocab=self._vocab).add_pipe("entity_ruler")
        ruler.add_patterns([*_phrases(words), *_ages(grammar), *_numbers(grammar), *_schools(grammar)])
        self._ruler = ruler

    def spans(self, words: Sequence[str]) -> Iterable[tuple[int, int]]:
        """Where in the words of a message somebody describes themselves, in order."""
        if {"i", "my", "as", "being", "here", "me", "this", "coming", "speaking"}.isdisjoint(words):
            return
        labels = [token.ent_type_ for token in self._ruler(Doc(self._vocab, words=list(words)))]
        start = 0
        while start < len(words):
            opener = next((o for o in self._openers if tuple(words[start : start + len(o)]) == o), None)
            if opener is None or (start and words[start - 1] in ("like", "if")):  # "explain it like I'm a child"
                start += 1
                continue
            first = start + len(opener)
            end = self._end(words, labels, first) if self._may_follow(words, labels, first, opener) else 0
            if end and (opener in self._may_go_on or self._is_end(words, end)):
                yield self._cut(words, labels, start, first, end)
            start = max(end, first)
            yield from self._places(words, labels, start)

    def _may_follow(self, words: Sequence[str], labels: Sequence[str], first: int, opener: tuple[str, ...]) -> bool:
        """Only "as a ..." describes somebody; "as China grows" does not."""
        return first < len(words) and (opener[-1] != "as" or words[first] in self._articles or labels[first] == "AGE")

    def _is_end(self, words: Sequence[str], position: int) -> bool:
        return position >= len(words) or words[position] in _ENDS | self._clauses

    def _end(self, words: Sequence[str], labels: Sequence[str], start: int) -> int:
        """Where the run of details from ``start`` on ends, 0 if there is none."""
        end, position = 0, start
        school = False
        while position < len(words):
            label = labels[position]
            if label == "NUMBER" and not _is_age(words, labels, position):
                if words[position] not in self._links:
                    break
            elif label in _STRONG and (label != "COLOURS" or words[start - 1] == "am"):
                school = school or label == "SCHOOLS"
                end = position + 1
            elif label == "CALENDAR_YEAR" and school:
                end = position + 1
            elif label == "STUDIES":
                if school or "SCHOOLS" in labels[position : position + 6]:
                    end = position + 1 if school else end
                elif words[position] not in self._links:
                    break
            elif label not in ("WEAK", "COLOURS") and words[position] not in self._links:
                break
            position += 1
        return end

    def _cut(self, words: Sequence[str], labels: Sequence[str], start: int, details: int, end: int) -> tuple[int, int]:
        """What to leave out of the description whose details go from ``details`` to ``end``, given what follows it."""
        personal = words[start] == "i"
        following = words[end] if end < len(words) else "."
        if following in _ENDS or following in self._clauses:
            while start and words[start - 1] in self._reasons:
                start -= 1
            return start, end
        if following in self._prepositions and personal:
            return details, end  # "I'm a woman in tech" -> "I'm in tech"
        if following in self._prepositions | self._other_prepositions:
            return end, end  # "being the daughter of a miner" is for those who read the whole clause
        if labels[end - 1] in _MODIFIERS or words[end - 1] in self._adjectives:
            return details + (words[details] in self._articles), end  # "a 45 year old teacher" -> "a teacher"
        return (details, end) if personal else (start, end)

    def _places(self, words: Sequence[str], labels: Sequence[str], start: int) -> Iterable[tuple[int, int]]:
        """ "I am a nurse from Brazil", "I have a degree in physics from Oxford": only the origin."""
        for position in range(start, len(words) - 1):
            if words[position] in _ENDS - {"and"} or words[position] in self._clauses - {"i", "my"}:
                return
            if words[position] in ("from", "in", "at"):
                first = position + 1 + (words[position + 1] == "the")
                end = first
                while end < len(words) and labels[end] in _OF_A_PLACE:
                    end += 1
                if end > first:
                    yield position, end


def _is_age(words: Sequence[str], labels: Sequence[str], position: int) -> bool:
    """A bare number is an age at the end of a clause, and a number of children before or after them."""
    following = position + 1
    if following == len(words) or words[following] in _ENDS:
        return not words[position].isdigit() or int(words[position]) >= _YOUNGEST or words[position - 1] == "of"
    return labels[following] in ("PEOPLE", "NUMBER")


def _phrases(words: Mapping[str, Any]) -> Iterable[dict[str, Any]]:
    for name in LISTS:
        for phrase in words[name]:
            parts = [{"LOWER": part} for part in phrase.split()]
            yield {"label": name.upper(), "pattern": parts}
            if name in _WITH_PLURALS and not phrase.endswith("s"):
                yield {"label": name.upper(), "pattern": [*parts[:-1], {"LOWER": phrase.split()[-1] + "s"}]}


def _ages(grammar: Mapping[str, Any]) -> Iterable[dict[str, Any]]:
    number = {"LOWER": {"IN": grammar["numbers"]}}
    years, old = {"LOWER": {"IN": ["year", "years"]}}, {"LOWER": {"IN": ["old", "olds"]}}
    for amount in ([{"LIKE_NUM": True}], [number, number]):
        yield {"label": "AGE", "pattern": [*amount, years, old]}
        yield {"label": "AGE", "pattern": [*amount, years, {"LOWER": "of"}, {"LOWER": "age"}]}
        yield {"label": "AGE", "pattern": [{"LOWER": "aged"}, *amount]}
    yield {"label": "AGE", "pattern": [{"LIKE_NUM": True}, {"LOWER": "something"}]}
    yield {"label": "AGE", "pattern": [{"LOWER": {"REGEX": r"^\d{2}(yo|yrs|y)$"}}]}
    part = {"LOWER": {"IN": ["early", "mid", "late"]}, "OP": "?"}
    yield {"label": "AGE", "pattern": [{"LOWER": "in"}, {"LOWER": "my"}, part, {"LOWER": {"IN": grammar["decades"]}}]}


def _numbers(grammar: Mapping[str, Any]) -> Iterable[dict[str, Any]]:
    number = {"LOWER": {"IN": grammar["numbers"]}}
    yield {"label": "NUMBER", "pattern": [{"LOWER": {"REGEX": r"^\d{1,2}$"}}]}
    yield {"label": "NUMBER", "pattern": [number]}
    yield {"label": "NUMBER", "pattern": [number, {"LOWER": {"IN": [*grammar["numbers"], "one"]}}]}
    yield {"label": "CALENDAR_YEAR", "pattern": [{"LOWER": {"REGEX": r"^(19|20)\d\d$"}}]}


def _schools(grammar: Mapping[str, Any]) -> Iterable[dict[str, Any]]:
    kind = {"LOWER": {"IN": grammar["school_kinds"]}}
    no_name = "|".join((*grammar["no_school_names"], r"\w+ing", r"\w+ed"))
    name = {"IS_ALPHA": True, "LOWER": {"REGEX": rf"^(?!({no_name})$)"}}
    yield {"label": "SCHOOLS", "pattern": [kind, {"LOWER": "of"}, {"IS_ALPHA": True}]}
    yield {"label": "SCHOOLS", "pattern": [name, kind]}
    yield {"label": "SCHOOLS", "pattern": [name, {"LOWER": {"IN": ["state", "technical", "business", "high"]}}, kind]}
    yield {"label": "SCHOOLS", "pattern": [name, {"LOWER": "institute"}, {"LOWER": "of"}, {"LOWER": "technology"}]}
