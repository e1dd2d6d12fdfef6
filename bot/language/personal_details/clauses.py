"""Tells clauses in which people say who they are from clauses that say what they do, know, like or ask.

The classifier learns from the example clauses of data/personal_details.yml: what a clause is counts, and not a word.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path
from typing import Any

from bot.language.encoder import Vectors
from bot.language.softmax import SoftmaxClassifier
from bot.language.spelling import NormalisedText

Embed = Callable[[Sequence[str]], Vectors]
"""Gives texts their embeddings, shape (n, 384)."""

MARKS = frozenset(".?!;:,\n")
_GAP = re.compile(r"[()\[\]{}–—…|•*]|(?:^|\s)-+\s|[\U0001f000-\U0001faff\u2600-\u27bf]")
"""What the tokenizer leaves out and what yet divides a sentence: brackets, dashes, pictures."""

_LONG_BEFORE_WITH = 3
_STRENGTH = 20.0
_WORD_WEIGHT = 0.7
_PERSONAL, _KEPT, _EMPTY, _MESSAGES, _URGENT, _ABOUT = "personal:", "kept:", "empty", "messages", "urgent", "about"


@dataclass(frozen=True)
class Clause:
    """Tokens ``start`` to ``end`` of a text: joiners, what is said (``first`` to ``last``), and a mark.

    ``asks``: it is a question, or a part of one.
    """

    start: int
    first: int
    last: int
    end: int
    asks: bool


class ClauseSplitter:
    """Splits normalised messages into clauses. Not bound to Rasa; safe to share."""

    def __init__(self, grammar: Mapping[str, Sequence[str]]) -> None:
        """``grammar`` is the part of that name of data/personal_details.yml. Raises KeyError if a list is missing."""
        self._joiners = frozenset(grammar["joiners"])
        self._conjunctions = self._joiners - frozenset(grammar["question_words"])
        self._leads = frozenset(grammar["leads"])
        self._fillers = frozenset(grammar["fillers"])
        self._after_as = frozenset(grammar["after_as"])
        self._question_words = frozenset(grammar["question_words"])
        self._auxiliaries = frozenset(grammar["auxiliaries"])
        self._requests = frozenset(grammar["requests"])
        self._asking = self._question_words | self._auxiliaries | self._requests
        self._after_with = frozenset((*grammar["after_with"], *grammar["numbers"]))
        self._before_as = frozenset(grammar["before_as"])
        self._prepositions = frozenset((*grammar["prepositions"], *grammar["other_prepositions"]))
        self._pronouns = frozenset(grammar["pronouns"])
        self._subjects = frozenset(grammar["subjects"])
        self._after_so = self._asking | self._pronouns | self._subjects | {"my"}
        self._after_i = frozenset(grammar["after_i"])

    def split(self, message: str, text: NormalisedText) -> list[Clause]:
        """The clauses of ``text``, the normalised ``message``, in order; together they are all of it."""
        words = [token.text for token in text.tokens]
        cuts = [0]
        for i in range(1, len(words)):
            gap = message[text.tokens[i - 1].end : text.tokens[i].start]
            if self._begins(words, i, cuts[-1], gap):
                cuts.append(i)
        return [self._clause(words, start, end) for start, end in pairwise((*cuts, len(words)))]

    def bare(self, words: Sequence[str]) -> Sequence[str]:
        """The words of a clause without joiners before them."""
        clause = self._clause(words, 0, len(words))
        return words[clause.first : clause.last]

    def _begins(self, words: Sequence[str], i: int, start: int, gap: str) -> bool:
        """Whether a clause begins with word ``i``, in one that began at ``start``; ``gap`` stands before it."""
        word, before = words[i], words[i - 1]
        if word in MARKS:
            return False
        if before in MARKS or _GAP.search(gap):
            return True
        if before in self._joiners or self._is_lead(words, i - 1):
            return False
        following = words[i + 1] if i + 1 < len(words) else ""
        if word in self._joiners or self._is_lead(words, i):
            refused = {"as": before in self._before_as, "so": following not in self._after_so}
            return before not in self._prepositions and following != "of" and not refused.get(word, False)
        if word == "i":  # "I like data I am a widow"
            return following in self._after_i and before not in self._asking | self._prepositions | self._fillers
        if word == "with":  # "I am a nurse | with three kids"
            return following in self._after_with and "i" in words[start : i - _LONG_BEFORE_WITH]
        if word in self._auxiliaries:  # "I was taught at home should I ..."
            return following in self._subjects and before not in self._pronouns and words[start] not in self._asking
        return self._is_question_word(words, i) and before not in self._prepositions

    def _is_question_word(self, words: Sequence[str], i: int) -> bool:
        """Not the "when" of "when I was a child"."""
        following = words[i + 1] if i + 1 < len(words) else ""
        return words[i] in self._question_words and following not in self._pronouns

    def _is_lead(self, words: Sequence[str], i: int) -> bool:
        """Whether word ``i`` introduces what follows: "being", "as a"."""
        following = words[i + 1] if i + 1 < len(words) else ""
        return following in self._after_as if words[i] == "as" else words[i] in self._leads

    def _clause(self, words: Sequence[str], start: int, end: int) -> Clause:
        first, last = start, end
        while last > first and words[last - 1] in MARKS:
            last -= 1
        if start > 0 and words[start - 1] not in MARKS and words[start] in self._joiners - self._conjunctions:
            first += 1  # the "who" of "somebody who ...", which asks nothing
        while first < last and words[first] in self._conjunctions:
            first += 1
        while first < last - 1 and words[first] in self._fillers:
            first += 1
        opening = next((i for i in range(first, last) if words[i] not in self._leads), first)
        asks = list(words[last:end]) == ["?"] or (
            first < last
            and (self._is_question_word(words, opening) or words[opening] in self._asking - self._question_words)
        )
        return Clause(start, first, last, end, asks)


@dataclass(frozen=True)
class Verdict:
    """How probable it is what a clause is: who somebody is, a question about that, empty, a cry for help."""

    personal: float
    about: float
    empty: float
    urgent: float


class ClauseClassifier:
    """Probabilities of what a clause is."""

    def __init__(self, model: SoftmaxClassifier) -> None:
        self._model = model
        self._personal = [i for i, label in enumerate(model.labels) if label.startswith(_PERSONAL)]
        self._about = model.labels.index(_ABOUT)
        self._empty = model.labels.index(_EMPTY)
        self._urgent = model.labels.index(_URGENT) if _URGENT in model.labels else None

    @classmethod
    def fit(cls, examples: Iterable[tuple[str, str]], embed: Embed) -> ClauseClassifier:
        """Learn from pairs of label and normalised clause, as :func:`labelled` and :func:`others` make them."""
        labels, texts = zip(*examples, strict=True)
        return cls(SoftmaxClassifier.fit(texts, embed(texts), labels, _STRENGTH, _WORD_WEIGHT))

    def judge(self, text: str, vector: Vectors) -> Verdict:
        """What a normalised clause and its embedding, shape (384,), say."""
        found = self._model.probabilities(text, vector)
        urgent = float(found[self._urgent]) if self._urgent is not None else 0.0
        return Verdict(float(found[self._personal].sum()), float(found[self._about]), float(found[self._empty]), urgent)

    def save(self, path: Path) -> None:
        """Write everything to an .npz file."""
        self._model.save(path)

    @classmethod
    def read(cls, path: Path) -> ClauseClassifier:
        """Read what :meth:`save` wrote; nothing in the file is executed."""
        return cls(SoftmaxClassifier.read(path))


def labelled(examples: Mapping[str, Any], prepare: Callable[[str], str]) -> Iterator[tuple[str, str]]:
    """Label and clause of each example of data/personal_details.yml, and of its variants.

    ``prepare`` makes of a clause what the classifier reads.
    """
    groups = [(_PERSONAL + kind, clauses) for kind, clauses in examples["personal"].items()]
    groups += [(_KEPT + kind, clauses) for kind, clauses in examples["kept"].items()]
    for label, clauses in (*groups, (_ABOUT, examples["asks_about_it"]), (_EMPTY, examples["says_nothing"])):
        for clause in clauses:
            text = prepare(str(clause))
            yield label, text
            if ":" in label:
                yield from ((label, variant) for variant in _variants(text) if " " in variant)


def _variants(clause: str) -> Iterator[str]:
    """What a clause is when it goes on with another or stands before it: "I am a nurse", "a nurse", "as a nurse"."""
    shorter = re.sub(r"^i (?:am |have been )?", "", clause)
    if shorter != clause:
        yield shorter
    if re.match(r"i am an? ", clause):
        yield "as " + shorter


def others(messages: Iterable[str], urgent: Iterable[str]) -> Iterator[tuple[str, str]]:
    """Label and text of messages in which nobody says who they are, and of cries for help."""
    yield from ((_MESSAGES, message) for message in messages)
    yield from ((_URGENT, message) for message in urgent)
