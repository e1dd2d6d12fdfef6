"""Rasa dense featurizer: one sentence embedding a message, shared by the classifier and the ranker."""

from __future__ import annotations

from typing import Any

import numpy as np
from rasa.engine.graph import ExecutionContext, GraphComponent
from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.engine.storage.resource import Resource
from rasa.engine.storage.storage import ModelStorage
from rasa.nlu.featurizers.dense_featurizer.dense_featurizer import DenseFeaturizer
from rasa.nlu.tokenizers.tokenizer import Tokenizer
from rasa.shared.nlu.constants import FEATURE_TYPE_SENTENCE, TEXT
from rasa.shared.nlu.training_data.features import Features
from rasa.shared.nlu.training_data.message import Message
from rasa.shared.nlu.training_data.training_data import TrainingData

from bot.language.embedding_cache import embed_for_training
from bot.language.encoder import Vectors, encoder_version, shared_encoder
from bot.nlu.tokenizer import normalised


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.MESSAGE_FEATURIZER, is_trainable=False)
class SentenceEmbeddingFeaturizer(DenseFeaturizer, GraphComponent):
    """Adds the MiniLM embedding of the normalised text as sentence features of shape (1, 384)."""

    @classmethod
    def required_components(cls) -> list[type]:
        return [Tokenizer]

    @staticmethod
    def required_packages() -> list[str]:
        return ["onnxruntime", "tokenizers"]

    @staticmethod
    def get_default_config() -> dict[str, Any]:
        return {**DenseFeaturizer.get_default_config()}

    def __init__(self, config: dict[str, Any], name: str) -> None:
        super().__init__(name, config)
        self._encoder = shared_encoder()

    @classmethod
    def create(
        cls,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
    ) -> SentenceEmbeddingFeaturizer:
        return cls(config, execution_context.node_name)

    @classmethod
    def fingerprint_addon(cls, config: dict[str, Any]) -> str | None:
        """What is kept of earlier training has to be of the same encoder."""
        return encoder_version()

    @classmethod
    def validate_config(cls, config: dict[str, Any]) -> None:
        """Nothing to check: the featurizer has no settings of its own."""

    def process(self, messages: list[Message]) -> list[Message]:
        """Add features to each message."""
        for message in messages:
            text = normalised(message).text
            if text:
                self._add(message, self._encoder.encode([text]))
        return messages

    def process_training_data(self, training_data: TrainingData) -> TrainingData:
        """Add features to all examples, in batches."""
        messages = [m for m in training_data.training_examples if normalised(m).text]
        vectors = embed_for_training(self._encoder, [normalised(m).text for m in messages])
        for message, vector in zip(messages, vectors, strict=True):
            self._add(message, vector[np.newaxis, :])
        return training_data

    def _add(self, message: Message, vectors: Vectors) -> None:
        message.add_features(Features(vectors, FEATURE_TYPE_SENTENCE, TEXT, self._identifier))


def sentence_vector(message: Message) -> Vectors | None:
    """The sentence embedding of a message as an array of shape (384,), or None where it has none."""
    # Message.get_dense_features() gives the same where there is one featurizer, but copies deeply to combine several.
    found = (f for f in message.features if f.attribute == TEXT and f.type == FEATURE_TYPE_SENTENCE and f.is_dense())
    features = next(found, None)
    if features is None:
        return None
    vector: Vectors = np.asarray(features.features, dtype=np.float32).reshape(-1)
    return vector
