"""Headers: fetch's strings hold bytes by the standard, and in Workers text, which is sent as UTF-8."""

from __future__ import annotations

import typing

from .host import in_worker

Received = list[tuple[bytes, bytes]]


def to_host(value: bytes) -> str:
    if value.isascii():
        return value.decode("ascii")
    if in_worker():
        try:
            return value.decode("utf-8")
        except UnicodeDecodeError:
            pass
    return value.decode("latin-1")


def from_host(value: str) -> bytes:
    return value.encode("utf-8" if in_worker() else "latin-1", "replace")


def received(response: typing.Any) -> Received:
    """The headers of fetch's response. Of those that came several times, it tells only cookies apart."""
    import js

    pairs = [
        (name.encode("latin-1"), from_host(value))
        for name, value in getattr(js.Array, "from")(response.headers).to_py()
    ]
    if any(name == b"set-cookie" for name, _ in pairs):
        cookies = response.headers.getSetCookie().to_py()
        pairs = [pair for pair in pairs if pair[0] != b"set-cookie"]
        pairs += [(b"set-cookie", from_host(cookie)) for cookie in cookies]
    return pairs
