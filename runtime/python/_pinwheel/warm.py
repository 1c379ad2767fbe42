"""
Answers requests at build time, so that what they import and cache is in the snapshot. There are no bindings. The watcher
reports what a request does under its name, such as `GET /`.
"""

import asyncio
import sys

import js

from . import events, rpc, watch

#: Applications of these frameworks get a request by default, which none of their handlers sees.
FRAMEWORKS = ("fastapi", "django.core.handlers.base")
UNSEEN = "OPTIONS /_pinwheel"

_handlers = None


def default(main):
    """The request that is answered if the project names none; None if it has no such application."""
    is_known = rpc.is_ours() and any(name in sys.modules for name in FRAMEWORKS)
    return UNSEEN if is_known and "fetch" in events.handled(sys.modules[main]) else None


def begin(main):
    global _handlers
    _handlers = events.Handlers(sys.modules[main])
    # Without the kind "callbacks": a call in progress holds JavaScript objects.
    watch.KINDS = watch.BY_LINE
    asyncio.get_event_loop().attach()


async def answer(name, request):
    """Returns the status, after all tasks that the request has started are done."""
    with watch.importing(name):
        before = asyncio.all_tasks()
        response = await _handlers.answer("fetch", request, None, None, 0)
        while tasks := asyncio.all_tasks() - before:
            await asyncio.wait(tasks)
        return response.status


def run(key):
    """Calls what the event loop has scheduled."""
    asyncio.get_event_loop()._run(key)


def end():
    """Removes itself."""
    if _handlers:
        asyncio.get_event_loop().detach()
        # Pyodide keeps a reference to the last JavaScript method called. A snapshot can only contain one of a global.
        js.Array.isArray(0)
    sys.modules.pop(__name__)
    del sys.modules[__package__].warm
