"""What of a request fetch would change, does not send, or writes itself."""

from __future__ import annotations

import re
import typing

from .headers import to_host
from .warning import warn

FORBIDDEN_METHODS = frozenset(["CONNECT", "TRACE", "TRACK"])
BODILESS_METHODS = frozenset(["GET", "HEAD"])
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
_DOT_SEGMENT = re.compile(r"/(\.|%2e){1,2}(?=[/?]|$)", re.IGNORECASE)


def has_dots(path: str) -> bool:
    """Whether fetch would resolve dots in a path, though no client that writes them means it so."""
    return _DOT_SEGMENT.search(path.partition("?")[0]) is not None


def url_of(scheme: str, host: str, path: str) -> str:
    """A URL whose path fetch does not change. `host` has the port, if any, and `path` the query."""
    return f"{scheme}://{host}{path}".replace("\\", "%5C")


def header_pairs(
    fields: typing.Iterable[tuple[str, bytes]], host: str, upgrades: bool = False
) -> list[list[str]]:
    """Headers in their order, but for those that fetch writes; with `upgrades`, of the handshake of a WebSocket."""
    pairs = []
    for name, raw_value in fields:
        value = to_host(raw_value)
        if name.lower() not in _CONNECTION_HEADERS:
            pairs.append([name, value])
        elif not _says_nothing(name.lower(), value, host, upgrades):
            warn(f"the header {name}: {value}", "it writes this header itself")
    return pairs


def _says_nothing(name: str, value: str, host: str, upgrades: bool) -> bool:
    """Whether one of these headers asks for no more than fetch does anyway."""
    if name == "host":
        return value.lower() == host.lower()
    if name in ("connection", "upgrade"):
        return upgrades or value.lower() == "keep-alive"
    if name == "transfer-encoding":
        return value.lower() == "chunked"
    return name == "content-length"
