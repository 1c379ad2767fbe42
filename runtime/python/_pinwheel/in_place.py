"""
Threads do not exist here. What asks for one to keep the event loop free runs in place, in a context of its own;
with stack switching, a wait in there does not keep others waiting.
"""

import contextvars
import importlib.abc
import importlib.machinery
import sys

from .loading import Loading


def _run(function, *args, **kwargs):
    return contextvars.copy_context().run(function, *args, **kwargs)


def _mend_asyncio(module):
    async def to_thread(func, /, *args, **kwargs):
        return _run(func, *args, **kwargs)

    sys.modules["asyncio"].to_thread = module.to_thread = to_thread


def _mend_anyio(module):
    from anyio._core._eventloop import threadlocals
    from anyio.lowlevel import current_token
    from pyodide.ffi import run_sync

    @classmethod
    async def run_sync_in_worker_thread(cls, func, args, abandon_on_cancel=False, limiter=None):
        await cls.checkpoint()
        # By these, what runs there knows its way back.
        threadlocals.current_async_backend = cls
        threadlocals.current_token = current_token()
        return _run(func, *args)

    @classmethod
    def run_async_from_thread(cls, func, args, token=None):
        return run_sync(func(*args))

    @classmethod
    def run_sync_from_thread(cls, func, args, token=None):
        return func(*args)

    backend = module.AsyncIOBackend
    backend.run_sync_in_worker_thread = run_sync_in_worker_thread
    backend.run_async_from_thread = run_async_from_thread
    backend.run_sync_from_thread = run_sync_from_thread


def _mend_asgiref(module):
    from pyodide.ffi import run_sync

    async def to_async(self, *args, **kwargs):
        return _run(self.func, *args, **kwargs)

    def to_sync(self, *args, **kwargs):
        return run_sync(self.awaitable(*args, **kwargs))

    module.SyncToAsync.__call__ = to_async
    module.AsyncToSync.__call__ = to_sync


MENDED = {
    "asyncio.threads": _mend_asyncio,
    "anyio._backends._asyncio": _mend_anyio,
    "asgiref.sync": _mend_asgiref,
}


class _Mending(Loading):
    def __init__(self, loader, mend):
        super().__init__(loader)
        self.mend = mend

    def exec_module(self, module):
        super().exec_module(module)
        self.mend(module)


class _Finder(importlib.abc.MetaPathFinder):
    def find_spec(self, name, path, target=None):
        mend = MENDED.get(name)
        spec = importlib.machinery.PathFinder.find_spec(name, path, target) if mend else None
        if spec and spec.loader:
            spec.loader = _Mending(spec.loader, mend)
        return spec


def install():
    """Mends the modules that are imported already, and the others as they are."""
    if any(isinstance(finder, _Finder) for finder in sys.meta_path):
        return
    sys.meta_path.insert(0, _Finder())
    for name, mend in MENDED.items():
        if name in sys.modules:
            mend(sys.modules[name])
