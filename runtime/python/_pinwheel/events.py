"""Passes events to the project's handlers: methods of a class `Default`, or functions such as `on_fetch`."""

import asyncio
import contextvars
import inspect

import workers

from . import current, rpc

#: The methods of `Default`, and the functions of older Workers, by the kind of event.
FUNCTIONS = {
    "fetch": "on_fetch",
    "scheduled": "on_scheduled",
    "queue": "on_queue",
    "email": "on_email",
    "tail": "on_tail",
}

#: The events that every Worker exports a handler for. Others need a class.
ALWAYS = ("fetch", "scheduled", "queue")


class Handlers:
    """Called by JavaScript for each event, and for instances of the project's other classes."""

    def __init__(self, module):
        self.answer = _handler_of(module)
        self._module = module

    def handle(self, *event):
        """Begins at once. Returns the response, or, if the handler waits for something, its task."""
        return asyncio.get_event_loop().start(self.answer(*event))

    def make(self, name, env, context, event):
        """An instance of a class of the main module."""

        def run():
            current.set_event(env, context, event)
            return getattr(self._module, name)(context, _env(env))

        # JavaScript calls all functions in the same context.
        return contextvars.copy_context().run(run)

    async def call(self, instance, method, arguments, env, context, event):
        """Calls a method with JavaScript values, and returns one."""
        current.set_event(env, context, event)
        with current.if_left(asyncio.current_task().cancel):
            return await rpc.call(instance, method, arguments)


def _handler_of(module):
    """A function that takes `(kind, subject, env, context, event)` for every event."""
    entrypoint = getattr(module, "Default", None)

    async def answer(kind, subject, env, context, event):
        current.set_event(env, context, event)
        with current.if_left(asyncio.current_task().cancel):
            env = _env(env)
            if kind == "fetch":
                subject = workers.Request(subject)
            if entrypoint is not None and hasattr(entrypoint, kind):
                result = rpc.relaxed(getattr(entrypoint(context, env), kind), subject, env, context)
            elif function := getattr(module, FUNCTIONS[kind], None):
                result = rpc.relaxed(function, subject, env, context)
            else:
                raise _missing(module, kind)
            if inspect.isawaitable(result):
                result = await result
            return rpc.response(result) if kind == "fetch" else None

    return answer


def handled(module):
    """The kinds of events that it handles."""
    entrypoint = getattr(module, "Default", None)
    return [kind for kind, name in FUNCTIONS.items() if hasattr(entrypoint, kind) or getattr(module, name, None)]


def _env(env):
    """The bindings for the project; another module `workers` wraps JavaScript's by itself."""
    return current.Env(env, workers.fetch) if rpc.is_ours() else env


def _missing(module, kind):
    return NotImplementedError(
        f"{module.__name__} handles no {kind} event: it has neither a class Default with a method {kind} "
        f"nor a function {FUNCTIONS[kind]}"
    )
