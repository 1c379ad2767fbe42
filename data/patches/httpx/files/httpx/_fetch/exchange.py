"""One request through fetch, up to the head of its response."""

from __future__ import annotations

import asyncio
import typing

from .._exceptions import ConnectError, LocalProtocolError, ReadTimeout, UnsupportedProtocol
from .._models import Request
from .download import Download
from .errors import translate
from .limits import head_limit
from .pool import Pool
from .requests import Asked, read_request
from .shared.call import call_fetch
from .shared.decoding import decoded_headers
from .shared.headers import Received, received
from .upload import Upload, is_streamed, read_whole


class Answer(typing.NamedTuple):
    status: int
    headers: Received
    download: Download
    extensions: dict[str, typing.Any]


async def exchange(request: Request, chunks: typing.AsyncIterator[bytes], pool: Pool) -> Answer:
    """Sends `request`, whose body is `chunks`. The slot of the pool is free again when the download ends."""
    asked = read_request(request)
    await pool.acquire(asked.timeouts.get("pool"))
    try:
        return await _exchange(asked, chunks, is_streamed(request, asked.length), pool)
    except BaseException:
        pool.release()
        raise


async def _exchange(asked: Asked, chunks: typing.AsyncIterator[bytes], streamed: bool, pool: Pool) -> Answer:
    import js
    from pyodide.ffi import JsException

    method, url, pairs, length, timeouts = asked
    controller = js.AbortController.new()
    upload: Upload | None = None
    body: typing.Any = None
    limit = timeouts.get("read")
    try:
        if streamed:
            upload = Upload(chunks, length, controller, timeouts.get("write"))
            body = upload.stream.readable
            pairs.extend(upload.stream.headers)
        elif content := await read_whole(chunks, length):
            body = content
            limit = head_limit(timeouts, len(content))
        try:
            promise = call_fetch(url, method, pairs, controller, body)
        except ValueError as error:
            raise LocalProtocolError(str(error)) from error.__cause__
        response = await _await_head(promise, upload, limit)
    except BaseException as error:
        controller.abort()
        if upload is not None:
            upload.stop()
            if upload.failure is not None and not isinstance(error, asyncio.CancelledError):
                raise upload.failure
        if isinstance(error, JsException):
            raise translate(error, ConnectError) from error
        raise
    if response.type == "opaqueredirect":
        controller.abort()
        raise UnsupportedProtocol("this host's fetch answers a redirect without its status and Location")
    bodiless = method == "HEAD" or response.status in (204, 304)
    stream = None if bodiless else response.body or None  # JavaScript's null, in Pyodide 314, is not None.
    return Answer(
        response.status,
        decoded_headers(received(response), stream is not None),
        Download(stream, controller, upload, timeouts.get("read"), pool),
        extensions_of(response),
    )


def extensions_of(response: typing.Any) -> dict[str, typing.Any]:
    """What upstream's transports tell of a response besides.

    fetch does not tell the version of HTTP. HTTP/1.1 stands for all, as it does for httpx itself where a transport
    says nothing. The `network_stream` is missing: there is none.
    """
    extensions = {"http_version": b"HTTP/1.1"}
    if response.statusText:
        extensions["reason_phrase"] = response.statusText.encode("ascii", "replace")
    return extensions


async def _await_head(promise: typing.Any, upload: Upload | None, seconds: float | None) -> typing.Any:
    """fetch's response. The read timeout starts when a streamed body is out, otherwise at once."""
    waiting = True
    try:
        async with asyncio.timeout(seconds if upload is None else None) as deadline:

            def start(_: object) -> None:
                if waiting and seconds is not None:
                    deadline.reschedule(asyncio.get_running_loop().time() + seconds)

            if upload is not None:
                upload.task.add_done_callback(start)
            try:
                return await promise
            finally:
                waiting = False
    except TimeoutError as error:
        if deadline.expired():
            raise ReadTimeout(f"no response came within {seconds} s") from error
        raise
