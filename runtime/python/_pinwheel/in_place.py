"""
Workers have no threads. Functions that a framework would send to one run in place, in a copy of the context. With stack
switching, waiting in one does not block the event loop. urllib3 is patched here, too: it takes headers that
are bytes, as `http.client` does, and has a list of socket options.
"""

import contextvars
import importlib.abc
import importlib.machinery
import sys

from .headers import text
from .loading import Loading


#: Whether code runs that elsewhere would have a thread of its own, or a process without an event loop.
is_in_place = contextvars.ContextVar("is_in_place", default=False)


def _run(function, *args, **kwargs):
    context = contextvars.copy_context()
    context.run(is_in_place.set, True)
    return context.run(function, *args, **kwargs)


def _patch_asyncio(module):
    async def to_thread(func, /, *args, **kwargs):
        return _run(func, *args, **kwargs)

    sys.modules["asyncio"].to_thread = module.to_thread = to_thread


def _patch_anyio(module):
    from anyio._core._eventloop import threadlocals
    from anyio.lowlevel import current_token
    from pyodide.ffi import run_sync

    @classmethod
    async def run_sync_in_worker_thread(cls, func, args, abandon_on_cancel=False, limiter=None):
        await cls.checkpoint()
        # `anyio.from_thread` reads these.
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


def _patch_asgiref(module):
    from pyodide.ffi import run_sync

    async def to_async(self, *args, **kwargs):
        return _run(self.func, *args, **kwargs)

    def to_sync(self, *args, **kwargs):
        token = is_in_place.set(False)
        try:
            return run_sync(self.awaitable(*args, **kwargs))
        finally:
            is_in_place.reset(token)

    module.SyncToAsync.__call__ = to_async
    module.AsyncToSync.__call__ = to_sync


def _patch_django(module):
    get_running_loop = module.get_running_loop

    def loop_of_thread():
        """Django's ORM rejects calls where an event loop runs, which a synchronous view's thread would not have."""
        if is_in_place.get():
            raise RuntimeError("no running event loop")
        return get_running_loop()

    module.get_running_loop = loop_of_thread


def _patch_urllib3(module):
    set_header = module.EmscriptenRequest.set_header

    def set_text(self, name, value):
        """`fetch` would send bytes, such as botocore's signature, as the numbers of an array."""
        set_header(self, text(name), text(value))

    module.EmscriptenRequest.set_header = set_text


def _patch_urllib3_connection(module):
    # Clients such as posthog's add their own to these.
    module.EmscriptenHTTPConnection.default_socket_options = []


PATCHES = {
    "asyncio.threads": _patch_asyncio,
    "anyio._backends._asyncio": _patch_anyio,
    "asgiref.sync": _patch_asgiref,
    "django.utils.asyncio": _patch_django,
    "urllib3.contrib.emscripten.connection": _patch_urllib3_connection,
    "urllib3.contrib.emscripten.request": _patch_urllib3,
}


class _Patching(Loading):
    def __init__(self, loader, patch):
        super().__init__(loader)
        self.patch = patch

    def exec_module(self, module):
        super().exec_module(module)
        self.patch(module)


class _Finder(importlib.abc.MetaPathFinder):
    def find_spec(self, name, path, target=None):
        patch = PATCHES.get(name)
        spec = importlib.machinery.PathFinder.find_spec(name, path, target) if patch else None
        if spec and spec.loader:
            spec.loader = _Patching(spec.loader, patch)
        return spec


def install():
    """Patches the modules that are imported already, and others when they are imported."""
    if any(isinstance(finder, _Finder) for finder in sys.meta_path):
        return
    sys.meta_path.insert(0, _Finder())
    for name, patch in PATCHES.items():
        if name in sys.modules:
            patch(sys.modules[name])
