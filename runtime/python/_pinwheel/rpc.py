"""Calls from JavaScript to instances of Python classes."""

import functools
import inspect

import workers

from .values import from_js, to_plain_js

#: Methods that workerd calls, as it does `run` of a Workflow. Another Worker calls those of other names.
HANDLERS = {
    *("fetch", "connect", "scheduled", "queue", "email", "tail", "tailStream", "trace", "test"),
    *("alarm", "webSocketMessage", "webSocketClose", "webSocketError"),
}


async def call(instance, method, arguments):
    """Calls a method with JavaScript values, and returns one."""
    values = list(arguments)
    if method == "fetch":
        values = [workers.Request(values[0])]
    elif method == "run" and _is_workflow(instance):
        # Another module `workers` wraps them by itself.
        if is_ours():
            values = [from_js(values[0]), workers._workflow.Step(values[1])]
    else:
        values = [_converter("python_from_rpc", from_js)(value) for value in values]
    is_handler = method in HANDLERS or (method == "run" and _is_workflow(instance))
    result = (relaxed if is_handler else _exact)(getattr(instance, method), *values)
    if inspect.isawaitable(result):
        result = await result
    return response(result) if method == "fetch" else _converter("python_to_rpc", to_plain_js)(result)


def _is_workflow(instance):
    base = getattr(workers, "WorkflowEntrypoint", None)
    return base is not None and isinstance(instance, base)


def is_ours():
    """Whether `workers` is Pinwheel's module. A project may have its own: the platform's SDK."""
    return getattr(workers, "IS_PINWHEEL", False)


def _converter(name, ours):
    return ours if is_ours() else getattr(workers, name, ours)


def relaxed(function, *values):
    """Calls a function with as many of the values as it takes: handlers may leave out those that they do not need."""
    if (most := _most(getattr(function, "__func__", function))) is not None:
        # Without `self`.
        values = values[: most - hasattr(function, "__self__")]
    return function(*values)


def _exact(function, *values):
    """Calls a function with all of the values: nothing that another Worker sends is lost."""
    try:
        return function(*values)
    except TypeError as error:
        # The method does not take these arguments.
        if error.__traceback__.tb_next is None:
            error.add_note("Keyword arguments from another Worker are one positional argument, the last: an object.")
        raise


@functools.cache
def _most(function):
    """How many positional arguments a function takes; None for any number, or if it does not say."""
    try:
        parameters = inspect.signature(function).parameters.values()
    except (TypeError, ValueError):
        return None
    if any(one.kind is one.VAR_POSITIONAL for one in parameters):
        return None
    return sum(one.kind in (one.POSITIONAL_ONLY, one.POSITIONAL_OR_KEYWORD) for one in parameters)


def response(result):
    found = getattr(result, "js_object", result)
    if found is None or isinstance(found, (str, bytes, dict, list, int, float)):
        raise TypeError(
            f"fetch has to return a Response, and returned {type(found).__name__}: "
            "from workers import Response, then return Response(...)"
        )
    return found
