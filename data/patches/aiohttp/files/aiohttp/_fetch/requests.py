"""What a request asks of fetch: its method, URL and headers, as fetch takes them."""

from __future__ import annotations

import re
import typing

from .. import hdrs
from ..client_exceptions import InvalidUrlClientError
from ..helpers import is_canonical_ipv4_address, is_ip_address
from ..http_writer import HttpVersion11
from .host import header_to_host
from .options import check_ssl
from .warning import refuse, warn

if typing.TYPE_CHECKING:
    from multidict import CIMultiDict

    from ..client_reqrep import ClientRequest, ConnectionKey

# fetch resolves these, though no client that writes them means it so.
_DOT_SEGMENT = re.compile(r"/(\.|%2e){1,2}(?=[/?]|$)", re.IGNORECASE)
# fetch frames messages and manages connections itself.
_CONNECTION_HEADERS = frozenset(
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
# Hosts put their own in the place of these.
_HOST_HEADERS = frozenset(["accept", "accept-encoding", "user-agent"])


class Target(typing.NamedTuple):
    """Where a request goes, without the request: what fetch's callbacks hold, no collector frees."""

    method: str
    url: str
    host: str
    key: ConnectionKey
    websocket: bool


def check_request(request: ClientRequest) -> Target:
    """Refuses what fetch cannot send as it is meant."""
    method = request.method
    if method in (hdrs.METH_CONNECT, hdrs.METH_TRACE, "TRACK"):
        refuse(f"the method {method}", "fetch has none of this name")
    if request.proxy is not None:
        refuse("proxy", "it connects directly")
    if request.server_hostname is not None:
        refuse("server_hostname", "it derives this from the URL")
    check_ssl(request.ssl)
    if request.version != HttpVersion11:
        warn(f"version={request.version}", "the host negotiates the version of HTTP")
    if request._continue is not None:
        warn("expect100", "it sends the body without waiting")
        request._continue = None
        request.headers.pop(hdrs.EXPECT, None)
    if method in (hdrs.METH_GET, hdrs.METH_HEAD) and request._body is not None and request._body.size != 0:
        refuse(f"a body with {method}", "fetch sends none")
    for name in request.skip_auto_headers:
        if name.lower() in _HOST_HEADERS and name not in request.headers:
            warn(f"skip_auto_headers={name!r}", "where a request has no such header, the host writes its own")
    websocket = request.headers.get(hdrs.UPGRADE, "").lower() == "websocket"
    return Target(method, _url(request), _host(request), request.connection_key, websocket)


def header_pairs(headers: CIMultiDict[str], target: Target) -> list[list[str]]:
    """The headers in their order, but for those that fetch writes."""
    pairs = []
    for name, value in headers.items():
        if name.lower() not in _CONNECTION_HEADERS:
            pairs.append([str(name), header_to_host(value)])
        elif not _is_own(name.lower(), value, target):
            warn(f"the header {name}: {value}", "it writes this header itself")
    return pairs


def _is_own(name: str, value: str, target: Target) -> bool:
    """Whether a header says no more than what fetch does anyway."""
    if name == "host":
        return value.lower() == target.host.lower()
    if name in ("connection", "upgrade"):
        return target.websocket or value.lower() == "keep-alive"
    if name == "transfer-encoding":
        return value.lower() == "chunked"
    return name == "content-length"


def _host(request: ClientRequest) -> str:
    host = request.url.host_port_subcomponent
    assert host is not None
    return host


def _url(request: ClientRequest) -> str:
    """The URL without user information and fragment, so written that fetch does not change its path."""
    host = request.host
    if ":" not in host and is_ip_address(host) and not is_canonical_ipv4_address(host):
        raise InvalidUrlClientError(host, "is not a canonical IPv4 address")
    path = request.url.raw_path_qs
    if _DOT_SEGMENT.search(path.partition("?")[0]):
        raise InvalidUrlClientError(str(request.url), "has dots in its path that fetch would resolve")
    scheme = "https" if request.is_ssl() else "http"
    return f"{scheme}://{_host(request)}{path}".replace("\\", "%5C")
