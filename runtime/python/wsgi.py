"""Serves WSGI applications: `await wsgi.fetch(app, request, env)` in a handler answers a request."""

import io
import sys
from urllib.parse import unquote_to_bytes

import _pinwheel_bridge as bridge
from pyodide.ffi import to_js

__all__ = ["fetch"]


async def fetch(app, request, env=None, ctx=None):
    """Returns the application's response as JavaScript's `Response`. Reads the whole body of the request first."""
    request = getattr(request, "js_object", request)
    method, url, has_body, lines = bridge.describe(request).split("\n", 3)
    body = (await request.arrayBuffer()).to_bytes() if has_body else b""
    answer = _Answer()
    parts = app(_environ(method, url, lines, body, env), answer.start)
    try:
        content = answer.written + b"".join(parts)
    finally:
        if hasattr(parts, "close"):
            parts.close()
    return answer.response(content, method)


def _environ(method, url, lines, body, env):
    scheme, _, rest = url.partition("://")
    host, _, tail = rest.partition("/")
    path, _, query = tail.partition("?")
    name, _, port = host.partition(":")
    environ = {
        "REQUEST_METHOD": method,
        "SCRIPT_NAME": "",
        # PEP 3333: the bytes, decoded as Latin-1.
        "PATH_INFO": unquote_to_bytes(f"/{path}").decode("latin-1"),
        "QUERY_STRING": query,
        "SERVER_NAME": name,
        "SERVER_PORT": port or ("443" if scheme == "https" else "80"),
        "SERVER_PROTOCOL": "HTTP/1.1",
        "wsgi.version": (1, 0),
        "wsgi.url_scheme": scheme,
        "wsgi.input": io.BytesIO(body),
        "wsgi.errors": sys.stderr,
        "wsgi.multithread": False,
        "wsgi.multiprocess": True,
        "wsgi.run_once": False,
        "workers.env": env,
    }
    parts = lines.split("\n") if lines else []
    for header, value in zip(parts[::2], parts[1::2]):
        key = header.upper().replace("-", "_")
        environ[key if key in ("CONTENT_TYPE", "CONTENT_LENGTH") else f"HTTP_{key}"] = value
    if body:
        environ.setdefault("CONTENT_LENGTH", str(len(body)))
    return environ


class _Answer:
    def __init__(self):
        self.head = None
        self.written = b""

    def start(self, status, headers, exc_info=None):
        if self.head is not None and exc_info is None:
            raise AssertionError("start_response was called twice")
        self.head = (status, headers)
        return self._write

    def _write(self, data):
        self.written += data

    def response(self, content, method):
        if self.head is None:
            raise RuntimeError("the WSGI application returned without a response")
        status, headers = self.head
        code, _, reason = status.partition(" ")
        parts = [part for pair in headers for part in pair]
        lines = "\n".join(parts)
        if "\r" in lines or lines.count("\n") != max(0, len(parts) - 1):
            raise ValueError("a header contains a line end")
        return bridge.respond(int(code), reason, lines, None if method == "HEAD" else to_js(content))
