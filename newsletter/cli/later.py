"""Load a library when something of it is first used."""

import importlib
import sys
from importlib.util import find_spec
from types import ModuleType
from typing import Any


class _Later(ModuleType):
    """Stands where a module will be. Its parts can be imported as if it were there."""

    def __getattr__(self, name: str) -> Any:
        if sys.modules.get(self.__name__) is self:
            del sys.modules[self.__name__]
        return getattr(importlib.import_module(self.__name__), name)


def load(name: str) -> None:
    """Let who imports the library *name* have it at once, and wait for it only when they use it.

    importlib's own LazyLoader waits until 3.12 no longer than to the next ``import`` of the same name.
    """
    spec = None if name in sys.modules else find_spec(name)
    if spec:
        made = sys.modules[name] = _Later(name)
        made.__path__ = spec.submodule_search_locations or []
