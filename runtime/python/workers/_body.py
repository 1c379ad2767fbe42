"""What requests and responses have in common: a body that is read once."""

import json as _json

from _pinwheel.values import from_js, none_of


class Body:
    """The body of something that JavaScript calls a `Body`."""

    js_object = None

    def __getattr__(self, name):
        """What has no method here is a property of the JavaScript object; `body_used` and `bodyUsed` are the same."""
        if name.startswith("_"):
            raise AttributeError(name)
        first, *others = name.split("_")
        try:
            return none_of(getattr(self.js_object, first + "".join(one.title() for one in others)))
        except AttributeError:
            raise AttributeError(f"{type(self).__name__} has no attribute {name!r}") from None

    @property
    def url(self):
        return self.js_object.url

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
