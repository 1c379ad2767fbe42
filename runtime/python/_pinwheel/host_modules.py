"""Modules of the Workers runtime. A project imports them at build time, too, when there are none."""

from . import current


def import_module(name):
    """The module, or, if no event is handled, a stand-in that imports it when it is used in one."""
    if name == "cloudflare:workers":
        return Workers()
    return _import(name) if current.has_event() else Later(name, lambda: _import(name))


def _import(name):
    import _pinwheel_bridge
    from pyodide.ffi import JsException, run_sync

    # Without waiting, for callers that cannot.
    if name == "cloudflare:sockets":
        return _pinwheel_bridge.sockets
    try:
        return run_sync(_pinwheel_bridge.importModule(name))
    except JsException as error:
        raise ImportError(f"{name} could not be imported: {error}") from error


class Later:
    """A JavaScript value that is looked up when it is used."""

    def __init__(self, title, find):
        self._title = title
        self._find = find

    def __getattr__(self, name):
        if name.startswith("__"):
            raise AttributeError(name)
        if current.has_event():
            return getattr(self._find(), name)
        return Later(f"{self._title}.{name}", lambda: getattr(self._find(), name))

    def __call__(self, *values, **options):
        if not current.has_event():
            raise ImportError(f"{self._title} can be used only while an event is handled, as in fetch")
        return self._find()(*values, **options)


class Workers:
    """The module `cloudflare:workers`, whose `env` has the bindings of the event that uses it."""

    @property
    def env(self):
        return Bindings()

    def __getattr__(self, name):
        if name.startswith("__"):
            raise AttributeError(name)
        import _pinwheel_bridge

        def find():
            return getattr(_pinwheel_bridge.workers, name)

        return find() if current.has_event() else Later(f"cloudflare:workers.{name}", find)


class Bindings:
    """JavaScript's `env` of the event that is handled."""

    def __getattr__(self, name):
        if name.startswith("__"):
            raise AttributeError(name)
        return getattr(current.bindings(), name)
