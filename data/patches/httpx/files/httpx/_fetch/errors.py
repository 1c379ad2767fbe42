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
from .shared.errors import describe

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
    codes, messages = describe(error)
    if any(message.endswith("decompression failed.") for message in messages):
        kind = DecodingError  # As workerd says it.
    else:
        kind = next((found for found in map(_kind_of, codes) if found), default)
    return kind(": ".join(messages))


def _kind_of(code: str) -> type[RequestError] | None:
    if code in _BY_CODE:
        return _BY_CODE[code]
    return next((kind for prefix, kind in _BY_PREFIX.items() if code.startswith(prefix)), None)
