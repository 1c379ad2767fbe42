"""Serves ASGI applications: `await asgi.fetch(app, request, env)` in a handler answers a request."""

import asyncio
import sys
import traceback
from urllib.parse import unquote

import _pinwheel_bridge as bridge
from _pinwheel import current
from _pinwheel.lifespan import state_of
from _pinwheel.socket import answer_socket
from pyodide.ffi import JsException, to_js

__all__ = ["fetch", "websocket"]

#: From 2.4 on, `send` raises `OSError` if the client has disconnected, so frameworks need not listen for that.
VERSION = {"version": "3.0", "spec_version": "2.4"}


async def fetch(app, request, env=None, ctx=None):
    """Returns the application's response as JavaScript's `Response`. `request` may be Python's or JavaScript's."""
    request = getattr(request, "js_object", request)
    method, url, has_body, lines = bridge.describe(request).split("\n", 3)
    scope = _scope(method, url, lines, env)
    scope["state"] = await state_of(app)
    if _is_upgrade(scope["headers"]):
        return await answer_socket(app, scope)
    exchange = _Exchange(request, method, bool(has_body), ctx or current.context())
    task = asyncio.Task(exchange.run(app, scope), loop=asyncio.get_running_loop(), eager_start=True)
    if exchange.response is None and not task.done():
        await exchange.answered
    if exchange.response is None:
        # It failed before it answered, or never answered.
        await task
    return exchange.response


async def websocket(app, request, env=None, ctx=None):
    """Another name of `fetch`, which accepts WebSockets too."""
    return await fetch(app, request, env, ctx)


def _scope(method, url, lines, env):
    scheme, _, rest = url.partition("://")
    host, _, tail = rest.partition("/")
    path, _, query = tail.partition("?")
    parts = lines.split("\n") if lines else []
    names = [name.encode("latin-1") for name in parts[::2]]
    headers = list(zip(names, [_bytes(value) for value in parts[1::2]]))
    name, _, port = host.partition(":")
    client = next((value.decode() for name, value in headers if name == b"cf-connecting-ip"), None)
    return {
        "type": "http",
        "asgi": VERSION,
        "http_version": "1.1",
        "method": method,
        "scheme": scheme,
        "path": unquote(f"/{path}"),
        "raw_path": f"/{path}".encode(),
        "query_string": query.encode(),
        "root_path": "",
        "headers": headers,
        "server": (name, int(port) if port.isdigit() else 443 if scheme == "https" else 80),
        "client": (client, 0) if client else None,
        "extensions": {},
        "env": env,
    }


def _bytes(value):
    try:
        return value.encode("latin-1")
    except UnicodeEncodeError:
        return value.encode()


def _is_upgrade(headers):
    return any(name == b"upgrade" and value.lower() == b"websocket" for name, value in headers)


class _Exchange:
    """One request and its response."""

    def __init__(self, request, method, has_body, context):
        self.request = request
        self.method = method
        self.context = context
        self.response = None
        self.answered = asyncio.get_running_loop().create_future()
        self.head = None
        self.stream = None
        self.is_over = False
        self.read = bridge.read(request) if has_body else None
        self.is_read = False
        self.hold = None

    async def run(self, app, scope):
        try:
            await app(scope, self.receive, self.send)
            if self.response is None:
                raise RuntimeError("the ASGI application returned without a response")
            if not self.is_over:
                raise RuntimeError("the ASGI application returned in the middle of its response")
        except BaseException as error:
            if self.response is None:
                raise
            # The response has begun already: log the error, and abort the response.
            if not isinstance(error, asyncio.CancelledError):
                print(traceback.format_exc(), file=sys.stderr)
            if self.stream is not None and not self.is_over:
                self.stream.abort(f"{type(error).__name__}: {error}")
        finally:
            self.is_over = True
            if not self.answered.done():
                self.answered.set_result(None)
            if self.hold is not None:
                self.hold.release()

    async def receive(self):
        if self.is_read:
            if not self.is_over:
                await bridge.gone(self.request)
            return {"type": "http.disconnect"}
        if self.read is None:
            self.is_read = True
            return {"type": "http.request", "body": b"", "more_body": False}
        try:
            part = await self.read()
        except JsException:
            self.is_read = True
            return {"type": "http.disconnect"}
        if part is None:
            self.is_read = True
            return {"type": "http.request", "body": b"", "more_body": False}
        return {"type": "http.request", "body": part.to_bytes(), "more_body": True}

    async def send(self, message):
        kind = message["type"]
        if kind == "http.response.start":
            if self.head is not None:
                raise RuntimeError("the response has begun already")
            self.head = (message["status"], list(message.get("headers", ())))
        elif kind == "http.response.body":
            if self.head is None:
                raise RuntimeError("http.response.body came before http.response.start")
            if self.is_over:
                raise RuntimeError("the response is over already")
            await self._send_body(message.get("body", b""), message.get("more_body", False))
        else:
            raise RuntimeError(f"{kind} cannot be sent here")

    async def _send_body(self, body, more):
        status, headers = self.head
        if self.response is None and not more:
            content = None if self.method == "HEAD" else to_js(body)
            self.is_over = True
            self._answer(bridge.respond(status, None, _lines(headers), content))
            return
        if self.response is None:
            self.stream = bridge.stream(status, _lines(headers), _length(headers))
            self._answer(self.stream.response)
        if self.method == "HEAD":
            body = b""
        try:
            if body:
                await self.stream.write(to_js(body))
            if not more:
                self.is_over = True
                await self.stream.close()
        except JsException as error:
            self.is_over = True
            raise OSError("the client has disconnected") from error

    def _answer(self, response):
        self.response = response
        if self.context is not None:
            # What the application does after its answer is part of the event.
            self.hold = bridge.hold(self.context)
        if not self.answered.done():
            self.answered.set_result(None)


def _lines(headers):
    parts = []
    for name, value in headers:
        parts.append(name.decode("latin-1"))
        parts.append(value.decode("latin-1"))
    lines = "\n".join(parts)
    if "\r" in lines or lines.count("\n") != max(0, len(parts) - 1):
        raise ValueError("a header contains a line end")
    return lines


def _length(headers):
    for name, value in headers:
        if name.lower() == b"content-length" and value.isdigit():
            return int(value)
    return None


def __getattr__(name):
    """`env: asgi.env` gives an endpoint of FastAPI the bindings."""
    if name != "env":
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    from fastapi import Depends, Request

    def env(request: Request):
        return request.scope["env"]

    return Depends(env)
