"""The event that is being handled, and its bindings."""

import contextvars

_context = contextvars.ContextVar("worker_context")
_env = contextvars.ContextVar("worker_env")


def set_event(env, context):
    _env.set(env)
    _context.set(context)


def context():
    """The `ctx` of this event; None outside of events."""
    return _context.get(None)


def env(fetch):
    return Env(_env.get(), fetch)


class Env:
    """The bindings, as attributes. Those that have a `fetch` take and return what `workers.fetch` does."""

    __slots__ = ("_js", "_fetch")

    def __init__(self, js, fetch):
        object.__setattr__(self, "_js", js)
        object.__setattr__(self, "_fetch", fetch)

    def __getattr__(self, name):
        found = getattr(self._js, name)
        if type(found) is str:
            return found
        return Fetcher(found, self._fetch) if _kind(found) in FETCHERS else found

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

    __slots__ = ("_js", "_fetch")

    def __init__(self, js, fetch):
        self._js = js
        self._fetch = fetch

    async def fetch(self, resource, **options):
        return await self._fetch(resource, fetcher=self._js, **options)

    def __getattr__(self, name):
        return getattr(self._js, name)
