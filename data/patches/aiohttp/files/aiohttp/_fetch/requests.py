"""Where a request goes, as fetch takes it, and requests that it cannot send as they are meant."""

from __future__ import annotations

import typing

from .. import hdrs
from ..client_exceptions import InvalidUrlClientError
from ..helpers import is_canonical_ipv4_address, is_ip_address
from ..http_writer import HttpVersion11
from .options import check_ssl
from .shared.requests import BODILESS_METHODS, FORBIDDEN_METHODS, has_dots, url_of
from .shared.warning import refuse, warn

if typing.TYPE_CHECKING:
    from ..client_reqrep import ClientRequest, ConnectionKey

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
    if method in FORBIDDEN_METHODS:
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
    if method in BODILESS_METHODS and request._body is not None and request._body.size != 0:
        refuse(f"a body with {method}", "fetch sends none")
    for name in request.skip_auto_headers:
        if name.lower() in _HOST_HEADERS and name not in request.headers:
            warn(f"skip_auto_headers={name!r}", "where a request has no such header, the host writes its own")
    websocket = request.headers.get(hdrs.UPGRADE, "").lower() == "websocket"
    return Target(method, _url(request), _host(request), request.connection_key, websocket)


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
    if has_dots(path):
        raise InvalidUrlClientError(str(request.url), "has dots in its path that fetch would resolve")
    return url_of("https" if request.is_ssl() else "http", _host(request), path)
