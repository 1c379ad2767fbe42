"""The API of Python Workers: requests, responses, bindings and entry points."""

from ._entrypoint import DurableObject, WorkerEntrypoint, handler
from ._request import Request
from ._response import Response
from ._workflow import WorkflowEntrypoint

#: Names that few Workers need, by the module that has them: it is imported on their first use.
_LATER = {
    "Blob": "_blob",
    "BlobEnding": "_blob",
    "BlobValue": "_types",
    "Body": "_types",
    "Context": "_types",
    "FetchKwargs": "_types",
    "File": "_blob",
    "FormData": "_form_data",
    "FormDataValue": "_types",
    "Headers": "_types",
    "JSBody": "_types",
    "RequestInitCfProperties": "_types",
    "import_from_javascript": "_javascript",
    "patch_env": "_javascript",
    "python_from_rpc": "_javascript",
    "python_to_rpc": "_javascript",
}

FetchResponse = Response


async def fetch(resource, fetcher=None, **options):
    """Sends a request and returns the `Response`. `options` are those of JavaScript's `fetch`."""
    import js

    if fetcher is None:
        fetcher = js
    if options or not isinstance(resource, str):
        resource = Request(resource, **options).js_object
    return Response.of(await fetcher.fetch(resource))


#: A project may have another module of this name: the platform's SDK.
IS_PINWHEEL = True

__all__ = [
    "DurableObject",
    "FetchResponse",
    "Request",
    "Response",
    "WorkerEntrypoint",
    "WorkflowEntrypoint",
    "env",
    "fetch",
    "handler",
    "wait_until",
    *_LATER,
]


def wait_until(awaitable):
    """Keeps the Worker alive for this event until the awaitable is done."""
    import asyncio

    from _pinwheel import current

    future = asyncio.ensure_future(awaitable)
    current.context().waitUntil(future)
    return future


waitUntil = wait_until


def __getattr__(name):
    if name == "env":
        from _pinwheel import current

        # Also at import, and for all events: it has the bindings of the event that uses it.
        return current.Env(None, fetch)
    if name in _LATER:
        from importlib import import_module

        found = globals()[name] = getattr(import_module(f".{_LATER[name]}", __name__), name)
        return found
    raise AttributeError(f"module 'workers' has no attribute {name!r}")
