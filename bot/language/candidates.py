"""What a question may be about, as candidates that compete: facts, kinds that no source covers, what is off topic.

The key of a candidate is the id of a fact, or the id of an uncovered kind after ``uncovered:``, or a kind of off-topic
message after ``off:``.
"""

from __future__ import annotations

import contextlib
import tarfile
import zlib
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from io import BytesIO
from pathlib import Path
from typing import Any

from bot.knowledge import KnowledgeBase
from bot.language.answer_index import AnswerIndex, Candidate, texts_of
from bot.language.encoder import shared_encoder
from bot.model_files import content_of

UNCOVERED, OFF_TOPIC = "uncovered:", "off:"
"""What the keys of candidates that are no facts begin with."""

OFF_TOPIC_INTENTS = "offtopic_"
"""What the names of intents for off-topic messages begin with."""

COMPARES = "ask_difference"
"""The intent whose examples ask for a comparison of the roles."""

INDEX_FILE = "answers.npz"
"""What the index over all candidates is called in a model."""

Examples = Mapping[str, Sequence[tuple[str, Sequence[Mapping[str, Any]]]]]
"""NLU examples by intent: each a text and its entities, which have "entity" and "value"."""


def candidates_of(
    kb: KnowledgeBase, examples: Examples, off_topic: str = OFF_TOPIC_INTENTS, read: Mapping[str, str] | None = None
) -> list[Candidate]:
    """All candidates of a knowledge base and of NLU ``examples``; ``off_topic`` begins the names of such intents.

    ``read`` has the normalised form of the knowledge base's own questions, where they are known.
    """
    read = read or {}
    found: list[Candidate] = []
    questions: dict[str, list[str]] = defaultdict(list)
    for topic in kb.topics.values():
        for text, entities in examples.get(topic.intent, ()):
            for answer in _asked_for(kb, topic.id, entities):
                questions[answer].append(text)
    compared = kb.lead("comparison", kb.roles)
    if compared:
        alone = [text for text, entities in examples.get(COMPARES, ()) if not _names_thing(entities)]
        questions[compared.id] += alone
    for fact in kb.facts.values():
        own = [read.get(question) or question for question in fact.questions]
        found.append(Candidate(fact.id, fact.text, fact.point, _distinct([*own, *questions[fact.id]])))
    for kind in kb.uncovered.values():
        # Questions about a topic without facts are questions of the kind that stands in for it.
        intents = [f"uncovered_{kind.id}", *(f"ask_{topic}" for topic in kind.unless_topics)]
        asked = [text for intent in intents for text, _ in examples.get(intent, ())]
        own = [read.get(question) or question for question in (*kind.examples, *kind.in_part)]
        found.append(Candidate(UNCOVERED + kind.id, kind.name, kind.phrase, _distinct([*own, *asked])))
    for intent, asked_there in examples.items():
        if intent.startswith(off_topic):
            name = OFF_TOPIC + intent.removeprefix(off_topic)
            found.append(Candidate(name, "", "", _distinct(text for text, _ in asked_there)))
    return found


def mixed_intents(kb: KnowledgeBase) -> set[str]:
    """Intents whose examples may be of either sort: of topics beyond the article some sides are covered, many not."""
    with_facts = {fact.topic for fact in kb.facts.values()}
    in_article = {fact.topic for fact in kb.facts.values() if kb.kind_of(fact) == "article"}
    return {kb.topics[topic].intent for topic in with_facts - in_article}


def index_of(kb: KnowledgeBase, models: Sequence[Path] = ()) -> AnswerIndex:
    """The index that was learnt in the first of the trained ``models`` that knows all facts.

    Without such a model it is one that knows the texts of the facts and has learnt nothing.
    """
    for model in models:
        with contextlib.suppress(OSError, EOFError, tarfile.TarError, zlib.error, ValueError, KeyError):
            index = AnswerIndex.read(BytesIO(content_of(model, INDEX_FILE)))
            if kb.facts.keys() <= set(index.keys):
                return index
    candidates = [Candidate(fact.id, fact.text, fact.point) for fact in kb.facts.values()]
    texts = texts_of(candidates)
    return AnswerIndex.fit(candidates, dict(zip(texts, shared_encoder().encode_many(texts), strict=True)))


def _asked_for(kb: KnowledgeBase, topic: str, entities: Iterable[Mapping[str, Any]]) -> list[str]:
    """The facts that answer an example question about a topic: its overview for the roles that it names, or for all."""
    if _names_thing(entities):
        return []
    named = [str(e["value"]) for e in entities if e["entity"] == "role"]
    roles = [role for role in named if role in kb.roles] or list(kb.main_roles)
    facts = [kb.overview(role, topic) for role in roles]
    return list(dict.fromkeys(fact.id for fact in facts if fact))


def _names_thing(entities: Iterable[Mapping[str, Any]]) -> bool:
    return any(e["entity"] in ("thing", "topic") for e in entities)


def _distinct(texts: Iterable[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(text.lower() for text in texts))
