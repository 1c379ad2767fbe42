if sys.platform == "emscripten":
    # What a request is written to: the host's fetch, where the connection leads there.
    from ._fetch.writer import open_writer as StreamWriter  # noqa: F811
