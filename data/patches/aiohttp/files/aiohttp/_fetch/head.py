"""The head of fetch's response as the message that upstream's parser would have made of it."""

from __future__ import annotations

import typing

from multidict import CIMultiDict, CIMultiDictProxy

from .. import hdrs
from ..http_exceptions import BadHttpMessage, LineTooLong
from ..http_parser import RawResponseMessage
from ..http_writer import HttpVersion11
from .shared.decoding import decoded_headers
from .shared.headers import Received, received


class Limits(typing.NamedTuple):
    line: int = 8190
    field: int = 8190
    headers: int = 128


def read_head(response: typing.Any, has_body: bool, limits: Limits) -> tuple[RawResponseMessage, bool]:
    """The message, and whether fetch has decoded the body."""
    pairs = received(response)
    kept = decoded_headers(pairs, has_body)
    reason = response.statusText
    if len(reason) > limits.line:
        raise LineTooLong(reason[:100].encode("utf-8", "replace"), limits.line)
    if len(pairs) > limits.headers:
        raise BadHttpMessage("Too many headers received")
    for name, value in pairs:
        # Of those that come several times, fetch tells only the sum.
        if len(value) > limits.field:
            raise LineTooLong(name + b": " + value[:100], limits.field)
    return make_message(response.status, reason, kept), kept is not pairs


def make_message(status: int, reason: str, pairs: Received) -> RawResponseMessage:
    """fetch does not tell the version of HTTP; 1.1 stands for all."""
    headers = CIMultiDict((_text(name), _text(value)) for name, value in pairs)
    coding = headers.get(hdrs.CONTENT_ENCODING, "").lower()
    return RawResponseMessage(
        version=HttpVersion11,
        code=status,
        reason=reason,
        headers=CIMultiDictProxy(headers),
        raw_headers=tuple(pairs),
        should_close=True,
        compression=coding if coding in ("gzip", "deflate", "br", "zstd") else None,
        upgrade=status == 101,
        chunked=False,
    )


def _text(value: bytes) -> str:
    return value.decode("utf-8", "surrogateescape")
