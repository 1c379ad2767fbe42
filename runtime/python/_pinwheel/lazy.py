"""
Modules that packages import and few use in a Worker. What such a module loads is loaded when one of its attributes is
first read, and not at the start of each instance.
"""

import importlib.abc
import sys

#: AnyIO and clients of HTTP import `ssl`, which loads OpenSSL's libraries.
PENDING = {"ssl"}


class _Loader(importlib.abc.Loader):
    def create_module(self, spec):
        return None

    def exec_module(self, module):
        before = {**vars(module), "__getattr__": None}

        def load(attribute):
            name = module.__name__
            changed = {key: value for key, value in vars(module).items() if before.get(key, module) is not value}
            del module.__getattr__, changed["__getattr__"]
            # Found again, so that what watches imports by now sees it.
            module.__spec__ = _find(name)
            module.__loader__ = module.__spec__.loader
            try:
                module.__loader__.exec_module(module)
            except BaseException:
                sys.modules.pop(name, None)
                raise
            vars(module).update(changed)
            return getattr(module, attribute)

        module.__getattr__ = load


class _Finder(importlib.abc.MetaPathFinder):
    def find_spec(self, name, path, target=None):
        if name not in PENDING:
            return None
        spec = _find(name)
        if spec is not None:
            spec.loader = _Loader()
            PENDING.add(name)
        return spec


def _find(name):
    """Without this finder, which others may ask."""
    PENDING.discard(name)
    found = (finder.find_spec(name, None) for finder in tuple(sys.meta_path) if not isinstance(finder, _Finder))
    return next((spec for spec in found if spec is not None), None)


def install():
    if not any(isinstance(finder, _Finder) for finder in sys.meta_path):
        sys.meta_path.insert(0, _Finder())
