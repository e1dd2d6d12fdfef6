"""The inert modules and classes: enough to define subclasses and annotations, loud when really used."""

from __future__ import annotations

import sys
from collections.abc import Iterable
from importlib.abc import Loader
from importlib.machinery import ModuleSpec
from types import FunctionType, ModuleType
from typing import Any

from tensorflow_standin import STOOD_IN_FOR

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
    """Creates :class:`InertModule` objects; executing one only makes Rasa's package check tell the truth."""

    def create_module(self, spec: ModuleSpec) -> ModuleType:
        return InertModule(spec.name)

    def exec_module(self, module: ModuleType) -> None:
        report_as_missing()


def report_as_missing() -> None:
    """Make Rasa's check of required packages count inert modules as not installed.

    ``rasa.engine.validation`` asks ``rasa.utils.common.find_unavailable_packages`` before it trains; with the answer
    corrected, a TensorFlow component in ``config.yml`` ends in Rasa's own one-line error that names it.
    """
    common = sys.modules.get("rasa.utils.common")
    original = getattr(common, "find_unavailable_packages", None)
    if original is None or getattr(original, "knows_stand_in", False):
        return

    def find_unavailable_packages(package_names: Iterable[str]) -> set[str]:
        names = list(package_names)
        missing = set(original(names))
        stood_in = {n for n in names if isinstance(sys.modules.get(n.partition(".")[0]), InertModule)}
        return missing | {f"{name} ({WAY_OUT})" for name in stood_in if name.partition(".")[0] in STOOD_IN_FOR}

    find_unavailable_packages.knows_stand_in = True  # type: ignore[attr-defined]
    common.find_unavailable_packages = find_unavailable_packages  # type: ignore[union-attr]
