"""Values and calls between JavaScript and the objects of Python classes."""

import inspect

from pyodide.ffi import JsProxy, to_js

#: What `structuredClone` copies, and Python has of its own.
PLAIN = {"Object", "Array", "Map", "Set", "Date"}
BINARY = {"ArrayBuffer", "Uint8Array"}


async def call(instance, method, arguments):
    """Calls a method with values of JavaScript, and returns one."""
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
    return response(result) if method == "fetch" else to_plain_js(result)


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


def from_js(value):
    """Plain objects, arrays and bytes as Python's own; all else as it is."""
    if not isinstance(value, JsProxy):
        return value
    kind = getattr(getattr(value, "constructor", None), "name", None)
    if kind in BINARY:
        return value.to_bytes()
    return value.to_py(default_converter=_convert) if kind in PLAIN else value


def _convert(value, _convert_one, _cache):
    if getattr(getattr(value, "constructor", None), "name", None) == "Date":
        from datetime import datetime, timezone

        return datetime.fromtimestamp(value.getTime() / 1000, timezone.utc)
    return value


def to_plain_js(value):
    """What `structuredClone` takes: dictionaries as objects, bytes as a `Uint8Array`."""
    from js import Object

    found = getattr(value, "js_object", value)
    return to_js(found, dict_converter=Object.fromEntries)


def _is_workflow(instance):
    from workers import WorkflowEntrypoint

    return isinstance(instance, WorkflowEntrypoint)
