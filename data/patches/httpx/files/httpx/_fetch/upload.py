"""Request bodies: as a stream if fetch sends it as it is meant, else whole; always of the length declared."""

from __future__ import annotations

import asyncio
import typing

from .._content import ByteStream
from .._exceptions import LocalProtocolError, WriteTimeout
from .._models import Request
from .limits import within
from .shared.host import can_stream, can_stream_length
from .shared.requests import BODILESS_METHODS
from .shared.upload import PIECE, BodyStream, pieces


def is_streamed(request: Request, length: int | None) -> bool:
    """Whether a body goes to fetch as a stream: one that is produced, and one that takes its time to send."""
    if request.method in BODILESS_METHODS:
        return False
    if not isinstance(request.stream, ByteStream):
        return can_stream()
    return length is not None and length > PIECE and can_stream_length()


async def read_whole(chunks: typing.AsyncIterator[bytes], length: int | None) -> bytes:
    content = b"".join([chunk async for chunk in chunks])
    check_length(len(content), length)
    return content


def check_length(size: int, length: int | None, ended: bool = True) -> None:
    """Raises if `size` bytes, so far or up to the end, are not what was declared."""
    if length is not None and size > length:
        raise LocalProtocolError("Too much data for declared Content-Length")
    if length is not None and size < length and ended:
        raise LocalProtocolError("Too little data for declared Content-Length")


class Upload:
    """Carries chunks from Python into a stream that fetch reads, at fetch's pace."""

    def __init__(
        self,
        chunks: typing.AsyncIterator[bytes],
        length: int | None,
        controller: typing.Any,
        seconds: float | None,
    ) -> None:
        """`seconds` is the time that fetch has to take each piece."""
        self.stream = BodyStream(length)
        self.failure: BaseException | None = None
        self._length = length
        self._controller = controller
        self._seconds = seconds
        self.task = asyncio.ensure_future(self._send(chunks))

    async def _send(self, chunks: typing.AsyncIterator[bytes]) -> None:
        from pyodide.ffi import JsException

        size = 0
        try:
            async for chunk in chunks:
                size += len(chunk)
                check_length(size, self._length, ended=False)
                for piece in pieces(chunk):
                    await within(self._seconds, self.stream.write(piece), WriteTimeout, "no piece was taken")
            check_length(size, self._length)
            await self.stream.close()
        except JsException:
            pass  # The connection is gone, or not needed any more: what fetch says of it is what counts.
        except asyncio.CancelledError:
            raise
        except BaseException as error:
            self.failure = error
            self._controller.abort()

    def stop(self) -> None:
        self.task.cancel()
