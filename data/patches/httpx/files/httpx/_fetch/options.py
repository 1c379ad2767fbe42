"""What upstream's transports can do and fetch cannot: refused, or where nothing depends on it, warned of."""

from __future__ import annotations

import os
import typing
import warnings

from .._config import Limits
from .._exceptions import LocalProtocolError
from .._models import Request
from .host import header_for_host

# fetch frames messages and manages connections itself.
CONNECTION_HEADERS = frozenset(
    [
        "connection",
        "content-length",
        "expect",
        "host",
        "keep-alive",
        "proxy-connection",
        "te",
        "trailer",
        "transfer-encoding",
        "upgrade",
    ]
)


def check_options(
    *,
    verify: typing.Any,
    cert: typing.Any,
    trust_env: bool,
    http1: bool,
    http2: bool,
    limits: Limits,
    proxy: typing.Any,
    uds: str | None,
    local_address: str | None,
    retries: int,
    socket_options: typing.Any,
) -> None:
    """Refuses what would send a request elsewhere, or trust or identify otherwise, than asked for."""
    if proxy is not None:
        _refuse("proxy", "it connects directly")
    if cert is not None:
        _refuse("cert", "the host holds the client certificates")
    if uds is not None:
        _refuse("uds", "it has no Unix sockets")
    if local_address is not None:
        _refuse("local_address", "the host chooses it")
    if verify is False:
        _warn("verify=False", "certificates are verified all the same")
    elif verify is not True:
        _refuse("verify", "the host decides which certificates it trusts")
    if http2:
        _warn("http2=True", "the host negotiates the version of HTTP")
    if not http1:
        _warn("http1=False", "the host negotiates the version of HTTP")
    if retries:
        _warn("retries", "a connection that fails is not tried again")
    if socket_options:
        _warn("socket_options", "it has no sockets")
    if limits.max_keepalive_connections == 0 or limits.keepalive_expiry == 0:
        _warn("limits without keep-alive", "the host decides which connections it keeps")
    for name in ("SSL_CERT_FILE", "SSL_CERT_DIR"):
        if trust_env and os.environ.get(name):
            _warn(name, "the host decides which certificates it trusts")


def check_request(request: Request, length: int | None) -> None:
    """The same for a request; `length` is its Content-Length."""
    if request.method in ("CONNECT", "TRACE", "TRACK"):
        raise LocalProtocolError(f"fetch has no method {request.method}")
    if request.method in ("GET", "HEAD") and (length or "Transfer-Encoding" in request.headers):
        raise LocalProtocolError(f"fetch sends no body with {request.method}")
    for name in request.extensions:
        if name in ("sni_hostname", "target"):
            _refuse(f'extensions["{name}"]', "it derives this from the URL")
        if name != "timeout":
            _warn(f'extensions["{name}"]', "it has nothing of the kind")


def header_pairs(request: Request) -> list[list[str]]:
    """The request's headers in their order, but for those that fetch writes."""
    pairs = []
    for raw_name, raw_value in request.headers.raw:
        name, value = raw_name.decode("ascii"), header_for_host(raw_value)
        if name.lower() not in CONNECTION_HEADERS:
            pairs.append([name, value])
        elif not _is_own(name.lower(), value, request):
            _warn(f"the header {name}: {value}", "it writes this header itself")
    return pairs


def _is_own(name: str, value: str, request: Request) -> bool:
    """Whether a header says no more than what fetch does anyway."""
    if name == "host":
        return value.encode("latin-1").lower() == request.url.netloc.lower()
    if name == "connection":
        return value.lower() == "keep-alive"
    if name == "transfer-encoding":
        return value.lower() == "chunked"
    return name == "content-length"


def _refuse(option: str, reason: str) -> typing.NoReturn:
    raise NotImplementedError(f"httpx on fetch cannot honour {option}: {reason}")


def _warn(option: str, reason: str) -> None:
    warnings.warn(f"httpx on fetch cannot honour {option}: {reason}", UserWarning, stacklevel=5)
