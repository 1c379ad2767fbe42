"""The event that is being handled, and its bindings."""

import contextvars
from contextlib import contextmanager

from .values import from_js, kind_of, to_plain_js

_context = contextvars.ContextVar("worker_context")
_env = contextvars.ContextVar("worker_env")


def set_event(env, context):
    _env.set(env)
    _context.set(context)


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
    The bindings, as attributes: those given, or, with None, those of the event that is handled. Bindings to other
    Workers take and return Python's values.
    """

    __slots__ = ("_js", "_fetch")

    def __init__(self, js, fetch):
        object.__setattr__(self, "_js", js)
        object.__setattr__(self, "_fetch", fetch)

    def __getattr__(self, name):
        if name.startswith("__"):
            raise AttributeError(name)
        found = getattr(self.js_object, name)
        return found if type(found) is str else _wrap(found, self._fetch)

    def __getitem__(self, name):
        return getattr(self, name)

    def __contains__(self, name):
        return hasattr(self.js_object, name)

    @property
    def js_object(self):
        return bindings() if self._js is None else self._js


class Binding:
    """A binding. What it has no methods of its own for is JavaScript's."""

    __slots__ = ("js_object", "_fetch")

    def __init__(self, js_object, fetch):
        self.js_object = js_object
        self._fetch = fetch

    def __getattr__(self, name):
        return getattr(self.js_object, name)


class Stub(Binding):
    """A service binding or the stub of a Durable Object: `fetch`, and its methods, with Python's values."""

    __slots__ = ()

    async def fetch(self, resource, init=None, **options):
        """`init` is JavaScript's, for those who have one; `options` are those of `workers.fetch`."""
        if init is not None:
            return from_js(await self.js_object.fetch(getattr(resource, "js_object", resource), init))
        return await self._fetch(resource, fetcher=self.js_object, **options)

    def __getattr__(self, name):
        found = getattr(self.js_object, name)
        if not callable(found):
            return found

        async def call(*values):
            return from_js(await found(*map(to_plain_js, values)))

        return call


class Namespace(Binding):
    """A namespace of Durable Objects."""

    __slots__ = ()

    def get(self, *values):
        return Stub(self.js_object.get(*values), self._fetch)

    def getByName(self, *values):
        return Stub(self.js_object.getByName(*values), self._fetch)

    get_by_name = getByName

    def jurisdiction(self, *values):
        return Namespace(self.js_object.jurisdiction(*values), self._fetch)


class Workflow(Binding):
    """A Workflow: creates instances, and finds them."""

    __slots__ = ()

    async def get(self, *values, **options):
        return WorkflowInstance(await self.js_object.get(*values, **options), self._fetch)

    async def create(self, *values, **options):
        return WorkflowInstance(await self.js_object.create(*_plain(values), **_plain(options)), self._fetch)

    async def create_batch(self, *values):
        created = await self.js_object.createBatch(*_plain(values))
        return [WorkflowInstance(one, self._fetch) for one in created]

    createBatch = create_batch


class WorkflowInstance(Binding):
    """An instance of a Workflow."""

    __slots__ = ()

    async def send_event(self, *values, **options):
        return await self.js_object.sendEvent(*_plain(values), **_plain(options))


def _plain(values):
    if isinstance(values, dict):
        return {name: to_plain_js(value) for name, value in values.items()}
    return [to_plain_js(value) for value in values]


BINDINGS = {
    "Fetcher": Stub,
    "DurableObject": Stub,
    "DurableObjectNamespace": Namespace,
    "WorkflowImpl": Workflow,
}


def _wrap(found, fetch):
    wrapper = BINDINGS.get(kind_of(found))
    return found if wrapper is None else wrapper(found, fetch)
