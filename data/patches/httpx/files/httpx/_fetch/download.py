"""Response bodies, chunk by chunk as the host receives them."""

from __future__ import annotations

import typing

from .._exceptions import ReadError, ReadTimeout
from .._types import AsyncByteStream, SyncByteStream
from .errors import translate
from .pool import Pool
from .upload import Upload
from .limits import within


class Download:
    """The body of one response. Its end, however it comes, frees all that the exchange held."""

    def __init__(
        self,
        stream: typing.Any,
        controller: typing.Any,
        upload: Upload | None,
        seconds: float | None,
        pool: Pool,
    ) -> None:
        self._controller = controller
        self._upload = upload
        self._seconds = seconds
        self._pool: Pool | None = pool
        self._cut_short = False
        self._reader = None if stream is None else stream.getReader()
        if self._reader is None:
            self._finish()
        else:
            pool.track(self)

    async def read(self) -> bytes | None:
        """The next chunk, or None after the last."""
        from pyodide.ffi import JsException

        while self._reader is not None:
            try:
                result = await within(self._seconds, self._reader.read(), ReadTimeout, "no chunk came")
            except JsException as error:
                self.abort()
                raise translate(error, ReadError) from error
            except BaseException:
                self.abort()
                raise
            if result.done:
                self._finish()
            elif chunk := result.value.to_bytes():
                return chunk
        if self._cut_short:
            raise ReadError("the response was closed before its end")
        return None

    async def close(self) -> None:
        """Cancels what has not been read: the server sees the connection end."""
        from pyodide.ffi import JsException

        if self._reader is None:
            return
        reader = self._reader
        controller = self._controller
        self._cut_short = True
        self._finish()
        try:
            await reader.cancel()
        except JsException:
            pass  # The stream had failed before.
        finally:
            controller.abort()

    def abort(self) -> None:
        """The same without waiting."""
        if self._reader is not None:
            controller = self._controller
            self._cut_short = True
            self._finish()
            controller.abort()

    def _finish(self) -> None:
        self._reader = None
        if self._upload is not None:
            self._upload.stop()
        self._upload = self._controller = None
        pool, self._pool = self._pool, None
        if pool is not None:
            pool.release()

    def __del__(self) -> None:
        self.abort()


class AsyncDownload(AsyncByteStream):
    def __init__(self, download: Download) -> None:
        self._download = download

    async def __aiter__(self) -> typing.AsyncIterator[bytes]:
        while (chunk := await self._download.read()) is not None:
            yield chunk

    async def aclose(self) -> None:
        await self._download.close()


class SyncDownload(SyncByteStream):
    def __init__(self, download: Download, run_sync: typing.Callable[..., typing.Any]) -> None:
        self._download = download
        self._run_sync = run_sync

    def __iter__(self) -> typing.Iterator[bytes]:
        while (chunk := self._run_sync(self._download.read())) is not None:
            yield chunk

    def close(self) -> None:
        # Not stack switching: closing also happens where waiting is impossible.
        self._download.abort()
