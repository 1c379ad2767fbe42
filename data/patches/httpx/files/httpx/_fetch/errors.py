"""JavaScript's errors as httpx's."""

from __future__ import annotations

import typing

from .._exceptions import (
    ConnectError,
    ConnectTimeout,
    DecodingError,
    LocalProtocolError,
    ReadError,
    ReadTimeout,
    RemoteProtocolError,
    RequestError,
    WriteError,
)

# The codes that Node gives the causes of fetch's errors. Hosts without codes get the default of the phase.
_BY_CODE: dict[str, type[RequestError]] = {
    "ECONNREFUSED": ConnectError,
    "ENOTFOUND": ConnectError,
    "EAI_AGAIN": ConnectError,
    "EHOSTUNREACH": ConnectError,
    "ENETUNREACH": ConnectError,
    "ETIMEDOUT": ConnectTimeout,
    "UND_ERR_CONNECT_TIMEOUT": ConnectTimeout,
    "UND_ERR_HEADERS_TIMEOUT": ReadTimeout,
    "UND_ERR_BODY_TIMEOUT": ReadTimeout,
    "ECONNRESET": ReadError,
    "EPIPE": WriteError,
    "UND_ERR_SOCKET": RemoteProtocolError,
    "UND_ERR_HEADERS_OVERFLOW": RemoteProtocolError,
    "UND_ERR_RES_CONTENT_LENGTH_MISMATCH": RemoteProtocolError,
    "UND_ERR_REQ_CONTENT_LENGTH_MISMATCH": LocalProtocolError,
    "UND_ERR_INVALID_ARG": LocalProtocolError,
}
# Of Node's parser (where it has no code, by name), of zlib, brotli and zstd.
_BY_PREFIX: dict[str, type[RequestError]] = {
    "HPE_": RemoteProtocolError,
    "HTTPParserError": RemoteProtocolError,
    "Z_": DecodingError,
    "ERR__ERROR_FORMAT": DecodingError,
    "ERR_BROTLI": DecodingError,
    "ERR_ZSTD": DecodingError,
    "ZSTD_": DecodingError,
}


def translate(error: typing.Any, default: type[RequestError]) -> RequestError:
    """The error to raise `from` a JsException; `default` is what the phase makes likely."""
    messages = []
    kind = None
    cause = error
    for _ in range(5):
        if cause is None:
            break
        message = str(getattr(cause, "message", None) or cause)
        if message not in messages:
            messages.append(message)
        kind = kind or _kind_of(str(getattr(cause, "code", None) or getattr(cause, "name", "")), message)
        cause = getattr(cause, "cause", None)
    return (kind or default)(": ".join(messages))


def _kind_of(name: str, message: str) -> type[RequestError] | None:
    if message.endswith("decompression failed."):
        return DecodingError  # As workerd says it.
    if name in _BY_CODE:
        return _BY_CODE[name]
    return next((kind for prefix, kind in _BY_PREFIX.items() if name.startswith(prefix)), None)
