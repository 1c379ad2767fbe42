"""What upstream's transports can do and fetch cannot: refused, or if nothing depends on it, warned of."""

from __future__ import annotations

import os
import typing

from .._config import Limits
from .limits import Timeouts
from .shared.warning import refuse, warn, warn_once


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
        refuse("proxy", "it connects directly")
    if cert is not None:
        refuse("cert", "the host holds the client certificates")
    if uds is not None:
        refuse("uds", "it has no Unix sockets")
    if local_address is not None:
        refuse("local_address", "the host chooses it")
    if verify is False:
        warn("verify=False", "certificates are verified all the same")
    elif verify is not True:
        refuse("verify", "the host decides which certificates it trusts")
    if http2:
        warn("http2=True", "the host negotiates the version of HTTP")
    if not http1:
        warn("http1=False", "the host negotiates the version of HTTP")
    if retries:
        warn("retries", "a connection that fails is not tried again")
    if socket_options:
        warn("socket_options", "it has no sockets")
    if limits.max_keepalive_connections == 0 or limits.keepalive_expiry == 0:
        warn("limits without keep-alive", "the host decides which connections it keeps")
    for name in ("SSL_CERT_FILE", "SSL_CERT_DIR"):
        if trust_env and os.environ.get(name):
            warn(name, "the host decides which certificates it trusts")


def check_extensions(extensions: typing.Mapping[str, typing.Any]) -> None:
    """The same for what a request asks of its transport."""
    for name in extensions:
        if name in ("sni_hostname", "target"):
            refuse(f'extensions["{name}"]', "it derives this from the URL")
        if name != "timeout":
            warn(f'extensions["{name}"]', "it has nothing of the kind")
    _check_connect(extensions.get("timeout") or {})


def _check_connect(timeouts: Timeouts) -> None:
    """fetch does not tell connecting from waiting for an answer: a limit that ends before the other is lost.

    A connect timeout of 5 s beside a read timeout of 600 s, as SDKs set them, must not end a request whose answer
    takes 6 s.
    """
    connect, read = timeouts.get("connect"), timeouts.get("read")
    if connect is not None and (read is None or connect < read):
        limit = "and nothing does" if read is None else f"so that read={read} limits both"
        warn_once("connect", f"the timeout connect={connect}", f"it does not tell when it has connected, {limit}")
