"""The lifespan of ASGI applications. It starts with the first request, and never shuts down: Workers get no notice."""

import asyncio

import _pinwheel_bridge as bridge

#: By identity: an application need not be hashable.
_lifespans = {}


async def state_of(app):
    """The state that the application set at startup, copied for one request."""
    lifespan = _lifespans.get(id(app))
    if lifespan is None:
        lifespan = _lifespans[id(app)] = _Lifespan(app)
        lifespan.begin()
    if not lifespan.is_ready:
        # A promise, not a future: each request that waits for it then continues in its own event.
        await lifespan.ready.promise
    if lifespan.failure is not None:
        # Tried again by the next request.
        _lifespans.pop(id(app), None)
        raise RuntimeError("the application's startup failed") from lifespan.failure
    return lifespan.state.copy()


class StartupFailed(Exception):
    """The message of the application's `lifespan.startup.failed`."""


class _Lifespan:
    def __init__(self, app):
        self.app = app
        self.state = {}
        self.is_ready = False
        self.failure = None
        self.ready = bridge.later()
        self.begun = False

    def begin(self):
        self.task = asyncio.ensure_future(self.run())

    async def run(self):
        scope = {"type": "lifespan", "asgi": {"version": "3.0", "spec_version": "2.0"}, "state": self.state}
        try:
            await self.app(scope, self.receive, self.send)
        except Exception as error:
            # An application without a lifespan raises before it receives an event.
            if self.begun and not self.is_ready:
                self.failure = error
        finally:
            self.finish()

    async def receive(self):
        if not self.begun:
            self.begun = True
            return {"type": "lifespan.startup"}
        await bridge.never()

    async def send(self, message):
        if message["type"] == "lifespan.startup.failed":
            self.failure = StartupFailed(message.get("message", ""))
        if message["type"].startswith("lifespan.startup."):
            self.finish()

    def finish(self):
        if not self.is_ready:
            self.is_ready = True
            self.ready.resolve()
