"""The runtime that the platform's SDK for Python imports: projects may vendor the SDK instead of using our API."""

from _pinwheel import current
from _pinwheel.host_modules import import_module

cloudflareWorkersModule = import_module("cloudflare:workers")
cloudflareSocketsModule = import_module("cloudflare:sockets")


def doAnImport(name):
    import _pinwheel_bridge

    return _pinwheel_bridge.importModule(name)


def patch_env_helper(values):
    with current.patched(values.to_py()):
        yield


def patchWaitUntil(_context):
    """Every context takes coroutines already."""


def callRpcMethod(binding, name, *values, **options):
    return getattr(binding, name)(*values, **options)
