"""One request through a browser's XMLHttpRequest, which blocks, for synchronous code that cannot wait for fetch.

It takes and gives bodies whole, follows redirects by itself, and has one limit of time for all, the read timeout. In
a window, outside of workers, it has none, and gives bytes as text.
"""

from __future__ import annotations

import math
import typing

from .._content import ByteStream
from .._exceptions import ConnectError, DecodingError, LocalProtocolError, ReadTimeout, UnsupportedProtocol
from .._models import Request, Response
from .exchange import extensions_of
from .limits import head_limit
from .requests import Asked, read_request
from .shared.decoding import decoded_headers
from .shared.headers import Received, from_host
from .shared.warning import warn_once
from .upload import check_length


def can_block() -> bool:
    import js

    return hasattr(js, "XMLHttpRequest")


def exchange_blocking(request: Request, chunks: typing.Iterable[bytes]) -> Response:
    from pyodide.ffi import JsException, to_js

    asked = read_request(request)
    content = b"".join(chunks)
    check_length(len(content), asked.length)
    limit = head_limit(asked.timeouts, len(content))
    xhr = _open(asked, limit)
    try:
        xhr.send(to_js(content) if content else None)
    except JsException as error:
        if error.name == "TimeoutError":
            raise ReadTimeout(f"no whole response came within {limit} s") from error
        raise ConnectError(str(error.message)) from error
    _refuse_redirect(xhr, asked.url)
    received = _received(xhr)
    body = b"" if asked.method == "HEAD" else _body(xhr)
    return Response(
        xhr.status,
        headers=decoded_headers(received, bool(body)),
        stream=ByteStream(body),
        extensions=extensions_of(xhr),
    )


def _open(asked: Asked, limit: float | None) -> typing.Any:
    import js
    from pyodide.ffi import JsException, to_js

    xhr = js.XMLHttpRequest.new()
    xhr.open(asked.method, asked.url, False)
    try:
        xhr.responseType = "arraybuffer"
        xhr.timeout = 0 if limit is None else math.ceil(limit * 1000)
    except JsException:  # Both are for workers only.
        xhr.overrideMimeType("text/plain; charset=x-user-defined")
        if limit is not None:
            warn_once("timeout", "timeouts", "a window does not limit how long a request blocks it")
    try:
        # A Request lacks the headers that the host writes itself, of which XMLHttpRequest would complain.
        allowed = js.Request.new(asked.url, method=asked.method, headers=to_js(asked.pairs)).headers
    except JsException as error:
        raise LocalProtocolError(f"fetch refuses a header: {error.message}") from error
    for name, value in getattr(js.Array, "from")(allowed).to_py():
        xhr.setRequestHeader(name, value)
    return xhr


def _refuse_redirect(xhr: typing.Any, url: str) -> None:
    import js

    if xhr.responseURL != js.URL.new(url).href:
        raise UnsupportedProtocol(f"this host has followed a redirect by itself, to {xhr.responseURL}")


def _received(xhr: typing.Any) -> Received:
    lines = xhr.getAllResponseHeaders().split("\r\n")
    fields = [line.partition(":") for line in lines if line]
    return [(name.encode("latin-1"), from_host(value.strip())) for name, _, value in fields]


def _body(xhr: typing.Any) -> bytes:
    if xhr.responseType == "arraybuffer":
        return xhr.response.to_bytes() if xhr.response else b""
    text: str = xhr.responseText
    # Bytes from 128 on became characters from U+F780 on; but not where a mark of Unicode begins the body.
    if any("\x7f" < character < "\uf780" or character > "\uf7ff" for character in set(text)):
        raise DecodingError("a window cannot give these bytes to synchronous code: use httpx.AsyncClient")
    return text.encode("utf-16-le")[::2]
