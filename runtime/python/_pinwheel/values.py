"""Converts values between JavaScript and Python."""

from pyodide.ffi import ConversionError, JsProxy, create_proxy, to_js

try:
    from pyodide.ffi import jsnull
except ImportError:
    # Older releases convert null to None.
    jsnull = None

#: Types that `structuredClone` copies, and that Python has too.
PLAIN = {"Object", "Array", "Map", "Set", "Date"}
BINARY = {"ArrayBuffer", "Uint8Array"}
#: Types that `workers` has classes for.
WRAPPED = {"Request", "Response", "FormData", "Blob", "File"}


def kind_of(value):
    """The name of a JavaScript object's class; None for other values."""
    return getattr(getattr(value, "constructor", None), "name", None)


def none_of(value):
    """None for null, and every other value as it is."""
    return None if value is jsnull else value


def from_js(value):
    """
    Converts plain objects, arrays and bytes, and what is in them; and wraps requests, responses, forms and blobs.
    Returns everything else as it is.
    """
    if not isinstance(value, JsProxy):
        return none_of(value)
    kind = kind_of(value)
    if kind in PLAIN:
        return value.to_py(default_converter=_convert)
    return _from_kind(value, kind)


def _convert(value, _convert_one, _cache):
    return _from_kind(value, kind_of(value))


def _from_kind(value, kind):
    if kind in BINARY:
        return value.to_bytes()
    if kind == "Date":
        from datetime import datetime, timezone

        return datetime.fromtimestamp(value.getTime() / 1000, timezone.utc)
    if kind == "Error":
        return Exception(value.toString())
    return _wrapped(value, kind) if kind in WRAPPED else value


def _wrapped(value, kind):
    import workers

    found = getattr(workers, kind, None)
    # A project may have its own module `workers`.
    if found is None:
        return value
    return found.of(value) if hasattr(found, "of") else found(value)


def to_plain_js(value):
    """Converts to what calls between Workers take: dictionaries to objects, bytes to a `Uint8Array`."""
    from js import Object

    found = getattr(value, "js_object", value)
    try:
        return to_js(found, default_converter=_convert_back, dict_converter=Object.fromEntries)
    except ConversionError as error:
        raise error.__cause__ or error from None


def _convert_back(value, _convert_one, _cache):
    if hasattr(value, "js_object"):
        return value.js_object
    if hasattr(value, "timestamp"):
        from js import Date

        return Date.new(value.timestamp() * 1000)
    if isinstance(value, Exception):
        from js import Error

        return Error.new(str(value))
    if callable(value) and not isinstance(value, type):
        # The other side may keep it.
        return create_proxy(value)
    raise TypeError(f"{type(value).__name__} cannot be sent to JavaScript")
