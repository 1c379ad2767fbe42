"""The event that is being handled, and its bindings."""

import contextvars

_context = contextvars.ContextVar("worker_context")
_env = contextvars.ContextVar("worker_env")


def set_event(env, context):
    _env.set(env)
    _context.set(context)


def context():
    """The `ctx` of this event; None outside of one."""
    return _context.get(None)


def env():
    return Env(_env.get())


class Env:
    """The bindings, as attributes. What answers `fetch` answers with Python's `Response`."""

    __slots__ = ("_js",)

    def __init__(self, js):
        object.__setattr__(self, "_js", js)

    def __getattr__(self, name):
        found = getattr(self._js, name)
        if type(found) is str:
            return found
        return Fetcher(found) if _kind(found) in FETCHERS else found

    def __getitem__(self, name):
        return getattr(self, name)

    def __contains__(self, name):
        return hasattr(self._js, name)

    @property
    def js_object(self):
        return self._js


FETCHERS = {"Fetcher", "DurableObject"}


def _kind(found):
    constructor = getattr(found, "constructor", None)
    return getattr(constructor, "name", None)


class Fetcher:
    """A service binding or the stub of a Durable Object."""

    __slots__ = ("_js",)

    def __init__(self, js):
        self._js = js

    async def fetch(self, resource, **options):
        from workers import fetch

        return await fetch(resource, fetcher=self._js, **options)

    def __getattr__(self, name):
        return getattr(self._js, name)
