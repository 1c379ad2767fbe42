"""What a WebSocket of the host brings, as the messages that upstream's reader makes of frames."""

from __future__ import annotations

import typing

from .._websocket.models import WebSocketError, WSCloseCode, WSMessage, WSMessageTextBytes, WSMsgType
from ..client_exceptions import ServerDisconnectedError

if typing.TYPE_CHECKING:
    from .._websocket.reader import WebSocketDataQueue

# The codes that JavaScript gives where the peer's close frame had none, and where there was no such frame.
_NO_STATUS, _BROKEN_OFF = 1005, 1006


class Inbox:
    """What arrives before the queue is known waits for it."""

    def __init__(self) -> None:
        self._early: list[typing.Callable[[], None]] = []
        self._queue: WebSocketDataQueue | None = None
        self._max_size = 0
        self._decode_text = True

    def open(self, queue: WebSocketDataQueue, max_size: int, decode_text: bool) -> None:
        """`max_size` is in bytes; 0 sets no limit."""
        self._queue, self._max_size, self._decode_text = queue, max_size, decode_text
        early, self._early = self._early, []
        for put in early:
            put()

    def put_message(self, data: str | bytes) -> None:
        queue = self._queue
        if queue is None:
            self._early.append(lambda: self.put_message(data))
            return
        text = isinstance(data, str)
        size = len(data.encode("utf-8", "replace")) if text and not data.isascii() else len(data)
        if self._max_size and size >= self._max_size:
            too_big = f"Message size {size} exceeds limit {self._max_size}"
            queue.set_exception(WebSocketError(WSCloseCode.MESSAGE_TOO_BIG, too_big))
        elif not text:
            queue.feed_data(WSMessage(WSMsgType.BINARY, data, ""), size)
        elif self._decode_text:
            queue.feed_data(WSMessage(WSMsgType.TEXT, data, ""), size)
        else:
            queue.feed_data(WSMessageTextBytes(WSMsgType.TEXT, data.encode(), ""), size)

    def put_close(self, code: int, reason: str) -> None:
        queue = self._queue
        if queue is None:
            self._early.append(lambda: self.put_close(code, reason))
        elif code == _BROKEN_OFF:
            queue.set_exception(ServerDisconnectedError())
        else:
            queue.feed_data(WSMessage(WSMsgType.CLOSE, 0 if code == _NO_STATUS else code, reason), 0)
            queue.feed_eof()

    def end(self) -> None:
        """Nothing more comes."""
        if self._queue is not None:
            self._queue.feed_eof()
