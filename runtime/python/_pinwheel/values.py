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
    name = getattr(getattr(value, "constructor", None), "name", None)
    # A stub of another Worker has a stub for every name.
    return name if isinstance(name, str) else None


def none_of(value):
    """None for null, and every other value as it is."""
    return None if value is jsnull else value


def property_of(js_object, name):
    """A property by its name, or by that as Python would write it."""
    try:
        return getattr(js_object, name)
    except AttributeError:
        first, *others = name.split("_")
        return getattr(js_object, first + "".join(word.title() for word in others))


# `to_py` and `to_bytes` are for code that expects Pyodide's proxies.


class Bytes(bytes):
    """JavaScript's bytes."""

    def to_py(self):
        return self

    to_bytes = to_py


class Items(list):
    """A JavaScript array."""

    def to_py(self):
        return self


class Values(dict):
    """A plain JavaScript object, whose keys are attributes, too, as in the platform's SDK."""

    def __getattr__(self, name):
        try:
            return self[name]
        except KeyError:
            raise AttributeError(name) from None

    def to_py(self):
        return self


def from_js(value, other=lambda value: value):
    """
    Converts plain objects, arrays and bytes, and what is in them; and wraps requests, responses, forms and blobs.
    Passes everything else to `other`.
    """
    if not isinstance(value, JsProxy):
        return none_of(value)
    kind = kind_of(value)
    if kind in PLAIN:
        return _native(value.to_py(default_converter=lambda proxy, *_: _from_kind(proxy, kind_of(proxy), other)), {})
    return _from_kind(value, kind, other)


def _native(value, done):
    """Converts null and views of bytes, which `to_py` leaves. An object that contains itself does so afterwards, too."""
    if id(value) in done:
        return done[id(value)]
    if type(value) is dict:
        done[id(value)] = copy = Values()
        copy.update((key, _native(item, done)) for key, item in value.items())
        return copy
    if type(value) is list:
        done[id(value)] = copy = Items()
        copy.extend(_native(item, done) for item in value)
        return copy
    if type(value) is memoryview and value.format == "B":
        return Bytes(value)
    return none_of(value)


def _from_kind(value, kind, other):
    if kind in BINARY:
        return Bytes(value.to_bytes())
    if kind == "Date":
        from datetime import datetime, timezone

        return datetime.fromtimestamp(value.getTime() / 1000, timezone.utc)
    if kind == "Error":
        return Exception(value.toString())
    return _wrapped(value, kind) if kind in WRAPPED else other(value)


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
        return to_js(_with_null(found), default_converter=_convert_back, dict_converter=Object.fromEntries)
    except ConversionError as error:
        raise error.__cause__ or error from None


def _with_null(value):
    """JavaScript's null for None, which Pyodide converts to undefined. D1 takes no undefined, and JSON has none."""
    if isinstance(value, dict):
        return {key: _with_null(item) for key, item in value.items()}
    if isinstance(value, (list, tuple)):
        return [_with_null(item) for item in value]
    return jsnull if value is None else value


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
