import sys  # noqa: E402

if sys.platform == "emscripten":
    # There are no sockets here: the same two names over the host's fetch.
    from .._fetch.transport import AsyncHTTPTransport, HTTPTransport  # noqa: F811
