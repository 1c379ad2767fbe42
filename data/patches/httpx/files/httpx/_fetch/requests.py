"""What fetch is given of a request, and requests that it cannot send as they are meant."""

from __future__ import annotations

import typing

from .._exceptions import LocalProtocolError, UnsupportedProtocol
from .._models import Request
from .limits import Timeouts
from .options import check_extensions
from .shared.requests import BODILESS_METHODS, FORBIDDEN_METHODS, has_dots, header_pairs, url_of


class Asked(typing.NamedTuple):
    """A request as fetch takes it, but for its body."""

    method: str
    url: str
    pairs: list[list[str]]
    length: int | None
    timeouts: Timeouts


def read_request(request: Request) -> Asked:
    url = _url(request)
    length = _declared_length(request)
    if request.method in FORBIDDEN_METHODS:
        raise LocalProtocolError(f"fetch has no method {request.method}")
    if request.method in BODILESS_METHODS and (length or "Transfer-Encoding" in request.headers):
        raise LocalProtocolError(f"fetch sends no body with {request.method}")
    check_extensions(request.extensions)
    timeouts = request.extensions.get("timeout") or {}
    fields = ((name.decode("ascii"), value) for name, value in request.headers.raw)
    pairs = header_pairs(fields, request.url.netloc.decode("ascii"))
    return Asked(request.method, url, pairs, length, timeouts)


def _url(request: Request) -> str:
    """The URL without user information and fragment."""
    url = request.url
    if url.scheme not in ("http", "https") or not url.host:
        raise UnsupportedProtocol(f"fetch needs a whole http:// or https:// URL, not {str(url)!r}")
    path = url.raw_path.decode("ascii")
    if has_dots(path):
        raise LocalProtocolError(f"fetch would resolve the dots in {path!r} before it sends it")
    return url_of(url.scheme, url.netloc.decode("ascii"), path)


def _declared_length(request: Request) -> int | None:
    value = request.headers.get("Content-Length")
    if value is None:
        return None
    if not (value.isascii() and value.isdigit()):
        raise LocalProtocolError(f"Content-Length is {value!r}, which is no number of bytes")
    return int(value)
