"""Splits a message into the questions it holds: sentences by spaCy, then clauses that start a question."""

from __future__ import annotations

from functools import lru_cache

import spacy
from spacy.language import Language
from spacy.tokens import Doc

from bot.language.spelling import NormalisedText

_JOINERS = frozenset({"and", "also", "plus", "but", "or", "then", "so", ","})
_QUESTION_WORDS = frozenset(("what", "which", "who", "whose", "how", "where", "when", "why"))
_STARTERS = frozenset(
    [
        "what",
        "which",
        "who",
        "whose",
        "how",
        "where",
        "when",
        "why",
        "do",
        "does",
        "did",
        "is",
        "are",
        "can",
        "could",
        "should",
        "will",
        "would",
        "tell",
        "explain",
        "describe",
        "list",
        "compare",
        "give",
        "show",
    ]
)
_STOPS = frozenset({".", "?", "!", ";", "\n"})
_LONGEST = 4
"""Parts answered in one reply; what follows is left to the next message."""
_SHORTEST_WORDS = 2
_WORD = "word"
_ENDS_CLAUSE = frozenset({",", ".", ";", "!", "?", ":", "\n", "but", "though", "however", "although"})
_JOINS_CLAUSES = frozenset({"and", "so", "because"})
_NEW_SUBJECTS = frozenset({"i", "my", "we", "hate", "love", "like", "not"})
_MOST_CLAUSES = 8


@lru_cache(maxsize=1)
def _sentencizer() -> Language:
    nlp = spacy.blank("en")
    nlp.add_pipe("sentencizer", config={"punct_chars": [".", "!", "?", ";", "\n"]})
    return nlp


def split_questions(message: NormalisedText) -> list[NormalisedText]:
    """Return the parts of ``message`` in order, at most four; one part means there was nothing to split."""
    words = [token.text for token in message.tokens]
    if not words:
        return []
    # What words say does not matter for where sentences end, and spaCy never forgets one that it has seen.
    marks = [_WORD if len(word) > 1 or word.isalnum() else word for word in words]
    doc = _sentencizer()(Doc(_sentencizer().vocab, words=marks))
    parts = [part for sentence in doc.sents for part in _clauses(message, words, sentence.start, sentence.end)]
    parts = [part for part in parts if len(_bare(part)) >= _SHORTEST_WORDS]
    return parts[:_LONGEST] or [message]


def split_clauses(message: NormalisedText) -> list[NormalisedText]:
    """The clauses of a statement, cut at marks and where another thought begins; at most eight."""
    words = [token.text for token in message.tokens]
    cuts = [0]
    for place, word in enumerate(words):
        following = words[place + 1] if place + 1 < len(words) else ""
        if word in _ENDS_CLAUSE or (word in _JOINS_CLAUSES and following in _NEW_SUBJECTS):
            cuts.append(place + 1)
    spans = zip(cuts, [*cuts[1:], len(words)], strict=True)
    parts = [message.part(start, _without_joiners(words, start, end)) for start, end in spans if end > start]
    kept = [part for part in parts if _bare(part)]
    return kept[:_MOST_CLAUSES] or [message]


def _clauses(message: NormalisedText, words: list[str], start: int, end: int) -> list[NormalisedText]:
    cuts = [start]
    for i in range(start + 1, end - 1):
        if words[i] in _JOINERS and words[i - 1] not in _JOINERS:
            following = i + 1
            while following < end and words[following] in _JOINERS:
                following += 1
            if following < end and words[following] in _STARTERS and not _is_pair(words, i, following):
                cuts.append(following)
    spans = zip(cuts, [*cuts[1:], end], strict=True)
    return [message.part(a, _without_joiners(words, a, b)) for a, b in spans]


def _is_pair(words: list[str], joiner: int, following: int) -> bool:
    """True for "how and why ...", "what or which ...": two question words of one clause."""
    return joiner > 0 and words[joiner - 1] in _QUESTION_WORDS and words[following] in _STARTERS


def _without_joiners(words: list[str], start: int, end: int) -> int:
    while end > start + 1 and words[end - 1] in _JOINERS | _STOPS:
        end -= 1
    return end


def _bare(part: NormalisedText) -> list[str]:
    return [token.text for token in part.tokens if token.text not in _STOPS | {",", ":"}]
