"""The host's WebSocket in the place of a connection that was upgraded."""

from __future__ import annotations

import base64
import hashlib
import typing

from .. import hdrs
from .._websocket.helpers import WS_KEY
from ..client_exceptions import ClientConnectorError
from .head import make_message
from .inbox import Inbox
from .shared.headers import received
from .shared.host import in_node
from .shared.warning import refuse, warn

if typing.TYPE_CHECKING:
    from .listener import Listener
    from .requests import Target

    from .shared.headers import Received

Pairs = list[list[str]]

_EVENTS = ("open", "message", "error", "close")
_OF_HANDSHAKE = frozenset(["sec-websocket-key", "sec-websocket-version"])
# A WebSocket is told of the one, and offers what it has as the other.
_OF_THE_HOST = frozenset(["sec-websocket-protocol", "sec-websocket-extensions"])
# A host that sends no headers sends its own in the place of these.
_OF_NO_MATTER = frozenset(["accept", "accept-encoding", "user-agent"])


def takes_headers() -> bool:
    """Whether a new WebSocket takes headers, as it does in Node."""
    return in_node()


def upgrade_headers(pairs: Pairs) -> Pairs:
    """What fetch is to send of a handshake. What it offers to compress with is the client's."""
    return [*_without(_OF_HANDSHAKE, pairs), [hdrs.UPGRADE, "websocket"]]


class HostSocket:
    """One WebSocket, until it is dropped. The protocol hears how it opens, the inbox of the rest."""

    def __init__(self, protocol: Listener, target: Target, pairs: Pairs) -> None:
        self.inbox = Inbox()
        self.is_open = False
        self._protocol: Listener | None = protocol
        self._target = target
        self._key = _value(pairs, hdrs.SEC_WEBSOCKET_KEY)
        self._socket: typing.Any = None
        self._listener: typing.Any = None

    def connect(self, pairs: Pairs) -> None:
        self._listen(_new_socket(self._target.url, pairs))

    def accept(self, response: typing.Any) -> None:
        """Takes the WebSocket out of a response of fetch."""
        self._listen(response.webSocket)
        response.webSocket.accept()
        self._announce(received(response), response.webSocket)

    def send(self, data: str | bytes) -> None:
        from pyodide.ffi import to_js

        self._socket.send(to_js(data))

    def close(self, code: int, reason: str) -> None:
        from pyodide.ffi import JsException

        try:
            self._socket.close(code, reason)
        except JsException as error:
            warn(f"the close code {code}", f"the host closes without one, and says: {error.message}")
            self._socket.close()

    def drop(self) -> None:
        """Ends it without waiting for the peer."""
        from pyodide.ffi import JsException

        socket, self._socket = self._socket, None
        listener, self._listener = self._listener, None
        self._protocol = None
        self.is_open = False
        self.inbox.end()
        if socket is None:
            return
        for event in _EVENTS:
            socket.removeEventListener(event, listener)
        listener.destroy()
        try:
            socket.close()
        except JsException:
            pass  # It was closed before.

    def _listen(self, socket: typing.Any) -> None:
        from pyodide.ffi import create_proxy

        socket.binaryType = "arraybuffer"
        self._socket = socket
        self._listener = create_proxy(self._hear)
        for event in _EVENTS:
            socket.addEventListener(event, self._listener)

    def _hear(self, event: typing.Any) -> None:
        if self._protocol is None:
            return
        if event.type == "message":
            data = event.data
            self.inbox.put_message(data if isinstance(data, str) else data.to_bytes())
        elif event.type == "open":
            self._announce([], self._socket)
        elif self.is_open and event.type == "close":
            self.is_open = False
            self.inbox.put_close(event.code, event.reason)
        elif not self._protocol.upgraded:
            unknown = OSError(None, "the host's WebSocket did not open, and does not say why")
            self._protocol.set_exception(ClientConnectorError(self._target.key, unknown))

    def _announce(self, headers: Received, socket: typing.Any) -> None:
        """The response that upstream checks; the host has seen the true one, and found it right."""
        self.is_open = True
        digest = hashlib.sha1(self._key.encode() + WS_KEY).digest()
        pairs = [
            (b"Upgrade", b"websocket"),
            (b"Connection", b"Upgrade"),
            (b"Sec-WebSocket-Accept", base64.b64encode(digest)),
        ]
        if socket.protocol:
            pairs.append((b"Sec-WebSocket-Protocol", socket.protocol.encode()))
        if socket.extensions:
            pairs.append((b"Sec-WebSocket-Extensions", socket.extensions.encode()))
        own = {name.lower() for name, _ in pairs}
        pairs += [(name, value) for name, value in headers if name not in own]
        self._protocol.upgraded_to(make_message(101, "Switching Protocols", pairs))


def _new_socket(url: str, pairs: Pairs) -> typing.Any:
    import js
    from pyodide.ffi import JsException, to_js

    if not hasattr(js, "WebSocket"):
        refuse("ws_connect", "this host has no WebSocket")
    offered = [each.strip() for each in _value(pairs, hdrs.SEC_WEBSOCKET_PROTOCOL).split(",")]
    protocols = [each for each in offered if each]
    headers = _without({*_OF_HANDSHAKE, *_OF_THE_HOST}, pairs)
    options: typing.Any = protocols
    if takes_headers():
        options = {"protocols": protocols, "headers": headers}
    else:
        for name, _ in _without(_OF_NO_MATTER, headers):
            refuse(f"the header {name}", "a WebSocket of this host takes none")
    js_options = to_js(options, dict_converter=js.Object.fromEntries)
    try:
        return js.WebSocket.new(f"ws{url.removeprefix('http')}", js_options)
    except JsException as error:
        raise ValueError(f"the host refuses to open a WebSocket: {error.message}") from error


def _value(pairs: Pairs, name: str) -> str:
    return next((value for each, value in pairs if each.lower() == name.lower()), "")


def _without(names: typing.Collection[str], pairs: Pairs) -> Pairs:
    return [pair for pair in pairs if pair[0].lower() not in names]
