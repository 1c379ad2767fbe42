"""
The event loop: Pyodide's, but a callback runs in the event (request, message of a queue, alarm…) that its task belongs
to, whichever event schedules it. So events can share locks, queues and connection pools.
"""

import asyncio
import contextvars
import functools
import math
import sys
import traceback

from pyodide import ffi, webloop
from pyodide.webloop import PyodideFuture, PyodideTask, WebLoop, WebLoopPolicy

#: The number of the event; 0 for what belongs to none, such as a lifespan: it runs in the event that schedules it.
event = contextvars.ContextVar("worker_event", default=0)

#: Functions to call if the client of an event disconnects.
leaving = {}

#: JavaScript's longest timer, in milliseconds.
LONGEST = 2**31 - 1


class _Timer(asyncio.TimerHandle):
    key = 0


class Loop(WebLoop):
    """Takes over the loop that Pyodide has made. Without a host, there are no events, and nothing runs."""

    _host = None
    #: Logs a text. At build time, there is none.
    _report = None
    #: Callbacks that were scheduled before, at import: no memory has JavaScript's timers.
    _early = []
    _handles = {}
    _tasks = {}
    _latest = 0

    def begin(self):
        import _pinwheel_bridge
        from pyodide.ffi import create_proxy

        self.attach()
        self._report = _pinwheel_bridge.report
        self._host.begin(*map(create_proxy, (self._run, self._leave, self._wait, _is_done)))
        for handle in self._early:
            self._schedule(handle)
        self._early.clear()

    def attach(self):
        import _pinwheel_bridge

        # Each access to a JavaScript function makes a proxy.
        host = _pinwheel_bridge.loop
        self._soon, self._after, self._cancel = host.soon, host.after, host.cancel
        self.hold, self.release = host.hold, host.release
        self._host = host

    def detach(self):
        """At build time: what is still scheduled runs with the first event, too."""
        self._early += self._handles.values()
        self._handles.clear()
        for name in ("_host", "_soon", "_after", "_cancel", "hold", "release"):
            delattr(self, name)

    def call_soon(self, callback, *args, context=None):
        handle = asyncio.Handle(callback, args, self, context)
        self._schedule(handle)
        return handle

    def call_later(self, delay, callback, *args, context=None):
        handle = _Timer(self.time() + delay, callback, args, self, context)
        handle.delay = delay
        if delay != math.inf:
            self._schedule(handle)
        return handle

    def _schedule(self, handle):
        if self._host is None:
            self._early.append(handle)
            return
        id = handle._context.get(event, 0)
        key = self._keep(handle)
        if isinstance(handle, _Timer):
            handle.key = key
            self._after(id, key, min(max(handle.delay, 0) * 1000, LONGEST))
        else:
            self._soon(id, key)

    def _keep(self, handle):
        self._latest += 1
        self._handles[self._latest] = handle
        return self._latest

    def _timer_handle_cancelled(self, handle):
        if self._handles.pop(handle.key, None):
            self._cancel(handle._context.get(event, 0), handle.key)

    def _run(self, key):
        handle = self._handles.pop(key, None)
        if handle is not None and not handle._cancelled:
            self._install_running_loop()
            self._install_asyncgen_hooks()
            try:
                handle._run()
            except (SystemExit, KeyboardInterrupt):
                # A task has it, too, for what waits for the task.
                if _future_of(handle._callback) is None:
                    raise

    def start(self, coro):
        """Runs it until it waits for something. Returns its result, or else its task."""
        self._install_running_loop()
        self._install_asyncgen_hooks()
        task = self.create_task(coro, eager_start=True)
        return task.result() if task.done() else task

    def default_exception_handler(self, context):
        """Logs a failure that nothing waits for once. Pyodide prints it, and each line would be a warning of its own."""
        error = context.get("exception")
        if self._report is None or error is None:
            super().default_exception_handler(context)
            return
        message = context.get("message") or "Unhandled exception in event loop"
        self._report(f"{message}\n{''.join(traceback.format_exception(error))}")

    # With stack switching, each call has a thread state of its own. Older releases do not have this.
    _install_running_loop = getattr(WebLoop, "_install_running_loop", lambda self: None)

    def _install_asyncgen_hooks(self):
        """A generator that nothing refers to any more is closed, and its cleanup may wait."""
        if hasattr(WebLoop, "_install_asyncgen_hooks"):
            # From 0.29.0 to 314.0.4, they are installed once for a loop, on the thread state of that call.
            self._old_agen_hooks = None
            super()._install_asyncgen_hooks()
        else:
            sys.set_asyncgen_hooks(finalizer=lambda generator: self.call_soon(self.create_task, generator.aclose()))

    def create_future(self):
        # Pyodide's counts futures, by a callback that nothing here needs.
        return PyodideFuture(loop=self)

    def create_task(self, coro, *, name=None, context=None, **options):
        """The event lasts until the task is done."""
        if self._task_factory is not None:
            task = self._task_factory(self, coro)
            task.set_name(name)
        else:
            task = PyodideTask(coro, loop=self, name=name, context=context, **options)
        if task.done():
            return task
        if (id := task.get_context().get(event, 0)) and self._host:
            task.holds = id
            self._tasks[id] = self._tasks.get(id, 0) + 1
            if self._tasks[id] == 1:
                self.hold(id)
        task.add_done_callback(self._decrement_in_progress)
        return task

    def _decrement_in_progress(self, task=None):
        # Older releases ask a cancelled task for its exception.
        if task is None or not task.cancelled():
            super()._decrement_in_progress(task)
        if id := getattr(task, "holds", 0):
            self._tasks[id] -= 1
            if not self._tasks[id]:
                del self._tasks[id]
                self.release(id)

    def _wait(self, callback, running):
        """
        Something waits for a promise of the event that is running. If it belongs to no event, such as a task of a
        lifespan, or to one that is over, this event lasts until the promise is settled, or not waited for any more.
        """
        future = _future_of(callback)
        if future is not None and event.get() != running:
            self.hold(running)
            future.add_done_callback(lambda _: self.release(running))

    def _leave(self, id):
        for callback in tuple(leaving.get(id, ())):
            callback()


