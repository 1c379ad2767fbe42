"""What a request writes itself to: upstream's writer, whose bytes become the arguments of fetch."""

from __future__ import annotations

import asyncio
import typing

from .. import hdrs
from ..client_exceptions import ClientConnectionResetError, ClientPayloadError
from ..http_writer import StreamWriter
from .protocol import FetchProtocol
from .shared.host import can_stream, can_stream_length
from .shared.requests import header_pairs
from .shared.upload import PIECE
from .upload import Upload

if typing.TYPE_CHECKING:
    from multidict import CIMultiDict


def open_writer(
    protocol: typing.Any, loop: asyncio.AbstractEventLoop, **callbacks: typing.Any
) -> StreamWriter:
    """A writer for connections of these connectors, or of someone else's."""
    kind = FetchWriter if isinstance(protocol, FetchProtocol) else StreamWriter
    return kind(protocol, loop, **callbacks)


class FetchWriter(StreamWriter):
    """A body goes to fetch as a stream, unless its declared length shows it to be whole, and small.

    Where fetch cannot stream, or not with a length, bodies go as bytes, when they have ended. Then no one sees when
    they are out.
    """

    def __init__(self, *arguments: typing.Any, **callbacks: typing.Any) -> None:
        super().__init__(*arguments, **callbacks)
        self._pairs: list[list[str]] = []
        self._declared: int | None = None
        self._chunks: list[bytes] = []
        self._total = 0
        self._upload: Upload | None = None

    def enable_chunking(self) -> None:
        """fetch frames the body."""

    async def write_headers(self, status_line: str, headers: CIMultiDict[str]) -> None:
        await super().write_headers(status_line, headers)  # For its checks and its trace.
        self._headers_buf = None
        target = self._protocol.target
        fields = ((str(name), value.encode()) for name, value in headers.items())
        self._pairs = header_pairs(fields, target.host, target.websocket)
        length = headers.get(hdrs.CONTENT_LENGTH)
        self._declared = None if length is None else int(length)

    async def write(self, chunk: typing.Any, *, drain: bool = True, LIMIT: int = 0x10000) -> None:
        await super().write(chunk, drain=False)
        if self._upload is not None or (self._chunks and self._is_streamed()):
            await self._pass_on()

    def set_eof(self) -> None:
        super().set_eof()
        self._check_length()
        self._send_whole()

    async def write_eof(self, chunk: bytes = b"") -> None:
        if self._eof:
            return
        await super().write_eof(chunk)
        try:
            self._check_length()
            if self._upload is None:
                self._send_whole()
            else:
                await self._pass_on()
                await self._upload.close()
        except Exception as error:  # Nobody looks at the task that this runs in.
            self._protocol.set_exception(error)

    async def drain(self) -> None:
        """`write` has waited already."""

    def _write(self, chunk: typing.Any) -> None:
        if self._protocol.transport is None:
            raise ClientConnectionResetError("Cannot write to closing transport")
        self.buffer_size += len(chunk)
        self.output_size += len(chunk)
        self._total += len(chunk)
        if chunk:
            self._chunks.append(bytes(chunk))

    def _writelines(self, chunks: typing.Iterable[typing.Any]) -> None:
        for chunk in chunks:
            self._write(chunk)

    def _is_streamed(self) -> bool:
        if self._declared is None or self._total < self._declared:
            return can_stream()
        return self._total > PIECE and can_stream_length()

    def _check_length(self) -> None:
        if self._declared is not None and self._total < self._declared:
            raise ClientPayloadError(f"{self._total} bytes, where Content-Length says {self._declared}")

    def _send_whole(self) -> None:
        body = b"".join(self._chunks)
        self._chunks = []
        self._protocol.sends_unseen = len(body) > PIECE
        self._send(body or None)

    async def _pass_on(self) -> None:
        if self._upload is None:
            self._upload = Upload(self._declared)
            self._pairs.extend(self._upload.headers)
            self._send(self._upload.readable)
        chunks, self._chunks = self._chunks, []
        for chunk in chunks:
            await self._upload.write(chunk)

    def _send(self, body: typing.Any) -> None:
        transport = self._protocol.transport
        if transport is None:
            raise ClientConnectionResetError("Cannot write to closing transport")
        transport.send(self._pairs, body)
