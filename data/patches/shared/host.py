"""What hosts do differently."""

from __future__ import annotations

import functools


@functools.cache
def in_worker() -> bool:
    """Whether workerd runs this."""
    import js

    return getattr(getattr(js, "navigator", None), "userAgent", None) == "Cloudflare-Workers"


@functools.cache
def in_node() -> bool:
    import js

    return hasattr(getattr(getattr(js, "process", None), "versions", None), "node")


@functools.cache
def can_stream() -> bool:
    """Whether fetch takes streams as bodies. A host that does not know them takes one for text."""
    import js
    from pyodide.ffi import JsException

    try:
        stream = js.TransformStream.new().readable
        request = js.Request.new("http://localhost/", method="POST", body=stream, duplex="half")
    except (AttributeError, JsException):
        return False
    return not request.headers.has("content-type")


def can_stream_length() -> bool:
    """Whether a stream is sent with its length. Browsers send none, and refuse streams over HTTP/1.1."""
    return (in_worker() or in_node()) and can_stream()
