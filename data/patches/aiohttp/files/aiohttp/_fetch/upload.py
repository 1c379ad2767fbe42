"""Request bodies as streams."""

from __future__ import annotations

import asyncio
import typing

from .shared.upload import BodyStream, pieces


class Upload:
    """A stream that fetch reads, and Python writes at fetch's pace."""

    def __init__(self, length: int | None) -> None:
        self._stream = BodyStream(length)
        self.readable = self._stream.readable
        self.headers = self._stream.headers

    async def write(self, chunk: typing.Any) -> None:
        from pyodide.ffi import JsException

        try:
            for piece in pieces(chunk):
                await self._stream.write(piece)
        except JsException:
            # The connection is gone, or has its answer: what fetch says counts. Whoever hears it cancels this
            # task, which produces nothing for nobody until then.
            await asyncio.get_running_loop().create_future()

    async def close(self) -> None:
        from pyodide.ffi import JsException

        try:
            await self._stream.close()
        except JsException:
            pass  # The same, but there is nothing more to come.
