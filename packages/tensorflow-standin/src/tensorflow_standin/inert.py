"""The inert modules and classes: enough to define subclasses and annotations, loud when really used."""

from __future__ import annotations

import sys
from importlib.abc import Loader
from importlib.machinery import ModuleSpec
from types import FunctionType, ModuleType
from typing import Any

WAY_OUT = (
    "this environment leaves TensorFlow out; take the component out of config.yml, or run "
    "`uv pip install 'tensorflow==2.12.0' 'protobuf<5' 'numpy<1.24'` (see docs/tensorflow.md)"
)


class TensorFlowMissingError(ImportError):
    """A component that needs TensorFlow was really used."""


def _user_of_tensorflow() -> str:
    """Name of the Rasa class or module that reached for TensorFlow, from the nearest frame outside this file."""
    frame = sys._getframe(1)
    while frame is not None and frame.f_globals.get("__name__", "").startswith("tensorflow_standin"):
        frame = frame.f_back  # type: ignore[assignment]
    if frame is None:
        return "TensorFlow code"
    owner = frame.f_locals.get("self", frame.f_locals.get("cls"))
    if owner is not None:
        return owner.__name__ if isinstance(owner, type) else type(owner).__name__
    return str(frame.f_globals.get("__name__", "TensorFlow code"))


class InertType(type):
    """Metaclass: any attribute is again an inert class, so ``tf.a.b.C`` can be inherited from or annotated with."""

    def __getattr__(cls, name: str) -> type:
        if name.startswith("__"):
            raise AttributeError(name)
        child = InertType(name, (Inert,), {"__module__": cls.__module__})
        setattr(cls, name, child)
        return child

    def __call__(cls, *args: Any, **kwargs: Any) -> Any:
        if not kwargs and len(args) == 1 and isinstance(args[0], FunctionType):
            return args[0]  # used as a plain decorator, e.g. @tf.function
        raise TensorFlowMissingError(f"{_user_of_tensorflow()} needs TensorFlow: {WAY_OUT}")


class Inert(metaclass=InertType):
    """Base of all inert classes."""


class InertModule(ModuleType):
    """A module whose attributes are inert classes."""

    __path__: list[str] = []

    def __getattr__(self, name: str) -> type:
        if name.startswith("__"):
            raise AttributeError(name)
        child = InertType(name, (Inert,), {"__module__": self.__name__})
        setattr(self, name, child)
        return child


class InertLoader(Loader):
    """Creates :class:`InertModule` objects; there is nothing to execute in one."""

    def create_module(self, spec: ModuleSpec) -> ModuleType:
        return InertModule(spec.name)

    def exec_module(self, module: ModuleType) -> None:
        pass


def refuse_in_configurations(validation: ModuleType) -> None:
    """Make Rasa refuse a configuration with a TensorFlow component before it trains anything.

    ``validation`` is ``rasa.engine.validation``. Its check of required packages asks each component for a list, which
    most of Rasa's TensorFlow components leave empty; whether their modules hold the stand-in tells more.
    """
    original = validation._validate_required_packages

    def validate_required_packages(node: Any) -> None:
        if any(_uses_stand_in(cls) for cls in node.uses.__mro__):
            raise validation.GraphSchemaValidationException(f"{node.uses.__name__} needs TensorFlow: {WAY_OUT}.")
        original(node)

    validation._validate_required_packages = validate_required_packages  # type: ignore[attr-defined]


def _uses_stand_in(cls: type) -> bool:
    module = sys.modules.get(cls.__module__)
    return module is not None and any(isinstance(value, InertModule) for value in vars(module).values())
