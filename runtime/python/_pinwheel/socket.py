"""WebSockets of ASGI applications."""

import asyncio
import sys
import traceback

import _pinwheel_bridge as bridge
from pyodide.ffi import JsException, to_js

from . import current

#: No status was given (RFC 6455, 7.4.1).
NO_STATUS = 1005
INTERNAL_ERROR = 1011


async def answer_socket(app, scope):
    """The `Response` that accepts or rejects the WebSocket."""
    protocols = next((value for name, value in scope["headers"] if name == b"sec-websocket-protocol"), b"")
    scope = {
        **scope,
        "type": "websocket",
        "scheme": "wss" if scope["scheme"] == "https" else "ws",
        "subprotocols": [one.strip().decode("latin-1") for one in protocols.split(b",") if one.strip()],
    }
    del scope["method"]
    connection = _Connection()
    task = asyncio.ensure_future(connection.run(app, scope))
    await connection.answered
    if connection.response is None:
        await task
    return connection.response


class _Connection:
    def __init__(self):
        self.answered = asyncio.get_running_loop().create_future()
        self.response = None
        self.socket = None
        self.is_open = False
        self.is_asked = False
        self.hold = None

    async def run(self, app, scope):
        context = current.context()
        self.hold = bridge.hold(context) if context is not None else None
        try:
            await app(scope, self.receive, self.send)
            self._close(1000, "")
        except BaseException:
            if self.response is None:
                raise
            print(traceback.format_exc(), file=sys.stderr)
            self._close(INTERNAL_ERROR, "")
        finally:
            if self.response is None and not self.answered.done():
                self._refuse()
            if not self.answered.done():
                self.answered.set_result(None)
            if self.hold is not None:
                self.hold.release()

    async def receive(self):
        if not self.is_asked:
            self.is_asked = True
            return {"type": "websocket.connect"}
        if self.socket is None:
            await bridge.never()
        event = await self.socket.receive()
        if event.type == "text":
            return {"type": "websocket.receive", "text": event.data, "bytes": None}
        if event.type == "bytes":
            return {"type": "websocket.receive", "text": None, "bytes": event.data.to_bytes()}
        # A close frame is answered with one.
        self._close(event.code, "")
        return {"type": "websocket.disconnect", "code": event.code or NO_STATUS, "reason": event.reason}

    async def send(self, message):
        kind = message["type"]
        if kind == "websocket.accept":
            headers = [part.decode("latin-1") for pair in message.get("headers", ()) for part in pair]
            if message.get("subprotocol"):
                headers += ["sec-websocket-protocol", message["subprotocol"]]
            self.socket = bridge.openSocket(to_js(headers))
            self.is_open = True
            self._answer(self.socket.response)
        elif kind == "websocket.send":
            self._send(message)
        elif kind == "websocket.close":
            if self.socket is None:
                self._refuse()
            else:
                self._close(message.get("code", 1000), message.get("reason") or "")
        else:
            raise RuntimeError(f"{kind} cannot be sent here")

    def _send(self, message):
        if not self.is_open:
            raise OSError("the WebSocket is closed")
        text = message.get("text")
        try:
            self.socket.transmit(text if text is not None else to_js(message["bytes"]))
        except JsException as error:
            self.is_open = False
            raise OSError("the client has disconnected") from error

    def _close(self, code, reason):
        if not self.is_open:
            return
        self.is_open = False
        try:
            self.socket.close(code if code and code not in (NO_STATUS, 1006) else 1000, reason)
        except JsException:
            pass

    def _refuse(self):
        self._answer(bridge.respond(403, None, "", None))

    def _answer(self, response):
        self.response = response
        if not self.answered.done():
            self.answered.set_result(None)
