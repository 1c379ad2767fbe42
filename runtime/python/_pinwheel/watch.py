"""
Run at build time only: what the project does at import that no snapshot may hold. Whatever is on the way of imports
to it is left out of the snapshot.
"""

import importlib.abc
import importlib.util
import json
import sys
import time

from .loading import Loading

PROJECT = "/session/metadata/"

#: Their state is seeded anew when a snapshot is restored (see `fresh`).
RESEEDED = ("random", "numpy.random")
#: Packages whose draws are known to be no secrets, so that instances may share them: seeds of hash tables in Rust
#: (pydantic-core, and pydantic as it calls that), and unique names of context keys (OpenTelemetry, and FastAPI, which
#: makes some).
HARMLESS = ("pydantic_core", "pydantic", "opentelemetry", "fastapi.telemetry")
KINDS = ("entropy", "network")
CLOCKS = ("time", "time_ns", "monotonic", "monotonic_ns")

_counts = None
_before = set()
_stack = []
_found = {}
_unsafe = set()


class _Import:
    """The import of one module, as long as it is under way."""

    def __init__(self, name):
        self.name = name
        self.before = _read()
        self.by_others = dict.fromkeys(KINDS, 0)

    def finish(self):
        for kind, total in _read().items():
            during = total - self.before[kind]
            if _stack:
                _stack[-1].by_others[kind] += during
            if during > self.by_others[kind] and not (kind == "entropy" and _is_shared(self.name)):
                _found.setdefault((kind, self.name))
                _unsafe.update([self.name, *(one.name for one in _stack)])


def _read():
    return {kind: getattr(_counts, kind) for kind in KINDS}


def _is_shared(name):
    return any(name == one or name.startswith(f"{one}.") for one in (*RESEEDED, *HARMLESS))


class _Watching(Loading):
    def exec_module(self, module):
        one = _Import(module.__name__)
        _stack.append(one)
        try:
            super().exec_module(module)
        finally:
            _stack.pop()
            one.finish()


class _Finder(importlib.abc.MetaPathFinder):
    def find_spec(self, name, path, target=None):
        for finder in sys.meta_path:
            spec = None if finder is self else finder.find_spec(name, path, target)
            if spec is not None:
                if spec.loader is not None and hasattr(spec.loader, "exec_module"):
                    spec.loader = _Watching(spec.loader)
                return spec
        return None


def begin(counts):
    """From here on. `counts` is an object of JavaScript: how often the host was asked for each kind."""
    global _counts, _before
    _counts = counts
    _before = set(sys.modules)
    sys.meta_path.insert(0, _Finder())
    for name in CLOCKS:
        setattr(time, name, _watched(getattr(time, name)))


def _watched(clock):
    def read():
        if _stack:
            _found.setdefault(("clock", _stack[-1].name))
        return clock()

    read.clock = clock
    return read


def end(main):
    """
    Leaves no trace. Returns JSON: what was found, and the modules that a snapshot may have, in the order of their
    imports; `main` alone if that is one of them.
    """
    global _counts
    _counts = None
    sys.meta_path[:] = [finder for finder in sys.meta_path if not isinstance(finder, _Finder)]
    for name in CLOCKS:
        setattr(time, name, getattr(time, name).clock)
    imported = [name for name in sys.modules if name not in _before and name not in _unsafe]
    foreign = [name for name in imported if not _is_own(sys.modules[name])]
    sys.modules.pop(__name__)
    return json.dumps(
        {
            "remarks": [{"code": kind, "module": module} for kind, module in _found],
            "safe": [main] if main not in _unsafe else imported,
            "foreign": foreign,
        }
    )


def _is_own(module):
    return (getattr(module, "__file__", None) or "").startswith(PROJECT)
