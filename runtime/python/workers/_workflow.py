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
        self._steps = {}

    def do(self, name=None, depends=None, concurrent=False, config=None):
        """
        Makes a function a step, which takes the results of the steps in `depends`, or, without it, of the steps that
        its parameters name. A parameter `ctx` is the step's context.
        """

        def decorate(function):
            done = None
            title = name or function.__name__

            @functools.wraps(function)
            async def step():
                nonlocal done
                if done is None:
                    needed = self._needed(function, depends)
                    done = asyncio.ensure_future(self._run(title, function, needed, concurrent, config))
                return await done

            self._steps[title] = self._steps[function.__name__] = step
            return step

        return decorate

    def _needed(self, function, depends):
        """The step for each parameter; None for the context."""
        names = list(inspect.signature(function).parameters)
        if depends is None:
            unknown = [name for name in names if name != "ctx" and name not in self._steps]
            if unknown:
                raise TypeError(f"{function.__name__} has a parameter {unknown[0]}, but there is no step of that name")
            return [self._steps.get(name) for name in names]
        steps = iter(depends)
        needed = [None if name == "ctx" else next(steps, None) for name in names]
        if "ctx" not in names:
            needed += steps
        return needed

    async def _run(self, name, function, needed, concurrent, config):
        import _pinwheel_bridge
        from _pinwheel.values import from_js, to_plain_js
        from pyodide.ffi import JsException, create_proxy

        steps = [step for step in needed if step is not None]
        if concurrent:
            results = await asyncio.gather(*(step() for step in steps))
        else:
            results = [await step() for step in steps]

        failure = None

        async def once(context=None, *_more):
            nonlocal failure
            given = iter(results)
            try:
                result = function(*(from_js(context) if step is None else next(given) for step in needed))
                return to_plain_js(await result if inspect.isawaitable(result) else result)
            except Exception as error:
                failure = error
                raise

        callback = create_proxy(once)
        options = [] if config is None else [to_plain_js(config)]
        try:
            return from_js(await self._js.do(name, *options, _pinwheel_bridge.step(callback)))
        except JsException:
            # JavaScript has only its text.
            if failure is None:
                raise
            raise failure from None
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
