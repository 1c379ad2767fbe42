"""Modules and values of JavaScript, and bindings for a while."""

from contextlib import contextmanager

from _pinwheel import current
from _pinwheel.host_modules import import_module
from _pinwheel.values import from_js as python_from_rpc
from _pinwheel.values import to_plain_js as python_to_rpc

__all__ = ["import_from_javascript", "patch_env", "python_from_rpc", "python_to_rpc"]


def import_from_javascript(module_name):
    """
    Imports a module of the Workers runtime, such as `cloudflare:sockets` or `node:crypto`. At import, when there is no
    event, it returns a stand-in, which imports the module when it is used.
    """
    return import_module(module_name)


@contextmanager
def patch_env(values=None, **more):
    """Adds bindings to `env`, or replaces them, in a `with` block. `values` is a mapping, or pairs."""
    with current.patched({**dict(values or {}), **more}):
        yield
