"""The API of Python Workers: requests, responses and entry points."""

from ._entrypoint import DurableObject, WorkerEntrypoint, handler
from ._fetch import fetch
from ._request import Request
from ._response import Response
from ._workflow import WorkflowEntrypoint

__all__ = [
    "DurableObject",
    "Request",
    "Response",
    "WorkerEntrypoint",
    "WorkflowEntrypoint",
    "env",
    "fetch",
    "handler",
    "wait_until",
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

        return current.env(fetch)
    raise AttributeError(f"module 'workers' has no attribute {name!r}")
