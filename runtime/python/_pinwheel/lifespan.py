"""
The lifespan of ASGI applications. It starts with the first request. Workers get no notice of their end, so it shuts
down only after many others have started since: an application may be one that is made for each request. At build time
(see `warm.py`) there are no bindings, which it may need, so it does not start.
"""

import asyncio
import contextvars
import traceback
from types import MethodType

import _pinwheel_bridge as bridge

from . import current, loop

#: How many applications may be started at a time, beside those that answer requests.
MOST = 8

#: By identity: an application need not be hashable. The latest one is the last.
_lifespans = {}


def started(app):
    """The application; its requests wait for its startup."""
    if not current.has_event():
        return app
    # Each access to a method makes another object.
    key = (id(app.__self__), id(app.__func__)) if isinstance(app, MethodType) else id(app)
    lifespan = _lifespans.pop(key, None)
    # Tried again by the next request, if it failed.
    if lifespan is None or lifespan.failure is not None:
        _shut_down()
        lifespan = _Lifespan(app)
        lifespan.begin()
    _lifespans[key] = lifespan
    return lifespan


def _shut_down():
    """Makes room for another application."""
    for key, lifespan in list(_lifespans.items())[: 1 - MOST]:
        if not lifespan.requests:
            del _lifespans[key]
            lifespan.over.set()


class StartupFailed(Exception):
    """The message of the application's `lifespan.startup.failed`."""


class _Lifespan:
    def __init__(self, app):
        self.app = app
        self.state = {}
        self.failure = None
        self.ready = asyncio.Event()
        self.over = asyncio.Event()
        self.begun = False
        #: How many are under way.
        self.requests = 0

    async def __call__(self, scope, receive, send):
        """Serves a request, which has its own copy of the state that the application set at startup."""
        self.requests += 1
        try:
            await self.ready.wait()
            if self.failure is not None:
                raise RuntimeError("the application's startup failed") from self.failure
            await self.app({**scope, "state": self.state.copy()}, receive, send)
        finally:
            self.requests -= 1

    def begin(self):
        """The first event lasts until the application has started, also if its client disconnects."""
        self.event = loop.event.get()
        running = asyncio.get_running_loop()
        running.hold(self.event)
        context = contextvars.copy_context()
        context.run(loop.event.set, 0)
        self.task = running.create_task(self.run(), context=context)

    async def run(self):
        scope = {"type": "lifespan", "asgi": {"version": "3.0", "spec_version": "2.0"}, "state": self.state}
        try:
            await self.app(scope, self.receive, self.send)
        except Exception as error:
            if self.ready.is_set():
                bridge.report(traceback.format_exc())
            # An application without a lifespan raises before it receives an event.
            elif self.begun:
                self.failure = error
        finally:
            self.finish()

    async def receive(self):
        if not self.begun:
            self.begun = True
            return {"type": "lifespan.startup"}
        await self.over.wait()
        return {"type": "lifespan.shutdown"}

    async def send(self, message):
        if message["type"] == "lifespan.startup.failed":
            self.failure = StartupFailed(message.get("message", ""))
        if message["type"].startswith("lifespan.startup."):
            self.finish()

    def finish(self):
        if not self.ready.is_set():
            self.ready.set()
            asyncio.get_running_loop().release(self.event)
