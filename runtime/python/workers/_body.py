"""What requests and responses have in common: a body that is read once."""

import json as _json


class Body:
    """The body of something that JavaScript calls a `Body`."""

    js_object = None

    @property
    def body(self):
        """The stream itself, of JavaScript."""
        return self.js_object.body

    @property
    def body_used(self):
        return self.js_object.bodyUsed

    bodyUsed = body_used

    async def text(self):
        return await self.js_object.text()

    async def bytes(self):
        return (await self.js_object.arrayBuffer()).to_bytes()

    async def json(self):
        return _json.loads(await self.js_object.text())

    async def buffer(self):
        """An `ArrayBuffer` of JavaScript."""
        return await self.js_object.arrayBuffer()

    async def array_buffer(self):
        return await self.js_object.arrayBuffer()

    async def blob(self):
        return await self.js_object.blob()

    async def form_data(self):
        return await self.js_object.formData()

    formData = form_data
    arrayBuffer = array_buffer


def to_body(body):
    """Converts a body to what JavaScript's `Request` and `Response` take."""
    if body is None or isinstance(body, str):
        return body
    if isinstance(body, (bytes, bytearray, memoryview)):
        from pyodide.ffi import to_js

        return to_js(body)
    return getattr(body, "js_object", body)
