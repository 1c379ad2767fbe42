"""WebSockets of ASGI applications."""

import _pinwheel_bridge as bridge
from pyodide.ffi import JsException, to_js

from .exchange import ClientDisconnected, Exchange
from .headers import to_lines

#: No status was given, or the connection was lost (RFC 6455, 7.4.1).
NO_STATUS = 1005
ABNORMAL = 1006
INTERNAL_ERROR = 1011
#: Reserved, or for a connection that fails before it is one.
UNUSABLE = (1004, 1015)
#: In bytes (RFC 6455, 5.5).
LONGEST_REASON = 123


def socket_scope(scope):
    """The scope of a request that asks for a WebSocket."""
    protocols = next((value for name, value in scope["headers"] if name == b"sec-websocket-protocol"), b"")
    scope = {
        **scope,
        "type": "websocket",
        "scheme": "wss" if scope["scheme"] == "https" else "ws",
        "extensions": {"websocket.http.response": {}},
        "subprotocols": [one.strip().decode("latin-1") for one in protocols.split(b",") if one.strip()],
    }
    del scope["method"]
    return scope


class Connection(Exchange):
    """A WebSocket; or the response that rejects it, as of any other request."""

    socket = None
    is_open = False
    is_asked = False
    closed = None

    def leave(self):
        # The next `receive` tells the application, which may be waiting for something else.
        self.listens = self.socket is not None
        super().leave()

    def end(self):
        if self.socket is None:
            super().end()
        self._close(1000, "")

    def abort(self, error):
        super().abort(error)
        self._close(INTERNAL_ERROR, "")

    async def receive(self):
        if not self.is_asked:
            self.is_asked = True
            return {"type": "websocket.connect"}
        if self.response is None:
            await self.answered
        if self.closed is None and self.socket is not None:
            event = await self.socket.receive()
            if event.type == "text":
                return {"type": "websocket.receive", "text": event.data, "bytes": None}
            if event.type == "bytes":
                return {"type": "websocket.receive", "text": None, "bytes": event.data.to_bytes()}
            # A close frame is answered with one.
            self._close(event.code, "")
            self.closed = (event.code or NO_STATUS, event.reason)
        code, reason = self.closed or (ABNORMAL, "")
        return {"type": "websocket.disconnect", "code": code, "reason": reason}

    async def send_here(self, message):
        kind = message["type"]
        if self.is_over:
            raise RuntimeError("the WebSocket is closed already")
        if kind.startswith("websocket.http.response.") and self.socket is None:
            await super().send_here({**message, "type": kind.removeprefix("websocket.")})
        elif kind == "websocket.accept" and self.response is None:
            lines = to_lines(message.get("headers", ()))
            self.socket = bridge.openSocket(lines, message.get("subprotocol"))
            self.is_open = True
            self._answer(self.socket.response)
        elif kind == "websocket.send" and self.socket is not None:
            self._send(message)
        elif kind == "websocket.close" and self.socket is not None:
            code, reason = message.get("code") or 1000, message.get("reason") or ""
            _check_close(code, reason)
            self._close(code, reason)
            self.is_over = True
        elif kind == "websocket.close" and self.response is None:
            self._answer(bridge.respond(403, None, "", None))
            self.is_over = True
        else:
            raise RuntimeError(f"{kind} cannot be sent here")

    def _send(self, message):
        if not self.is_open:
            raise ClientDisconnected("the client has disconnected")
        text = message.get("text")
        try:
            self.socket.transmit(text if text is not None else to_js(message["bytes"]))
        except JsException as error:
            self.is_open = False
            raise ClientDisconnected("the client has disconnected") from error

    def _close(self, code, reason):
        if not self.is_open:
            return
        self.is_open = False
        try:
            self.socket.close(code if code and code not in (NO_STATUS, ABNORMAL) else 1000, reason)
        except JsException:
            pass


def _check_close(code, reason):
    """Rejects what no close frame can say: the client would not learn that the WebSocket is closed."""
    if not 1000 <= code < 5000 or code in UNUSABLE:
        raise ValueError(f"a WebSocket cannot be closed with the code {code}")
    if len(reason.encode()) > LONGEST_REASON:
        raise ValueError(f"the reason for closing a WebSocket is longer than {LONGEST_REASON} bytes")
