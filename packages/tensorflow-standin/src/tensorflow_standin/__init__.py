"""Import hook that answers for TensorFlow where it is not installed.

Rasa 3.6 imports TensorFlow whenever it lists its own components, used or not. The `.pth` file beside this package
calls :func:`install` at interpreter start. The finder goes to the END of ``sys.meta_path``, so it is asked only after
every regular finder has said no: an installed TensorFlow always wins. The heavy half lives in :mod:`.inert` and is
imported only when somebody really asks for one of the names.
"""

from __future__ import annotations

import sys
from importlib.abc import Loader, MetaPathFinder
from importlib.machinery import ModuleSpec
from importlib.util import find_spec
from typing import Any

STOOD_IN_FOR = frozenset({"tensorflow", "tensorflow_hub", "tensorflow_text", "keras"})


class StandInFinder(MetaPathFinder):
    """Offers an inert module for the top-level names in :data:`STOOD_IN_FOR` and everything below them."""

    def find_spec(self, fullname: str, path: Any = None, target: Any = None) -> ModuleSpec | None:
        """Return a spec for ``fullname``, or None when it is not ours or its parent is a real package."""
        root = fullname.partition(".")[0]
        if root not in STOOD_IN_FOR:
            return None
        from tensorflow_standin import inert

        parent = sys.modules.get(root)
        if parent is not None and not isinstance(parent, inert.InertModule):
            return None  # a real package that merely lacks this submodule: let the import fail as it should
        return ModuleSpec(fullname, inert.InertLoader(), is_package=True)


class ValidationWatcher(MetaPathFinder):
    """Waits for Rasa's validation of configurations and teaches it to refuse TensorFlow components."""

    def find_spec(self, fullname: str, path: Any = None, target: Any = None) -> ModuleSpec | None:
        """Load ``rasa.engine.validation`` as usual, with an afterthought; None for everything else."""
        if fullname != "rasa.engine.validation":
            return None
        sys.meta_path.remove(self)
        spec = find_spec(fullname)
        if spec and spec.loader:
            spec.loader = _WithAfterthought(spec.loader)
        return spec


class _WithAfterthought(Loader):
    def __init__(self, loader: Loader) -> None:
        self._loader = loader

    def create_module(self, spec: ModuleSpec) -> Any:
        return self._loader.create_module(spec)

    def exec_module(self, module: Any) -> None:
        self._loader.exec_module(module)
        from tensorflow_standin.inert import refuse_in_configurations

        refuse_in_configurations(module)


def install() -> None:
    """Register the finder once, last in line, and the watcher first."""
    if not any(isinstance(finder, StandInFinder) for finder in sys.meta_path):
        sys.meta_path.append(StandInFinder())
        sys.meta_path.insert(0, ValidationWatcher())
