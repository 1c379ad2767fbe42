"""Request bodies as streams, where fetch can send one."""

from __future__ import annotations

import asyncio
import functools


@functools.cache
def can_stream() -> bool:
    """A host that does not know streams as bodies takes one for text."""
    import js
    from pyodide.ffi import JsException

    try:
        stream = js.TransformStream.new().readable
        request = js.Request.new("http://localhost/", method="POST", body=stream, duplex="half")
    except (AttributeError, JsException):
        return False
    return not request.headers.has("content-type")


class Upload:
    """A stream that fetch reads, and Python writes at fetch's pace."""

    def __init__(self, length: int | None) -> None:
        import js

        # Workers' own streams make writers wait for the network, and declare a length to fetch. Elsewhere
        # every stream does the former, and a header the latter.
        fixed = getattr(js, "FixedLengthStream", None) if length is not None else None
        identity = getattr(js, "IdentityTransformStream", None) or js.TransformStream
        stream = identity.new() if fixed is None else fixed.new(length)
        self.needs_length = length is not None and fixed is None
        self.readable = stream.readable
        self._writer = stream.writable.getWriter()

    async def write(self, chunk: bytes) -> None:
        from pyodide.ffi import JsException, to_js

        try:
            await self._writer.write(to_js(chunk))
        except JsException:
            # The connection is gone, or has its answer: what fetch says counts. Whoever hears it cancels this
            # task, which produces nothing for nobody until then.
            await asyncio.get_running_loop().create_future()

    async def close(self) -> None:
        from pyodide.ffi import JsException

        try:
            await self._writer.close()
        except JsException:
            pass  # The same, but there is nothing more to come.
