"""JavaScript's errors as aiohttp's."""

from __future__ import annotations

import errno
import socket
import typing

from ..client_exceptions import (
    ClientConnectionError,
    ClientConnectorCertificateError,
    ClientConnectorDNSError,
    ClientConnectorError,
    ClientConnectorSSLError,
    ClientOSError,
    ClientPayloadError,
    ConnectionTimeoutError,
    ServerDisconnectedError,
    SocketTimeoutError,
)
from ..http_exceptions import HttpProcessingError
from .shared.errors import describe

if typing.TYPE_CHECKING:
    from ..client_reqrep import ConnectionKey

# The codes that Node gives the causes of fetch's errors. Hosts without codes get the default.
_UNREACHABLE = frozenset(["ECONNREFUSED", "EHOSTUNREACH", "ENETUNREACH", "EADDRNOTAVAIL", "EACCES", "EPERM"])
_UNKNOWN_HOST = {"ENOTFOUND": socket.EAI_NONAME, "EAI_AGAIN": socket.EAI_AGAIN}
_NO_CONNECTION = frozenset(["ETIMEDOUT", "UND_ERR_CONNECT_TIMEOUT"])
_NO_DATA = frozenset(["UND_ERR_HEADERS_TIMEOUT", "UND_ERR_BODY_TIMEOUT"])
_LOST = frozenset(["ECONNRESET", "EPIPE", "ECONNABORTED"])
_DISCONNECTED = frozenset(["UND_ERR_SOCKET"])
_NO_HTTP = ("HPE_", "HTTPParserError", "UND_ERR_HEADERS_OVERFLOW", "UND_ERR_RES_")
_NOT_SENT = ("UND_ERR_REQ_", "UND_ERR_INVALID_ARG")
_NO_TRUST = ("CERT_", "DEPTH_ZERO_", "SELF_SIGNED_", "UNABLE_TO_", "ERR_TLS_CERT_")
_NO_TLS = ("ERR_SSL_", "EPROTO")


def head_error(error: typing.Any, key: ConnectionKey, url: str) -> Exception:
    """Why no response came, with `error` as the cause."""
    codes, messages = describe(error)
    return _caused(_head_error(codes, ": ".join(messages), key, url), error)


def body_error(error: typing.Any) -> Exception:
    """Why a response broke off, with `error` as the cause."""
    codes, messages = describe(error)
    message = ": ".join(messages)
    if _NO_DATA.intersection(codes):
        return _caused(SocketTimeoutError(message), error)
    return _caused(ClientPayloadError(f"Response payload is not completed: {message}"), error)


def _head_error(codes: list[str], message: str, key: ConnectionKey, url: str) -> Exception:
    for code in codes:
        number = getattr(errno, code, None)
        if code in _UNREACHABLE:
            return ClientConnectorError(key, OSError(number, message))
        if code in _UNKNOWN_HOST:
            return ClientConnectorDNSError(key, socket.gaierror(_UNKNOWN_HOST[code], message))
        if code in _NO_CONNECTION:
            return ConnectionTimeoutError(f"Connection timeout to host {url}")
        if code in _NO_DATA:
            return SocketTimeoutError(message)
        if code in _LOST:
            return ClientOSError(number, message)
        if code in _DISCONNECTED:
            return ServerDisconnectedError(message)
        if code.startswith(_NO_HTTP):
            return HttpProcessingError(code=400, message=message)
        if code.startswith(_NOT_SENT):
            return ClientConnectionError(message)
        if code.startswith(_NO_TRUST):
            return ClientConnectorCertificateError(key, OSError(None, message))
        if code.startswith(_NO_TLS):
            return ClientConnectorSSLError(key, OSError(None, message))
    return ClientConnectorError(key, OSError(None, message))


def _caused(error: Exception, cause: BaseException) -> Exception:
    error.__cause__ = cause
    return error
