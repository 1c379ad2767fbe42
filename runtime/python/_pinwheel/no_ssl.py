"""
A stand-in for `ssl` in Workers without OpenSSL (see `cli/worker/openssl.ts`). AnyIO imports the module, and uses it for
sockets, which Workers do not have. To all others, Python has no such module.
"""

import importlib.abc
import importlib.machinery
import sys
import types

from _pyodide import _importhook

from .loading import Loading

NAME = "ssl"

USERS = {"anyio._core._sockets", "anyio.streams.tls"}


class _StandIn(types.ModuleType):
    def __getattr__(self, name):
        if name.startswith("__"):
            raise AttributeError(name)
        error = ModuleNotFoundError(f"No module named {NAME!r}", name=NAME)
        _importhook.add_note_to_module_not_found_error(error)
        raise error


class _Loader(Loading):
    def exec_module(self, module):
        sys.modules[NAME] = _StandIn(NAME)
        try:
            super().exec_module(module)
        finally:
            del sys.modules[NAME]


class _Finder(importlib.abc.MetaPathFinder):
    def find_spec(self, name, path, target=None):
        if name not in USERS or NAME in sys.modules or importlib.machinery.PathFinder.find_spec(NAME):
            return None
        spec = importlib.machinery.PathFinder.find_spec(name, path, target)
        if spec and spec.loader:
            spec.loader = _Loader(spec.loader)
        return spec


def install():
    if not any(isinstance(finder, _Finder) for finder in sys.meta_path):
        sys.meta_path.insert(0, _Finder())
