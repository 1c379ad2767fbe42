"""The connectors: upstream's pool and limits, with one call of fetch where upstream opens a connection."""

from __future__ import annotations

import sys
import typing

from .. import connector as upstream
from .options import check_connector, check_timeout
from .protocol import FetchProtocol
from .requests import check_request
from .shared.warning import refuse

if typing.TYPE_CHECKING:
    from ..client import ClientTimeout
    from ..client_reqrep import ClientRequest
    from ..tracing import Trace

# What subclasses override who connect in their own way, through proxies above all.
_OF_SOCKETS = (
    "_create_direct_connection",
    "_create_proxy_connection",
    "_resolve_host",
    "_wrap_create_connection",
)
_UpstreamTCPConnector = upstream.TCPConnector


class TCPConnector(_UpstreamTCPConnector):
    """What a `ClientSession` sends through where no other connector is given.

    `limit` and `limit_per_host` count calls of fetch whose responses have not ended. Which connections carry
    them, and how long these are kept, the host decides.
    """

    def __init__(self, **options: typing.Any) -> None:
        super().__init__(**options)
        self._force_close = False
        if sys._getframe(1).f_globals.get("__name__") == "aiohttp.client":
            options.pop("force_close", None)  # `aiohttp.request` passes it, not who called that.
        check_connector(options, self._ssl)
        for name in _OF_SOCKETS:
            if getattr(type(self), name) is not getattr(_UpstreamTCPConnector, name):
                refuse(f"{type(self).__name__}.{name}", "the host looks names up and connects")

    async def _create_connection(
        self, req: ClientRequest, traces: list[Trace], timeout: ClientTimeout
    ) -> FetchProtocol:
        check_timeout(timeout)
        return FetchProtocol(check_request(req), self._loop)


class UnixConnector(upstream.UnixConnector):
    def __init__(self, *_: typing.Any, **__: typing.Any) -> None:
        refuse("UnixConnector", "it has no Unix sockets")


class NamedPipeConnector(upstream.NamedPipeConnector):
    def __init__(self, *_: typing.Any, **__: typing.Any) -> None:
        refuse("NamedPipeConnector", "it has no named pipes")
