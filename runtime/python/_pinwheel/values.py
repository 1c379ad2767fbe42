"""Converts values between JavaScript and Python."""

from pyodide.ffi import JsProxy, to_js

#: Types that `structuredClone` copies, and that Python has too.
PLAIN = {"Object", "Array", "Map", "Set", "Date"}
BINARY = {"ArrayBuffer", "Uint8Array"}


def from_js(value):
    """Converts plain objects, arrays and bytes. Returns everything else as it is."""
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
    """Converts to what `structuredClone` takes: dictionaries to objects, bytes to a `Uint8Array`."""
    from js import Object

    found = getattr(value, "js_object", value)
    return to_js(found, dict_converter=Object.fromEntries)
