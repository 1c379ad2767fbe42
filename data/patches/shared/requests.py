"""What of a request fetch would change, does not send, or writes itself."""

from __future__ import annotations

import re

FORBIDDEN_METHODS = frozenset(["CONNECT", "TRACE", "TRACK"])
BODILESS_METHODS = frozenset(["GET", "HEAD"])
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
_DOT_SEGMENT = re.compile(r"/(\.|%2e){1,2}(?=[/?]|$)", re.IGNORECASE)


def has_dots(path: str) -> bool:
    """Whether fetch would resolve dots in a path, though no client that writes them means it so."""
    return _DOT_SEGMENT.search(path.partition("?")[0]) is not None


def url_of(scheme: str, host: str, path: str) -> str:
    """A URL whose path fetch does not change. `host` has the port, if any, and `path` the query."""
    return f"{scheme}://{host}{path}".replace("\\", "%5C")


def says_nothing(name: str, value: str, host: str) -> bool:
    """Whether one of CONNECTION_HEADERS, by its name in lower case, asks for no more than fetch does anyway."""
    if name == "host":
        return value.lower() == host.lower()
    if name == "connection":
        return value.lower() == "keep-alive"
    if name == "transfer-encoding":
        return value.lower() == "chunked"
    return name == "content-length"
