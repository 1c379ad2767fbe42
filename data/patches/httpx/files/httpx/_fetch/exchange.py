"""One request through fetch, up to the head of its response."""

from __future__ import annotations

import asyncio
import re
import typing

from .._content import ByteStream
from .._exceptions import ConnectError, LocalProtocolError, ReadTimeout, UnsupportedProtocol
from .._models import Request
from .decoding import decoded_headers
from .download import Download
from .errors import translate
from .host import header_from_host
from .options import check_request, header_pairs
from .pool import Pool
from .upload import Upload, can_stream, declared_length, read_whole

# fetch resolves these, though no client that writes them means it so.
_DOT_SEGMENT = re.compile(rb"/(\.|%2e){1,2}(?=[/?]|$)", re.IGNORECASE)


class Answer(typing.NamedTuple):
    status: int
    headers: list[tuple[bytes, bytes]]
    download: Download
    extensions: dict[str, typing.Any]


async def exchange(request: Request, chunks: typing.AsyncIterator[bytes], pool: Pool) -> Answer:
    """Sends `request`, whose body is `chunks`. The slot of the pool is free again when the download ends."""
    timeouts = request.extensions.get("timeout") or {}
    url = _url(request)
    length = declared_length(request)
    check_request(request, length)
    pairs = header_pairs(request)
    await pool.acquire(timeouts.get("pool"))
    try:
        return await _exchange(request, url, pairs, chunks, length, timeouts, pool)
    except BaseException:
        pool.release()
        raise


async def _exchange(
    request: Request,
    url: str,
    pairs: list[list[str]],
    chunks: typing.AsyncIterator[bytes],
    length: int | None,
    timeouts: dict[str, float | None],
    pool: Pool,
) -> Answer:
    import js
    from pyodide.ffi import JsException, to_js

    controller = js.AbortController.new()
    upload: Upload | None = None
    options: dict[str, typing.Any] = {}
    try:
        if not isinstance(request.stream, ByteStream) and request.method not in ("GET", "HEAD") and can_stream():
            upload = Upload(chunks, length, controller, timeouts.get("write"))
            options = {"body": upload.readable, "duplex": "half"}
            if upload.needs_length:
                pairs.append(["Content-Length", str(length)])
        elif content := await read_whole(chunks, length):
            options = {"body": to_js(content)}
        try:
            headers = js.Headers.new(to_js(pairs))
        except JsException as error:
            raise LocalProtocolError(f"fetch refuses a header: {error.message}") from error
        promise = js.fetch(
            url,
            method=request.method,
            headers=headers,
            redirect="manual",
            signal=controller.signal,
            **options,
        )
        response = await _await_head(promise, upload, timeouts.get("read"))
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
    bodiless = request.method == "HEAD" or response.status in (204, 304)
    stream = None if bodiless else response.body or None  # JavaScript's null, in Pyodide 314, is not None.
    pairs_received, reason = _head(response)
    return Answer(
        response.status,
        decoded_headers(pairs_received, stream is not None),
        Download(stream, controller, upload, timeouts.get("read"), pool),
        {"reason_phrase": reason} if reason else {},
    )


async def _await_head(promise: typing.Any, upload: Upload | None, seconds: float | None) -> typing.Any:
    """fetch's response. The read timeout starts when the request has been sent, as far as fetch lets one see.

    fetch does not tell connecting from waiting for an answer. A connect timeout of 5 s beside a read timeout of
    600 s, as SDKs set them, must not end a request whose answer takes 6 s; so only the host's own limit for
    connecting raises ConnectTimeout.
    """
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


def _url(request: Request) -> str:
    """The URL without user information and fragment, so written that fetch does not change its path."""
    url = request.url
    if url.scheme not in ("http", "https") or not url.host:
        raise UnsupportedProtocol(f"fetch needs a whole http:// or https:// URL, not {str(url)!r}")
    path = url.raw_path
    if _DOT_SEGMENT.search(path.partition(b"?")[0]):
        raise LocalProtocolError(f"fetch would resolve the dots in {path.decode('ascii')!r} before it sends it")
    return f"{url.scheme}://{url.netloc.decode('ascii')}{path.decode('ascii')}".replace("\\", "%5C")


def _head(response: typing.Any) -> tuple[list[tuple[bytes, bytes]], bytes]:
    import js

    pairs = [
        (name.encode("latin-1"), header_from_host(value))
        for name, value in getattr(js.Array, "from")(response.headers).to_py()
    ]
    if any(name == b"set-cookie" for name, _ in pairs):
        cookies = response.headers.getSetCookie().to_py()
        pairs = [pair for pair in pairs if pair[0] != b"set-cookie"]
        pairs += [(b"set-cookie", header_from_host(cookie)) for cookie in cookies]
    return pairs, response.statusText.encode("ascii", "replace")
