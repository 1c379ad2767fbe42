"""One HTTP request and its response, for ASGI and WSGI."""

import asyncio
import contextvars
import math
import traceback
from urllib.parse import unquote

import _pinwheel_bridge as bridge
from pyodide.ffi import JsException, to_js

from . import current, loop
from .headers import to_lines

#: From 2.4 on, `send` raises `OSError` if the client has disconnected, so frameworks need not listen for that.
VERSION = {"version": "3.0", "spec_version": "2.4"}
#: Responses without a body, beside those to HEAD (RFC 9110, 6.4.1 and 15.3.6).
BODILESS = {204, 205, 304}


def read_request(request):
    """The ASGI scope of a request of JavaScript's, and the length of its body, which may be infinite: not known."""
    method, url, has_body, lines = bridge.describe(request).split("\n", 3)
    scheme, _, rest = url.partition("://")
    host, _, tail = rest.partition("/")
    path, _, query = tail.partition("?")
    parts = lines.split("\n") if lines else []
    # workerd decodes them as UTF-8.
    headers = [(name.encode(), value.encode()) for name, value in zip(parts[::2], parts[1::2])]
    name, port = _name_and_port(host)
    values = dict(headers)
    client = values.get(b"cf-connecting-ip")
    scope = {
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
        "server": (name, int(port) if port else 443 if scheme == "https" else 80),
        "client": (client.decode(), 0) if client else None,
        "extensions": {},
    }
    length = values.get(b"content-length", b"")
    if not has_body:
        return scope, 0
    return scope, int(length) if length.isdigit() and b"content-encoding" not in values else math.inf


def _name_and_port(host):
    name, bracket, port = host.partition("]")
    if bracket:
        # An IPv6 address.
        return name[1:], port[1:]
    name, _, port = host.partition(":")
    return name, port


async def answer(exchange, app, scope):
    """The application's response, of JavaScript. The application may go on after its beginning."""
    task = asyncio.get_running_loop().create_task(exchange.run(app, scope), eager_start=True)
    if exchange.response is None and not task.done():
        try:
            await exchange.answered
        except asyncio.CancelledError:
            exchange.leave()
            raise
    if exchange.response is None:
        # The application failed before it answered, or never answered.
        await task
    return exchange.response


class ClientDisconnected(OSError):
    """Raised by `send`, as version 2.4 of the specification has it."""


class Exchange:
    """One request and its response."""

    def __init__(self, request, method, length):
        self.event = loop.event.get()
        self.context = contextvars.copy_context()
        self.method = method
        self.response = None
        self.answered = asyncio.get_running_loop().create_future()
        self.head = None
        self.length = None
        self.sent = 0
        self.stream = None
        self.is_over = False
        self.has_left = False
        #: Whether the application is told by `receive` or `send` that the client has disconnected.
        self.listens = False
        self.limit = None
        self.gone = asyncio.Event()
        self.read = bridge.read(request) if length else None
        #: How many bytes of the request's body are not read yet.
        self.left = length
        self.is_read = False

    async def run(self, app, scope):
        self.task = asyncio.current_task()
        try:
            with current.if_left(self.leave):
                await app(scope, self.receive, self.send)
            if self.response is None and not self.has_left:
                raise RuntimeError("the ASGI application returned without a response")
            self.end()
        except BaseException as error:
            if self.response is None and not self.has_left:
                raise
            # The response has begun already, or nobody waits for it: log the error, and abort the response.
            if not isinstance(error, (asyncio.CancelledError, ClientDisconnected)):
                bridge.report(traceback.format_exc())
            self.abort(error)
        finally:
            self.is_over = True
            self.gone.set()
            if self.limit is not None:
                self.limit.cancel()
            if not self.answered.done():
                self.answered.set_result(None)

    def leave(self):
        """The client has disconnected. An application that listens is told so; any other is cancelled."""
        if self.is_over or self.has_left:
            return
        self.has_left = True
        self.gone.set()
        if self.listens:
            self.limit = asyncio.get_running_loop().call_later(current.GRACE, self.task.cancel)
        else:
            self.task.cancel()

    def end(self):
        """The application has returned."""
        if not self.is_over and not self.has_left:
            raise RuntimeError("the ASGI application returned in the middle of its response")

    def abort(self, error):
        if self.stream is not None and not self.is_over:
            self.stream.abort(f"{type(error).__name__}: {error}")

    async def receive(self):
        if self.is_read and not self.is_over:
            self.listens = True
            await self.gone.wait()
        if self.is_over or self.has_left:
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
        body = part.to_bytes()
        self.left -= len(body)
        # The end of the body would be another message of JavaScript's, and a wait for it.
        self.is_read = self.left == 0
        return {"type": "http.request", "body": body, "more_body": not self.is_read}

    async def send(self, message):
        """Other events may call it, as in a chat room: workerd lets only the exchange's own use its I/O."""
        if loop.event.get() == self.event:
            await self.send_here(message)
        else:
            sending = self.send_here(message)
            await asyncio.get_running_loop().create_task(sending, context=self.context.copy())

    async def send_here(self, message):
        kind = message["type"]
        if kind == "http.response.start":
            if self.head is not None:
                raise RuntimeError("the response has begun already")
            status, headers = message["status"], list(message.get("headers", ()))
            # A reason is WSGI's alone.
            self.head = (status, message.get("reason"), to_lines(headers))
            if self.method != "HEAD" and status not in BODILESS:
                self.length = _length(headers)
        elif kind == "http.response.body":
            if self.head is None:
                raise RuntimeError("http.response.body came before http.response.start")
            if self.is_over:
                raise RuntimeError("the response is over already")
            if self.has_left:
                raise ClientDisconnected("the client has disconnected")
            await self._send_body(message.get("body", b""), message.get("more_body", False))
        else:
            raise RuntimeError(f"{kind} cannot be sent here")

    async def _send_body(self, body, more):
        if self.method == "HEAD" or self.head[0] in BODILESS:
            body = None
        else:
            self._count(len(body), more)
        if self.response is None:
            if body is None or not more or self.sent == self.length:
                self._answer(bridge.respond(*self.head, None if body is None else to_js(body)))
                body = None
            else:
                self.stream = bridge.stream(*self.head, self.length)
                self._answer(self.stream.response)
        if not more:
            self.is_over = True
            self.gone.set()
        listened, self.listens = self.listens, True
        try:
            if body:
                await self.stream.write(to_js(body))
            if not more:
                if self.stream is not None:
                    await self.stream.close()
        except JsException as error:
            self.has_left = self.is_over = True
            self.gone.set()
            raise ClientDisconnected("the client has disconnected") from error
        finally:
            self.listens = listened

    def _count(self, size, more):
        """Rejects a body that is not as long as its head says, and the client expects."""
        self.sent += size
        if self.length is None or self.sent == self.length or (more and self.sent < self.length):
            return
        difference = "longer" if self.sent > self.length else "shorter"
        raise RuntimeError(f"the body is {difference} than its content-length")

    def _answer(self, response):
        self.response = response
        if not self.answered.done():
            self.answered.set_result(None)


def _length(headers):
    for name, value in headers:
        if name.lower() == b"content-length" and value.isdigit():
            return int(value)
    return None
