"""
The lifespan of ASGI applications. It starts with the first request, and never shuts down: Workers get no notice. At build
time (see `warm.py`) there are no bindings, which it may need, so it does not start.
"""

import asyncio
import contextvars

from . import current, loop

#: By identity: an application need not be hashable.
_lifespans = {}


async def state_of(app):
    """The state that the application set at startup, copied for one request."""
    if not current.has_event():
        return {}
    lifespan = _lifespans.get(id(app))
    if lifespan is None:
        lifespan = _lifespans[id(app)] = _Lifespan(app)
        lifespan.begin()
    if not lifespan.ready.is_set():
        await lifespan.ready.wait()
    if lifespan.failure is not None:
        # Tried again by the next request.
        if _lifespans.get(id(app)) is lifespan:
            del _lifespans[id(app)]
        raise RuntimeError("the application's startup failed") from lifespan.failure
    return lifespan.state.copy()


class StartupFailed(Exception):
    """The message of the application's `lifespan.startup.failed`."""


class _Lifespan:
    def __init__(self, app):
        self.app = app
        self.state = {}
        self.failure = None
        self.ready = asyncio.Event()
        self.begun = False

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
            # An application without a lifespan raises before it receives an event.
            if self.begun and not self.ready.is_set():
                self.failure = error
        finally:
            self.finish()

    async def receive(self):
        if not self.begun:
            self.begun = True
            return {"type": "lifespan.startup"}
        await asyncio.get_running_loop().create_future()

    async def send(self, message):
        if message["type"] == "lifespan.startup.failed":
            self.failure = StartupFailed(message.get("message", ""))
        if message["type"].startswith("lifespan.startup."):
            self.finish()

    def finish(self):
        if not self.ready.is_set():
            self.ready.set()
            asyncio.get_running_loop().release(self.event)
