"""Reads questions as the assistant does, but with the knowledge files as they are now and without a trained model."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path

import numpy as np
import yaml

from bot.advice import Question
from bot.knowledge import KnowledgeBase
from bot.language.encoder import Vectors, shared_encoder
from bot.language.phrases import Phrase, PhraseFinder
from bot.language.spelling import Speller, words
from bot.nlu.retriever import role_directions, without

_ANNOTATION = re.compile(r"\[([^\]]*)\](?:\{[^}]*\}|\([^)]*\)|\[[^\]]*\])")
_TOP = 12


def examples_in(path: Path) -> Iterator[tuple[str, str]]:
    """(text without annotations, intent) of each example in a file in Rasa's NLU format.

    Raises OSError, yaml.YAMLError.
    """
    for block in (yaml.safe_load(path.read_text(encoding="utf-8")) or {}).get("nlu") or []:
        for line in str(block.get("examples") or "").splitlines():
            if line.strip().startswith("- "):
                yield _ANNOTATION.sub(r"\1", line.strip()[2:]), str(block.get("intent", ""))


class Reader:
    """Finds what a text names and which facts are nearest in meaning."""

    def __init__(self, kb: KnowledgeBase, shorthand: Path) -> None:
        table = yaml.safe_load(shorthand.read_text(encoding="utf-8"))["shorthand"] if shorthand.is_file() else {}
        phrases = kb.phrases()
        self._speller = Speller.from_texts([text for _, _, text in phrases for _ in (1, 2)], table)
        self._finder = PhraseFinder([Phrase(*phrase) for phrase in phrases], words)
        self._facts = list(kb.facts)
        self._basis = role_directions(kb)
        self.fact_vectors = self.vectors([fact.text for fact in kb.facts.values()])

    def vectors(self, texts: Sequence[str]) -> Vectors:
        """Embeddings without what role names add, of shape (texts, 384)."""
        return without(self._basis, shared_encoder().encode_many(texts))

    def questions(self, examples: Iterable[tuple[str, str]]) -> list[Question]:
        """One question for each (text, intent)."""
        examples = list(examples)
        texts = [self._speller.normalise(text) for text, _ in examples]
        similar = self.vectors([text.text for text in texts]) @ self.fact_vectors.T
        found = []
        for (_, intent), text, row in zip(examples, texts, similar, strict=True):
            best = np.argsort(-row)[:_TOP]
            matches = self._finder.find([token.text for token in text.tokens])
            named = [{"entity": match.kind, "value": match.value} for match in matches]
            hits = [(self._facts[i], float(row[i])) for i in best]
            found.append(Question.from_parse({"intent": intent, "text": text.text, "entities": named, "facts": hits}))
        return found
