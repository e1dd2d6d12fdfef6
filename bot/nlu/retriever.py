"""Semantic index over the facts: which facts mean nearly the same as the question, whatever words it uses.

Nearly every fact and many questions name a role, so plain similarity mostly says "both are about ML engineers". The
directions that role names span are therefore taken out of all vectors first (as in Mu and Viswanath 2018, "All-but-
the-top", for common directions); what is left compares what is said about the roles.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from rasa.engine.graph import ExecutionContext, GraphComponent
from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.engine.storage.resource import Resource
from rasa.engine.storage.storage import ModelStorage
from rasa.nlu.featurizers.featurizer import Featurizer
from rasa.shared.nlu.constants import TEXT
from rasa.shared.nlu.training_data.message import Message
from rasa.shared.nlu.training_data.training_data import TrainingData

from bot.knowledge import KnowledgeBase, load_knowledge
from bot.language.embedding_cache import embed_for_training
from bot.language.encoder import Vectors, shared_encoder
from bot.nlu.classifier import QUESTIONS

_INDEX = "facts.npz"
_MOST_DIRECTIONS = 16


# Registered as a classifier because Rasa asks only those for nothing but `train` and `process`.
@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.INTENT_CLASSIFIER, is_trainable=True)
class FactRetriever(GraphComponent):
    """Adds ``facts``, a list of [fact id, cosine similarity], best first, to each question of the parse result."""

    @classmethod
    def required_components(cls) -> list[type]:
        return [Featurizer]

    @staticmethod
    def get_default_config() -> dict[str, Any]:
        """Configuration: where the knowledge base is, and how many facts a question gets."""
        return {"knowledge": "data/knowledge", "top": 12}

    @classmethod
    def fingerprint_addon(cls, config: dict[str, Any]) -> str | None:
        """Retrain when the knowledge base changed."""
        return load_knowledge({**cls.get_default_config(), **config}["knowledge"]).fingerprint()

    def __init__(
        self,
        config: dict[str, Any],
        storage: ModelStorage,
        resource: Resource,
        ids: tuple[str, ...] = (),
        vectors: Vectors | None = None,
        basis: Vectors | None = None,
    ) -> None:
        self._config = config
        self._storage = storage
        self._resource = resource
        self._ids = ids
        self._vectors = vectors
        self._basis = basis

    @classmethod
    def create(
        cls,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
    ) -> FactRetriever:
        return cls(config, model_storage, resource)

    def train(self, training_data: TrainingData) -> Resource:
        """Embed every fact and store the index with the model."""
        knowledge = load_knowledge(self._config["knowledge"])
        facts = list(knowledge.facts.values())
        self._ids = tuple(fact.id for fact in facts)
        self._basis = role_directions(knowledge)
        self._vectors = without(self._basis, embed_for_training(shared_encoder(), [fact.text for fact in facts]))
        with self._storage.write_to(self._resource) as directory:
            np.savez(directory / _INDEX, ids=np.array(self._ids), vectors=self._vectors, basis=self._basis)
        return self._resource

    @classmethod
    def load(
        cls,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
        **kwargs: Any,
    ) -> FactRetriever:
        """Load the index of a trained model."""
        with model_storage.read_from(resource) as directory, np.load(directory / _INDEX, allow_pickle=False) as data:
            ids = tuple(str(i) for i in data["ids"])
            return cls(config, model_storage, resource, ids, data["vectors"], data["basis"])

    def process(self, messages: list[Message]) -> list[Message]:
        """Add the nearest facts to each question of each message."""
        if self._vectors is None:
            return messages
        for message in messages:
            for question in message.get(QUESTIONS, []) if message.get(TEXT) else []:
                question["facts"] = self.nearest(*question.pop("clauses", [question["text"]]))
        return messages

    def nearest(self, *texts: str) -> list[tuple[str, float]]:
        """Return the ids of the facts nearest to any of ``texts`` with their best cosine similarity, best first."""
        assert self._vectors is not None and self._basis is not None
        scores = (without(self._basis, shared_encoder().encode(list(texts))) @ self._vectors.T).max(axis=0)
        top = min(self._config["top"], len(scores))
        best = np.argpartition(-scores, top - 1)[:top]
        best = best[np.argsort(-scores[best], kind="stable")]
        return [(self._ids[i], round(float(scores[i]), 4)) for i in best]


def role_directions(knowledge: KnowledgeBase) -> Vectors:
    """An orthonormal basis of what the names of the roles have in common.

    Its shape is (two for each role but 16 at most, 384): many roles would span everything there is.
    """
    names = [
        name
        for role in knowledge.roles.values()
        for name in (role.plural, role.name, *[alias for alias in role.aliases if len(alias) > 10 and " " in alias][:2])
    ]
    _, _, directions = np.linalg.svd(shared_encoder().encode(names), full_matrices=False)
    basis: Vectors = directions[: min(2 * len(knowledge.roles), _MOST_DIRECTIONS)].astype(np.float32)
    return basis


def without(basis: Vectors, vectors: Vectors) -> Vectors:
    """``vectors`` without their share in the ``basis`` directions, scaled to length 1 again."""
    rest = vectors - (vectors @ basis.T) @ basis
    result: Vectors = (rest / np.maximum(np.linalg.norm(rest, axis=1, keepdims=True), 1e-6)).astype(np.float32)
    return result
