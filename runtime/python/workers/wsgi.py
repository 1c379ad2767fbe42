"""Serves WSGI applications: `await wsgi.fetch(app, request, env)` in a handler answers a request."""

import io
import sys
from urllib.parse import unquote_to_bytes

from _pinwheel.exchange import Exchange, answer, read_request
from _pinwheel.in_place import is_in_place

__all__ = ["fetch"]


async def fetch(app, request, env=None, ctx=None):
    """
    Returns the application's response as JavaScript's `Response`. Reads the whole body of the request first, and sends
    that of the response part by part.
    """
    request = getattr(request, "js_object", request)
    scope, length = read_request(request)
    body = (await request.arrayBuffer()).to_bytes() if length else b""

    async def run(scope, _receive, send):
        is_in_place.set(True)
        response = _Response(send)
        parts = app(_environ(scope, body, env), response.start)
        try:
            if isinstance(parts, (list, tuple)):
                await response.send(b"".join(parts), more=False)
                return
            for part in parts:
                await response.send(part)
            await response.send(b"", more=False)
        finally:
            if hasattr(parts, "close"):
                parts.close()

    return await answer(Exchange(request, scope["method"], 0), run, scope)


def _environ(scope, body, env):
    name, port = scope["server"]
    environ = {
        "REQUEST_METHOD": scope["method"],
        "SCRIPT_NAME": "",
        # PEP 3333: the bytes, decoded as Latin-1.
        "PATH_INFO": unquote_to_bytes(scope["raw_path"]).decode("latin-1"),
        "QUERY_STRING": scope["query_string"].decode("latin-1"),
        # RFC 3875, 4.1.14.
        "SERVER_NAME": f"[{name}]" if ":" in name else name,
        "SERVER_PORT": str(port),
        "SERVER_PROTOCOL": "HTTP/1.1",
        "REMOTE_ADDR": scope["client"][0] if scope["client"] else "",
        "wsgi.version": (1, 0),
        "wsgi.url_scheme": scope["scheme"],
        "wsgi.input": io.BytesIO(body),
        "wsgi.input_terminated": True,
        "wsgi.errors": sys.stderr,
        "wsgi.multithread": False,
        "wsgi.multiprocess": True,
        "wsgi.run_once": False,
        "workers.env": env,
    }
    for header, value in scope["headers"]:
        key = header.decode("latin-1").upper().replace("-", "_")
        environ[key if key in ("CONTENT_TYPE", "CONTENT_LENGTH") else f"HTTP_{key}"] = value.decode("latin-1")
    if body:
        environ.setdefault("CONTENT_LENGTH", str(len(body)))
    return environ


class _Response:
    def __init__(self, send):
        self._send = send
        self.head = None
        self.is_begun = False
        self.written = b""

    def start(self, status, headers, exc_info=None):
        if exc_info is not None and self.is_begun:
            raise exc_info[1].with_traceback(exc_info[2])
        if exc_info is None and self.head is not None:
            raise AssertionError("start_response was called twice")
        self.head = (status, headers)
        return self._write

    def _write(self, data):
        self.written += data

    async def send(self, part, more=True):
        """Begins with the first part that is not empty: until then, the application may replace the status."""
        part, self.written = self.written + part, b""
        if part == b"" and more:
            return
        if not self.is_begun:
            if self.head is None:
                raise RuntimeError("the application did not call start_response")
            self.is_begun = True
            code, _, reason = self.head[0].partition(" ")
            headers = [[text.encode("latin-1") for text in pair] for pair in self.head[1]]
            start = {"type": "http.response.start", "status": int(code), "reason": reason, "headers": headers}
            await self._send(start)
        await self._send({"type": "http.response.body", "body": part, "more_body": more})
