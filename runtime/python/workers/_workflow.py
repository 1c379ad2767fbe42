import asyncio
import functools
import inspect

from ._entrypoint import WorkerEntrypoint


class WorkflowEntrypoint(WorkerEntrypoint):
    """A Workflow: `run(event, step)` is called for each instance."""


class Step:
    """The steps of a Workflow. Their results are stored: when a Workflow resumes, finished steps do not run again."""

    def __init__(self, js):
        self._js = js

    def do(self, name=None, *, depends=None, concurrent=False, config=None):
        """Makes a function a step, which takes the results of the steps in `depends`."""

        def decorate(function):
            done = None

            @functools.wraps(function)
            async def step():
                nonlocal done
                if done is None:
                    done = asyncio.ensure_future(
                        self._run(name or function.__name__, function, depends or (), concurrent, config)
                    )
                return await done

            return step

        return decorate

    async def _run(self, name, function, depends, concurrent, config):
        from _pinwheel.values import from_js, to_plain_js
        from pyodide.ffi import create_proxy

        if concurrent:
            results = await asyncio.gather(*(step() for step in depends))
        else:
            results = [await step() for step in depends]

        async def once(*_context):
            result = function(*results)
            return to_plain_js(await result if inspect.isawaitable(result) else result)

        callback = create_proxy(once)
        options = [] if config is None else [to_plain_js(config)]
        try:
            return from_js(await self._js.do(name, *options, callback))
        finally:
            callback.destroy()

    async def sleep(self, name, duration):
        """`duration` is in milliseconds, or text such as "5 seconds"."""
        await self._js.sleep(name, duration)

    async def sleep_until(self, name, timestamp):
        """`timestamp` is a `datetime`, or in milliseconds since 1970."""
        moment = timestamp.timestamp() * 1000 if hasattr(timestamp, "timestamp") else timestamp
        await self._js.sleepUntil(name, moment)

    async def wait_for_event(self, name, event_type, timeout=None):
        """The event, as a dictionary."""
        from _pinwheel.values import from_js, to_plain_js

        options = {"type": event_type} if timeout is None else {"type": event_type, "timeout": timeout}
        return from_js(await self._js.waitForEvent(name, to_plain_js(options)))
