"""Modules of JavaScript, and bindings for a while."""

from contextlib import contextmanager


def import_from_javascript(module_name):
    """
    Imports a module of the Workers runtime, such as `cloudflare:sockets` or `node:crypto`. At import, when there is no
    event, it returns a stand-in, which imports the module when it is used.
    """
    from _pinwheel import current

    if current.has_event():
        return _import(module_name)
    return _Later(module_name)


def _import(name):
    import _pinwheel_bridge
    from pyodide.ffi import JsException, run_sync

    if name in ("cloudflare:workers", "cloudflare:sockets"):
        return getattr(_pinwheel_bridge, name.partition(":")[2])
    try:
        return run_sync(_pinwheel_bridge.importModule(name))
    except JsException as error:
        raise ImportError(f"{name} could not be imported: {error}") from error


class _Later:
    """A module that is imported when one of its names is used."""

    def __init__(self, name):
        self._name = name

    def __getattr__(self, name):
        if name.startswith("__"):
            raise AttributeError(name)
        from _pinwheel import current

        if current.has_event():
            return getattr(_import(self._name), name)
        if (self._name, name) == ("cloudflare:workers", "env"):
            from workers import env

            return env
        raise ImportError(f"{self._name} exists only while an event is handled: use {name} in a handler")


@contextmanager
def patch_env(values=None, **more):
    """Adds bindings to `env`, or replaces them, in a `with` block. `values` is a mapping, or pairs."""
    from _pinwheel import current

    with current.patched({**dict(values or {}), **more}):
        yield
