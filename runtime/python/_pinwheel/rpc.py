"""Calls from JavaScript to instances of Python classes."""

import inspect

from .values import from_js, to_rpc


async def call(instance, method, arguments):
    """Calls a method with JavaScript values, and returns one."""
    values = list(arguments)
    if method == "fetch":
        values = [request(values[0])]
    elif method == "run" and _is_workflow(instance):
        from workers import _workflow

        values = [from_js(values[0]), _workflow.Step(values[1])]
    else:
        values = [from_js(value) for value in values]
    result = getattr(instance, method)(*values)
    if inspect.isawaitable(result):
        result = await result
    return response(result) if method == "fetch" else to_rpc(result)


def request(subject):
    from workers import Request

    return Request(subject)


def response(result):
    found = getattr(result, "js_object", result)
    if found is None or isinstance(found, (str, bytes, dict, list, int, float)):
        raise TypeError(
            f"fetch has to return a Response, and returned {type(found).__name__}: "
            "from workers import Response, then return Response(...)"
        )
    return found


def _is_workflow(instance):
    from workers import WorkflowEntrypoint

    return isinstance(instance, WorkflowEntrypoint)
