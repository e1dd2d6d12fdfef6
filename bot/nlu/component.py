"""What all components of the pipeline do alike: made by Rasa, trained once, kept with the model, read back."""

from __future__ import annotations

from pathlib import Path
from typing import Any, ClassVar, Generic, TypeVar

from rasa.engine.graph import ExecutionContext, GraphComponent
from rasa.engine.storage.resource import Resource
from rasa.engine.storage.storage import ModelStorage
from rasa.shared.nlu.training_data.training_data import TrainingData

Learnt = TypeVar("Learnt")


class LearningComponent(GraphComponent, Generic[Learnt]):
    """A component that learns one value from the training data and keeps it in one file of the model.

    A subclass says what is learnt (:meth:`learn`) and how it is written and read; :attr:`learnt` holds it, or None
    before training.
    """

    FILE: ClassVar[str]
    """Name of the file in the component's folder of the model."""

    def __init__(
        self, config: dict[str, Any], storage: ModelStorage, resource: Resource, learnt: Learnt | None = None
    ) -> None:
        self._config = config
        self._storage = storage
        self._resource = resource
        self.learnt = learnt

    def learn(self, training_data: TrainingData) -> Learnt | None:
        """What the training data teach; None where they are too few."""
        ...

    @staticmethod
    def write(learnt: Any, path: Path) -> None:
        """Write what was learnt to a file."""
        ...

    @staticmethod
    def read(path: Path) -> Any:
        """Read what :meth:`write` wrote."""
        ...

    @classmethod
    def create(
        cls,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
    ) -> Any:
        return cls(config, model_storage, resource)

    @classmethod
    def load(
        cls,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
        **kwargs: Any,
    ) -> Any:
        with model_storage.read_from(resource) as directory:
            return cls(config, model_storage, resource, cls.read(directory / cls.FILE))

    def train(self, training_data: TrainingData) -> Resource:
        """Learn, and keep what was learnt with the model."""
        self.learnt = self.learn(training_data)
        if self.learnt is not None:
            with self._storage.write_to(self._resource) as directory:
                self.write(self.learnt, directory / self.FILE)
        return self._resource
