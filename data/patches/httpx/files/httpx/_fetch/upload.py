"""Request bodies: as a stream where fetch can send one, else whole; always of the length that was declared."""

from __future__ import annotations

import asyncio
import functools
import typing

from .._exceptions import LocalProtocolError, WriteTimeout
from .._models import Request
from .wait import within


def declared_length(request: Request) -> int | None:
    value = request.headers.get("Content-Length")
    if value is None:
        return None
    if not (value.isascii() and value.isdigit()):
        raise LocalProtocolError(f"Content-Length is {value!r}, which is no number of bytes")
    return int(value)


async def read_whole(chunks: typing.AsyncIterator[bytes], length: int | None) -> bytes:
    return b"".join([chunk async for chunk in _counted(chunks, length)])


async def _counted(chunks: typing.AsyncIterator[bytes], length: int | None) -> typing.AsyncIterator[bytes]:
    """The chunks that are not empty. Raises where they do not add up to `length`."""
    total = 0
    async for chunk in chunks:
        total += len(chunk)
        if length is not None and total > length:
            raise LocalProtocolError("Too much data for declared Content-Length")
        if chunk:
            yield bytes(chunk)
    if length is not None and total < length:
        raise LocalProtocolError("Too little data for declared Content-Length")


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
    """Carries chunks from Python into a stream that fetch reads, at fetch's pace."""

    def __init__(
        self,
        chunks: typing.AsyncIterator[bytes],
        length: int | None,
        controller: typing.Any,
        seconds: float | None,
    ) -> None:
        import js

        # Workers' own streams make writers wait for the network, and declare a length to fetch. Elsewhere
        # every stream does the former, and a header the latter.
        fixed = getattr(js, "FixedLengthStream", None) if length is not None else None
        identity = getattr(js, "IdentityTransformStream", None) or js.TransformStream
        stream = identity.new() if fixed is None else fixed.new(length)
        self.needs_length = length is not None and fixed is None
        self.readable = stream.readable
        self.failure: BaseException | None = None
        self._writer = stream.writable.getWriter()
        self._controller = controller
        self._seconds = seconds
        self.task = asyncio.ensure_future(self._send(_counted(chunks, length)))

    async def _send(self, chunks: typing.AsyncIterator[bytes]) -> None:
        from pyodide.ffi import JsException, to_js

        try:
            async for chunk in chunks:
                await within(self._seconds, self._writer.write(to_js(chunk)), WriteTimeout, "no chunk was taken")
            await self._writer.close()
        except JsException:
            pass  # The connection is gone, or not needed any more: what fetch says of it is what counts.
        except asyncio.CancelledError:
            raise
        except BaseException as error:
            self.failure = error
            self._controller.abort()

    def stop(self) -> None:
        self.task.cancel()