def _future_of(callback):
    """The future of whose methods, such as `set_result`, `callback` is one; None if it is none."""
    future = getattr(callback, "__self__", None)
    return future if isinstance(future, asyncio.Future) else None


def _is_done(callback):
    """Whether `callback` is a method of a future that is done or cancelled."""
    future = _future_of(callback)
    return future is not None and future.done()


class _Another(WebLoop):
    """
    The loop that `asyncio.new_event_loop` makes. A Worker has one loop, as for Pyodide's `asyncio.run`: all that this loop
    is given runs there, and closing it ends nothing.
    """

    def __init__(self, loop):
        super().__init__()
        # Pyodide takes the latest loop for the one that runs.
        asyncio._set_running_loop(loop)
        for name in ("call_soon", "call_later", "create_future", "create_task"):
            setattr(self, name, getattr(loop, name))

    def _install_asyncgen_hooks(self):
        pass

    async def shutdown_asyncgens(self):
        pass

    async def shutdown_default_executor(self, timeout=None):
        pass


def _run(runner, coro, *, context=None):
    """As Pyodide's `asyncio.run` does. CPython's raises an error if a loop is running, as the Worker's always is."""
    loop = runner.get_loop()
    return loop.run_until_complete(loop.create_task(coro, context=runner._context if context is None else context))


def _staying(loop, run_sync):
    @functools.wraps(run_sync)
    def wait(awaitable):
        """A stack goes on only in the event in which it waits. What belongs to no event waits in the one that is running."""
        # The loop may be Pyodide's again (see `exercise.py`).
        host = getattr(loop, "_host", None)
        if host is None and not ffi.can_run_sync():
            raise RuntimeError("nothing can be waited for at import: do so while an event is handled, as in fetch")
        if event.get() or host is None:
            return run_sync(awaitable)
        id = host.stay()
        try:
            return run_sync(awaitable)
        finally:
            host.release(id)

    return wait


def install():
    """In place of Pyodide's loop, which modules may have referred to already."""
    loop = asyncio.get_event_loop()
    loop.__class__ = Loop
    # Pyodide before 0.26.4 has none.
    run_sync = getattr(ffi, "run_sync", None)
    if run_sync and not hasattr(run_sync, "__wrapped__"):
        ffi.run_sync = webloop.run_sync = _staying(loop, run_sync)
    WebLoopPolicy.new_event_loop = lambda policy: _Another(loop)
    WebLoopPolicy.set_event_loop = lambda policy, other: None
    asyncio.Runner.run = _run
