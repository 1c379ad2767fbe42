"""What a connector, a request or a WebSocket asks for that fetch has no way to do.

Refused is what would send a request elsewhere, or trust or identify otherwise, than asked for. Of the rest,
warnings tell.
"""

from __future__ import annotations

import functools
import typing

from ..helpers import sentinel
from .warning import refuse, warn

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
        compress: int = 0,
        **options: typing.Any,
    ) -> typing.Any:
        if method.upper() != "GET":
            refuse(f"method={method!r}", "a WebSocket of the host opens with GET")
        if heartbeat is not None:
            warn("heartbeat", "a WebSocket of the host cannot ping")
        if not autoping:
            warn("autoping=False", "the host answers pings itself")
        if compress:
            warn("compress", "the host negotiates the compression of a WebSocket")
        return await connect(session, url, **options)

    return checked
