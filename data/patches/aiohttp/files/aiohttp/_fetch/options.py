"""What a connector, a request or a WebSocket asks for that fetch has no way to do.

Refused is what would send a request elsewhere, or trust or identify otherwise, than asked for. Of the rest,
warnings tell.
"""

from __future__ import annotations

import functools
import typing

from multidict import CIMultiDict

from .. import hdrs
from ..helpers import sentinel
from .shared.host import in_worker
from .shared.warning import refuse, warn, warn_once

if typing.TYPE_CHECKING:
    from ..client import ClientTimeout

_CHOICE = "the host chooses it"
_KEPT = "the host decides which connections it keeps"
_LOOKUP = "the host looks names up"
_REFUSED = {
    "local_addr": _CHOICE,
    "resolver": _LOOKUP,
    "socket_factory": "it has no sockets",
}
# With the values that ask for nothing.
_WARNED: dict[str, tuple[tuple[typing.Any, ...], str]] = {
    "family": ((0,), _CHOICE),
    "force_close": ((False,), _KEPT),
    "keepalive_timeout": ((sentinel, None), _KEPT),
    "enable_cleanup_closed": ((False,), _KEPT),
    "use_dns_cache": ((True,), _LOOKUP),
    "ttl_dns_cache": ((10,), _LOOKUP),
    "dns_cache_max_size": ((1000,), _LOOKUP),
    "happy_eyeballs_delay": ((0.25,), _LOOKUP),
    "interleave": ((None,), _LOOKUP),
    "ssl_shutdown_timeout": ((sentinel, 0), _KEPT),
}


def check_connector(options: dict[str, typing.Any], ssl: typing.Any) -> None:
    """`ssl` is what the four options for TLS come to."""
    for name, value in options.items():
        if name in _REFUSED and value is not None:
            refuse(name, _REFUSED[name])
        plain, reason = _WARNED.get(name, ((value,), ""))
        if not any(value is each or value == each for each in plain):
            warn(f"{name}={value!r}", reason)
    check_ssl(ssl)


def check_ssl(ssl: typing.Any) -> None:
    if ssl is False:
        warn("ssl=False", "certificates are verified all the same")
    elif ssl is not True and ssl is not None:
        refuse(f"ssl={ssl!r}", "the host decides which certificates it trusts, and holds its own")


def check_timeout(timeout: ClientTimeout) -> None:
    """The host does not tell when it has connected. What a session sets by itself falls away in silence."""
    from ..client import DEFAULT_TIMEOUT

    for name in ("connect", "sock_connect"):
        limit = getattr(timeout, name)
        if limit is None or limit == getattr(DEFAULT_TIMEOUT, name):
            continue
        if timeout.total is None or limit < timeout.total:
            held = "it holds only while the pool is waited for" if name == "connect" else "total limits it"
            warn_once(name, f"the timeout {name}={limit}", f"the host does not tell when it has connected; {held}")


def checks_websocket(connect: typing.Callable[..., typing.Any]) -> typing.Callable[..., typing.Any]:
    """`ClientSession._ws_connect` without what the host's WebSocket cannot do."""

    @functools.wraps(connect)
    async def checked(
        session: typing.Any,
        url: typing.Any,
        *,
        method: str = "GET",
        heartbeat: float | None = None,
        autoping: bool = True,
        headers: typing.Any = None,
        compress: int = 0,
        **options: typing.Any,
    ) -> typing.Any:
        if method.upper() != "GET":
            refuse(f"method={method!r}", "a WebSocket of the host opens with GET")
        if heartbeat is not None:
            warn("heartbeat", "a WebSocket of the host cannot ping")
        if not autoping:
            warn("autoping=False", "the host answers pings itself")
        _check_handshake(CIMultiDict(headers or ()), compress)
        socket = await connect(session, url, headers=headers, compress=compress, **options)
        if compress and not socket.compress:
            warn("compress", "the host and the server have agreed on none")
        return socket

    return checked


def _check_handshake(headers: CIMultiDict[str], compress: int) -> None:
    version = headers.get(hdrs.SEC_WEBSOCKET_VERSION, "13")
    if version != "13":
        warn(f"the header Sec-WebSocket-Version: {version}", "a WebSocket of the host is of version 13")
    if hdrs.SEC_WEBSOCKET_EXTENSIONS in headers and not compress and not in_worker():
        extensions = headers[hdrs.SEC_WEBSOCKET_EXTENSIONS]
        warn(f"the header Sec-WebSocket-Extensions: {extensions}", "a WebSocket offers what the host has")
