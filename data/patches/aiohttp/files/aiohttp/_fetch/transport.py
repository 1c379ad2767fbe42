"""The way to the host: one call of fetch, or one WebSocket, from its start to its end."""

from __future__ import annotations

import asyncio
import typing

from .errors import head_error
from .requests import Target
from .shared.call import call_fetch
from .shared.host import in_worker
from .shared.warning import refuse
from .websocket import HostSocket, upgrade_headers

if typing.TYPE_CHECKING:
    from .listener import Listener


class FetchTransport(asyncio.Transport):
    """Closing it ends the exchange, wherever it is, and frees all that it held."""

    def __init__(self, protocol: Listener, target: Target) -> None:
        super().__init__()
        self.socket: HostSocket | None = None
        self._protocol: Listener | None = protocol
        self._target = target
        self._controller: typing.Any = None

    def send(self, pairs: list[list[str]], body: typing.Any) -> None:
        """Calls fetch. What comes of it goes to the protocol."""
        import js

        if self._protocol is None:
            return
        if self._target.websocket:
            self.socket = HostSocket(self._protocol, self._target, pairs)
            if not in_worker():  # Where fetch itself opens WebSockets.
                return self.socket.connect(pairs)
            pairs = upgrade_headers(pairs)
        self._controller = js.AbortController.new()
        promise = call_fetch(self._target.url, self._target.method, pairs, self._controller, body)
        promise.then(self._succeed, self._fail)

    def finish(self) -> None:
        """There is nothing left to abort."""
        self._controller = None

    def close(self) -> None:
        protocol, self._protocol = self._protocol, None
        if protocol is None:
            return
        controller, self._controller = self._controller, None
        if controller is not None:
            controller.abort()
        if self.socket is not None:
            self.socket.drop()
        protocol.connection_lost(None)

    def abort(self) -> None:
        self.close()

    def is_closing(self) -> bool:
        return self._protocol is None

    def is_reading(self) -> bool:
        return self._protocol is not None

    # JavaScript has no one to tell what these raise.

    def _succeed(self, response: typing.Any) -> None:
        protocol = self._protocol
        if protocol is None:
            return
        try:
            if response.type == "opaqueredirect":
                refuse("redirects", "this host's fetch answers them without their status and Location")
            # Pyodide's null is not None everywhere, but never true.
            if self.socket is not None and response.webSocket:
                self.finish()
                self.socket.accept(response)
            else:
                protocol.response_received(response)
        except Exception as error:
            protocol.set_exception(error)

    def _fail(self, error: typing.Any) -> None:
        if self._protocol is not None:
            self._protocol.set_exception(head_error(error, self._target.key, self._target.url))
