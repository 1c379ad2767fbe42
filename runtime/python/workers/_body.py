"""The common part of requests and responses: headers, and a body that is read once."""

import json as _json
from http.client import HTTPMessage

from _pinwheel.headers import to_lines as pairs_to_lines
from _pinwheel.values import from_js, none_of, property_of


class Body:
    """The body of something that JavaScript calls a `Body`."""

    js_object = None
    _headers = None

    def __getattr__(self, name):
        """Properties of the JavaScript object; `body_used` and `bodyUsed` are the same."""
        if name.startswith("_"):
            raise AttributeError(name)
        try:
            return none_of(property_of(self.js_object, name))
        except AttributeError:
            raise AttributeError(f"{type(self).__name__} has no attribute {name!r}") from None

    @property
    def url(self):
        return self.js_object.url

    @property
    def headers(self):
        if self._headers is None:
            import _pinwheel_bridge

            self._headers = from_lines(_pinwheel_bridge.joinHeaders(self.js_object.headers))
        return self._headers

    async def text(self):
        return await self.js_object.text()

    async def bytes(self):
        return (await self.js_object.arrayBuffer()).to_bytes()

    async def json(self, **options):
        """`options` are those of `json.loads`."""
        return _json.loads(await self.js_object.text(), **options)

    async def buffer(self):
        """An `ArrayBuffer` of JavaScript."""
        return await self.js_object.arrayBuffer()

    async def array_buffer(self):
        return await self.js_object.arrayBuffer()

    async def blob(self):
        return from_js(await self.js_object.blob())

    async def form_data(self):
        return from_js(await self.js_object.formData())

    formData = form_data
    arrayBuffer = array_buffer


def to_body(body):
    """Converts a body to what JavaScript's `Request` and `Response` take."""
    if body is None or isinstance(body, str):
        return body
    from pyodide.ffi import JsProxy, to_js

    if isinstance(body, (bytes, bytearray, memoryview)):
        return to_js(body)
    found = getattr(body, "js_object", body)
    if not isinstance(found, JsProxy):
        raise TypeError(f"a body is text, bytes, a Blob, a form or a stream, not {type(body).__name__}")
    return found


# The bridge takes the names and values of headers as lines.


def from_lines(lines):
    """Headers as `http.client` returns them: names are case-insensitive and may repeat."""
    message = HTTPMessage()
    parts = lines.split("\n") if lines else []
    for name, value in zip(parts[::2], parts[1::2]):
        message.add_header(name, value)
    return message


def to_lines(headers):
    """`headers` is a mapping, pairs, an `HTTPMessage` or JavaScript's `Headers`."""
    if headers is None:
        return ""
    if hasattr(headers, "js_object"):
        headers = headers.js_object
    items = headers.items() if hasattr(headers, "items") else headers
    if hasattr(headers, "getSetCookie") or hasattr(headers, "js_id"):
        items = headers.entries() if hasattr(headers, "entries") else headers
    return pairs_to_lines(items)


def to_pairs(headers):
    parts = to_lines(headers).split("\n")
    return [list(pair) for pair in zip(parts[::2], parts[1::2])]
