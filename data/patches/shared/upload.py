"""Request bodies as streams that Python writes and fetch reads, at the pace of the network."""

from __future__ import annotations

import typing

# The size in bytes of what is written at once. A body of one piece leaves as soon as fetch has it, one of many
# takes as long as the network does, which the host tells only of streams.
PIECE = 65_536


def pieces(chunk: typing.Any) -> typing.Iterator[typing.Any]:
    """`chunk`, of bytes, as one or more of at most PIECE bytes; nothing if it is empty."""
    if 0 < len(chunk) <= PIECE:
        yield bytes(chunk)
        return
    view = memoryview(chunk)
    for start in range(0, len(view), PIECE):
        yield view[start : start + PIECE]


class BodyStream:
    """What fetch is given as a body. `length` is the number of bytes, if that is known."""

    def __init__(self, length: int | None) -> None:
        import js

        # Workers' own streams make writers wait for the network, and declare a length to fetch. Elsewhere
        # every stream does the former, and a header the latter.
        fixed = getattr(js, "FixedLengthStream", None) if length is not None else None
        identity = getattr(js, "IdentityTransformStream", None) or js.TransformStream
        stream = identity.new() if fixed is None else fixed.new(length)
        self.readable = stream.readable
        self._writer = stream.writable.getWriter()
        self.headers: list[list[str]] = []
        if length is not None and fixed is None:
            self.headers.append(["Content-Length", str(length)])

    def write(self, piece: typing.Any) -> typing.Any:
        """A promise that fetch takes the piece. It fails when the connection is gone, or has its answer."""
        from pyodide.ffi import to_js

        return self._writer.write(to_js(piece))

    def close(self) -> typing.Any:
        return self._writer.close()
