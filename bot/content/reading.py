"""Reads questions as the assistant does, but with the knowledge files as they are now and without a trained model."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from pathlib import Path

import numpy as np
import yaml

from bot.advice import Question
from bot.knowledge import KnowledgeBase
from bot.language.answer_index import AnswerIndex, Candidate, texts_of
from bot.language.embedding_cache import embed_for_training
from bot.language.encoder import shared_encoder
from bot.language.phrases import Phrase, PhraseFinder
from bot.language.spelling import Speller, words
from bot.nlu.ranker import UNCOVERED

_ANNOTATION = re.compile(r"\[([^\]]*)\](?:\{[^}]*\}|\([^)]*\)|\[[^\]]*\])")
_TOP = 24


def examples_in(path: Path) -> Iterator[tuple[str, str]]:
    """(text without annotations, intent) of each example in a file in Rasa's NLU format.

    Raises OSError, yaml.YAMLError.
    """
    for block in (yaml.safe_load(path.read_text(encoding="utf-8")) or {}).get("nlu") or []:
        for line in str(block.get("examples") or "").splitlines():
            if line.strip().startswith("- "):
                yield _ANNOTATION.sub(r"\1", line.strip()[2:]), str(block.get("intent", ""))


class Reader:
    """Finds what a text names and what it may be about, with an index learnt from the knowledge files alone."""

    def __init__(self, kb: KnowledgeBase, shorthand: Path) -> None:
        table = yaml.safe_load(shorthand.read_text(encoding="utf-8"))["shorthand"] if shorthand.is_file() else {}
        phrases = kb.phrases()
        self._speller = Speller.from_texts([text for _, _, text in phrases for _ in (1, 2)], table)
        self._finder = PhraseFinder([Phrase(*phrase) for phrase in phrases], words)
        facts = [Candidate(f.id, f.text, f.point, _lower(f.questions)) for f in kb.facts.values()]
        kinds = [Candidate(UNCOVERED + k.id, k.name, k.phrase, _lower(k.examples)) for k in kb.uncovered.values()]
        texts = texts_of([*facts, *kinds])
        vectors = dict(zip(texts, embed_for_training(shared_encoder(), texts), strict=True))
        self._index = AnswerIndex.fit([*facts, *kinds], vectors)
        self.fact_vectors = np.stack([vectors[fact.text] for fact in kb.facts.values()])

    def questions(self, examples: Iterable[tuple[str, str]]) -> list[Question]:
        """One question for each (text, intent)."""
        examples = list(examples)
        texts = [self._speller.normalise(text) for text, _ in examples]
        if not texts:
            return []
        scores = self._index.scores(shared_encoder().encode_many([text.text for text in texts]))
        found = []
        for (_, intent), text, row in zip(examples, texts, scores, strict=True):
            matches = self._finder.find([token.text for token in text.tokens])
            named = [{"entity": match.kind, "value": match.value} for match in matches]
            best = self._index.best(row, _TOP)
            parse = {"intent": intent, "text": text.text, "entities": named, "candidates": best}
            found.append(Question.from_parse(parse))
        return found


def _lower(texts: Iterable[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(text.lower() for text in texts))
