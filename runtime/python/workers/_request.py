from http import HTTPMethod

from _pinwheel.values import none_of

from ._body import Body, to_body, to_pairs

METHODS = {method.value for method in HTTPMethod}


class Request(Body):
    """A request: one that came in, or one to send with `fetch`."""

    def __init__(self, resource, **options):
        if isinstance(resource, str) or options:
            resource = _make(getattr(resource, "js_object", resource), options)
        self.js_object = getattr(resource, "js_object", resource)

    @property
    def _js_request(self):
        """The platform's own examples use this name."""
        return self.js_object

    @property
    def method(self):
        method = self.js_object.method
        # Workers get others, too, such as PROPFIND and PURGE.
        return HTTPMethod(method) if method in METHODS else method

    @property
    def cf(self):
        return none_of(getattr(self.js_object, "cf", None))

    def clone(self):
        return Request(self.js_object.clone())

    def __repr__(self):
        return f"Request(method={str(self.method)!r}, url={self.url!r})"


def _make(resource, options):
    from js import Object, Request as JsRequest

    return JsRequest.new(resource, Object.fromEntries(to_options(options)))


def to_options(options):
    """Keyword arguments as JavaScript's `RequestInit`, in pairs."""
    from js import Headers, Object
    from pyodide.ffi import to_js

    pairs = []
    for name, value in options.items():
        if value is None:
            continue
        if name == "headers":
            value = Headers.new(to_js(to_pairs(value)))
        elif name == "body":
            value = to_body(value)
        elif name == "method":
            value = str(getattr(value, "value", value))
        else:
            value = to_js(value, dict_converter=Object.fromEntries)
        pairs.append([name, value])
    return to_js(pairs)
