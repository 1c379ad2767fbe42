"""Takes the place of `aiohttp._websocket.writer`: whole messages to the host, which makes frames of them.

It is imported in the midst of aiohttp's own imports, so it imports next to nothing of aiohttp.
"""

from __future__ import annotations

import typing

from ..client_exceptions import ClientConnectionResetError
from .._websocket.models import WSMsgType
from .shared.warning import refuse, warn


class WebSocketWriter:
    """What a client's WebSocket sends through."""

    def __init__(self, protocol: typing.Any, transport: typing.Any, **_: typing.Any) -> None:
        self.protocol = protocol
        self.transport = transport
        self._closing = False

    async def send_frame(self, message: typing.Any, opcode: int, compress: int | None = None) -> None:
        socket = self.transport.socket
        if self._closing or self.transport.is_closing() or not socket.is_open:
            raise ClientConnectionResetError("Cannot write to closing transport")
        if compress:
            warn("compress", "the host negotiates the compression of a WebSocket")
        if opcode == WSMsgType.TEXT:
            socket.send(bytes(message).decode())
        elif opcode == WSMsgType.BINARY:
            socket.send(bytes(message))
        else:
            refuse(f"a frame of the type {WSMsgType(opcode).name}", "a WebSocket of the host sends messages")

    async def close(self, code: int = 1000, message: bytes | str = b"") -> None:
        self._closing = True
        socket = self.transport.socket
        if socket.is_open:
            socket.close(code, message if isinstance(message, str) else message.decode())
