"""The event that is being handled, and its bindings."""

import asyncio
import contextvars
import inspect
from contextlib import contextmanager
from functools import partial

from pyodide.ffi import JsProxy

from . import loop
from .values import from_js, kind_of, property_of, to_plain_js

_context = contextvars.ContextVar("worker_context")
_env = contextvars.ContextVar("worker_env")


def set_event(env, context, event):
    _env.set(env)
    _context.set(context)
    loop.event.set(event)


#: How long an application may go on after it was told that the client has disconnected, in seconds. The platform ends
#: what lasts for 30.
GRACE = 20


class if_left:
    """Calls the function if the client disconnects meanwhile. What that cancels ends without an exception."""

    __slots__ = ("function", "event", "has_left")

    def __init__(self, function):
        self.function = function
        self.event = loop.event.get()
        self.has_left = False

    def __call__(self):
        self.has_left = True
        self.function()

    def __enter__(self):
        loop.leaving.setdefault(self.event, []).append(self)

    def __exit__(self, kind, error, traceback):
        callbacks = loop.leaving[self.event]
        callbacks.remove(self)
        if not callbacks:
            del loop.leaving[self.event]
        return self.has_left and isinstance(error, asyncio.CancelledError)


def has_event():
    return _env.get(None) is not None


def context():
    """The `ctx` of this event; None outside of events."""
    return _context.get(None)


def bindings():
    """JavaScript's `env` of this event."""
    found = _env.get(None)
    if found is None:
        raise RuntimeError("env has no bindings at import: use it while an event is handled, as in fetch")
    return found


@contextmanager
def patched(values):
    """Adds bindings to those of this event, or replaces them, for a while."""
    from js import Object

    added = to_plain_js(dict(values))
    token = _env.set(Object.assign(Object.new(), bindings(), added))
    try:
        yield
    finally:
        _env.reset(token)


class Env:
    """
    The bindings, as attributes: those given, or, with None, those of the event that is handled. Variables are Python's
    values, and other bindings take and return these.
    """

    __slots__ = ("_js", "_fetch")

    def __init__(self, js, fetch):
        object.__setattr__(self, "_js", js)
        object.__setattr__(self, "_fetch", fetch)

    def __getattr__(self, name):
        if name.startswith("__"):
            raise AttributeError(name)
        try:
            found = getattr(self.js_object, name)
        except AttributeError:
            raise AttributeError(f"env has no binding {name}") from None
        return _given(found, self._fetch)

    def __getitem__(self, name):
        return getattr(self, name)

    def __contains__(self, name):
        return hasattr(self.js_object, name)

    @property
    def js_object(self):
        return bindings() if self._js is None else self._js


class Binding:
    """
    A binding, or what it gives. Methods take and return Python's values; `send_event` and `sendEvent` are the same.
    """

    __slots__ = ("js_object", "_fetch")

    def __init__(self, js_object, fetch):
        self.js_object = js_object
        self._fetch = fetch

    def __getattr__(self, name):
        if name.startswith("__"):
            raise AttributeError(name)
        found = property_of(self.js_object, name)
        return partial(self._call, found) if callable(found) else _given(found, self._fetch)

    def __call__(self, *values, **options):
        """A function that another Worker returned."""
        return self._call(self.js_object, *values, **options)

    def __str__(self):
        return str(self.js_object)

    def _call(self, method, *values, **options):
        """JavaScript gets keyword arguments as one object, the last argument."""
        options = {name: to_plain_js(value) for name, value in options.items()}
        result = method(*map(to_plain_js, values), **options)
        return self._later(result) if inspect.isawaitable(result) else _given(result, self._fetch)

    async def _later(self, promise):
        return _given(await promise, self._fetch)


class Stub(Binding):
    """A service binding or the stub of a Durable Object, with `fetch`."""

    __slots__ = ()

    def __getattr__(self, name):
        if name.startswith("__"):
            raise AttributeError(name)
        import _pinwheel_bridge

        # A stub has every name, so Pyodide takes it for an iterator and a map, with a `send` and a `get` of their own.
        found = _pinwheel_bridge.property(self.js_object, name)
        return partial(self._call, found) if callable(found) else _given(found, self._fetch)

    async def fetch(self, resource, init=None, **options):
        """`init` is JavaScript's, for those who have one; `options` are those of `workers.fetch`."""
        if init is not None:
            return from_js(await self.js_object.fetch(getattr(resource, "js_object", resource), init))
        return await self._fetch(resource, fetcher=self.js_object, **options)


BINDINGS = {"Fetcher": Stub, "DurableObject": Stub}


def _given(value, fetch):
    """A value of JavaScript's as the project gets it."""
    return from_js(value, lambda other: _wrap(other, fetch))


def _wrap(value, fetch):
    if not isinstance(value, JsProxy):
        return value
    kind = kind_of(value)
    if wrapper := BINDINGS.get(kind):
        return wrapper(value, fetch)
    import js

    # An object of a JavaScript class, such as a `ReadableStream`, is for JavaScript.
    return value if kind is not None and hasattr(js, kind) else Binding(value, fetch)
