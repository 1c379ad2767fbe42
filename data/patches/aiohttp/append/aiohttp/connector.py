if sys.platform == "emscripten":
    # There are no sockets here: the same names over the host's fetch.
    from ._fetch.connector import NamedPipeConnector, TCPConnector, UnixConnector  # noqa: F811
