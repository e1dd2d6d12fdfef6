"""Learns to find facts as training does, from the knowledge files as they are now and without a trained model."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import yaml

from bot.knowledge import KnowledgeBase
from bot.language.answer_index import AnswerIndex, Candidate, texts_of
from bot.language.candidates import candidates_of
from bot.language.embedding_cache import embed_for_training
from bot.language.encoder import Vectors, shared_encoder

FOLDS = 3
"""How often the index is learnt, each time without another third of the facts' questions."""

REACH = 5
"""A question reaches a fact that is among so many best candidates."""

_ANNOTATION = re.compile(r"\[(?P<words>[^\]]*)\](?:\((?P<short>[^)]*)\)|(?P<long>\{[^}]*\}))")


def annotated_in(path: Path) -> Iterator[tuple[str, str, list[dict[str, Any]]]]:
    """(text without annotations, intent, entities) of each example in a file in Rasa's NLU format.

    Raises OSError, yaml.YAMLError.
    """
    for block in (yaml.safe_load(path.read_text(encoding="utf-8")) or {}).get("nlu") or []:
        for line in str(block.get("examples") or "").splitlines():
            if line.strip().startswith("- "):
                example = line.strip()[2:]
                entities = [_entity(found) for found in _ANNOTATION.finditer(example)]
                yield _ANNOTATION.sub(r"\g<words>", example), str(block.get("intent", "")), entities


def _entity(found: re.Match[str]) -> dict[str, Any]:
    given = yaml.safe_load(found["long"]) if found["long"] else {"entity": found["short"]}
    return {"value": found["words"], **given}


def examples_in(path: Path) -> Iterator[tuple[str, str]]:
    """(text without annotations, intent) of each example in a file in Rasa's NLU format.

    Raises OSError, yaml.YAMLError.
    """
    return ((text, intent) for text, intent, _ in annotated_in(path))


class Reader:
    """Says how near facts are to each other and to the questions that they are to answer."""

    def __init__(self, kb: KnowledgeBase, nlu: Iterable[Path]) -> None:
        """``nlu``: files in Rasa's NLU format. Raises OSError, yaml.YAMLError."""
        examples: dict[str, list[tuple[str, list[dict[str, Any]]]]] = defaultdict(list)
        for path in nlu:
            for text, intent, entities in annotated_in(path):
                examples[intent].append((text.lower(), entities))
        self._kb = kb
        self._candidates = candidates_of(kb, examples)
        texts = texts_of(self._candidates)
        self._vectors = dict(zip(texts, embed_for_training(shared_encoder(), texts), strict=True))

    def similarities(self) -> Vectors:
        """The cosine of each two facts' texts, in the order of the knowledge base."""
        vectors = np.stack([self._vectors[fact.text] for fact in self._kb.facts.values()])
        result: Vectors = vectors @ vectors.T
        return result

    def reached(self) -> Mapping[str, tuple[int, int]]:
        """For each fact how many of its own questions reach it when they are left out of the learning, and of how many.

        Each question is left out once, together with a third of all others.
        """
        right: dict[str, set[str]] = defaultdict(set)
        for fact in self._kb.facts.values():
            for question in fact.questions:
                right[question.lower()].add(fact.id)
        questions = list(right)
        counts = {fact: [0, 0] for fact in self._kb.facts}
        for fold in range(FOLDS):
            left_out = questions[fold::FOLDS]
            index = AnswerIndex.fit(_without(self._candidates, set(left_out)), self._vectors)
            for question, scores in zip(left_out, index.scores(_stacked(self._vectors, left_out)), strict=True):
                best = {key for key, _, _ in index.best(scores, REACH)}
                for fact_id in right[question]:
                    counts[fact_id][0] += fact_id in best
                    counts[fact_id][1] += 1
        return {fact: (found, asked) for fact, (found, asked) in counts.items()}


def _without(candidates: Sequence[Candidate], left_out: set[str]) -> list[Candidate]:
    return [replace(c, examples=tuple(e for e in c.examples if e not in left_out)) for c in candidates]


def _stacked(vectors: Mapping[str, Vectors], texts: Sequence[str]) -> Vectors:
    return np.stack([vectors[text] for text in texts]) if texts else np.zeros((0, 384), np.float32)
