"""What a connection's protocol is to upstream: here it stands for one exchange."""

from __future__ import annotations

import asyncio
import typing
import weakref

from ..client_proto import ResponseHandler
from ..helpers import DEFAULT_CHUNK_SIZE, EMPTY_BODY_STATUS_CODES, BaseTimerContext
from ..streams import EMPTY_PAYLOAD
from .download import Download
from .head import Limits, read_head
from .requests import Target
from .shared.warning import warn
from .transport import FetchTransport


class FetchProtocol(ResponseHandler):
    """Keeps what the session asks for until fetch's response comes, which it makes aiohttp's.

    The session waits for the head in `read()`, under the read timeout that upstream starts when the request has
    been sent. Of the body, the host is asked for as much as upstream's reader has room for.
    """

    def __init__(self, target: Target, loop: asyncio.AbstractEventLoop) -> None:
        super().__init__(loop)
        self._auto_decompress = True
        self._response_timer: BaseTimerContext | None = None
        self._limit = DEFAULT_CHUNK_SIZE
        self._limits = Limits()
        # The connector holds the protocol, and the body the response.
        self._body: typing.Callable[[], Download | None] = lambda: None
        # Whether fetch has a large body, of which it does not tell when it is out.
        self.sends_unseen = False
        self.target = target
        self.connection_made(FetchTransport(self, target))

    @property
    def should_close(self) -> bool:
        """Nothing is kept for another request: what connections there are, the host keeps."""
        return True

    def set_response_params(
        self,
        *,
        timer: BaseTimerContext | None = None,
        skip_payload: bool = False,
        read_until_eof: bool = False,
        auto_decompress: bool = True,
        read_timeout: float | None = None,
        read_bufsize: int = DEFAULT_CHUNK_SIZE,
        timeout_ceil_threshold: float = 5,
        max_line_size: int = 8190,
        max_field_size: int = 8190,
        max_headers: int = 128,
    ) -> None:
        if not read_until_eof and not self.target.websocket:
            warn("read_until_eof=False", "it tells no way of framing from another")
        self._skip_payload = skip_payload
        self._auto_decompress = auto_decompress
        self._response_timer = timer
        self._read_timeout = read_timeout
        self._timeout_ceil_threshold = timeout_ceil_threshold
        self._limit = read_bufsize
        self._limits = Limits(max_line_size, max_field_size, max_headers)

    def start_timeout(self) -> None:
        if not self.sends_unseen:
            super().start_timeout()

    def response_received(self, response: typing.Any) -> None:
        """Called by the transport with fetch's response."""
        self.sends_unseen = False
        self._drop_timeout()
        bodiless = self._skip_payload or response.status in EMPTY_BODY_STATUS_CODES or not response.body
        message, decoded = read_head(response, not bodiless, self._limits)
        if decoded and not self._auto_decompress:
            warn("auto_decompress=False", "it has decoded the body")
        if bodiless:
            self.transport.finish()
            self.feed_data((message, EMPTY_PAYLOAD), 0)
            return
        coding = message.compression if self._auto_decompress else None
        payload = Download(self, response.body, self._limit, coding, self._response_timer, self._loop)
        self._body = weakref.ref(payload)
        self.feed_data((message, payload), 0)
        payload.ask()

    def received(self, last: bool) -> None:
        """Called by the body with each chunk."""
        self._drop_timeout()
        if last:
            self.transport.finish()

    def _on_read_timeout(self) -> None:
        super()._on_read_timeout()
        body = self._body()
        if body is not None:
            body.fail(self.exception())

    def upgraded_to(self, message: typing.Any) -> None:
        """Called by the transport when the host's WebSocket is open."""
        self._drop_timeout()
        self._upgraded = True
        self.feed_data((message, EMPTY_PAYLOAD), 0)

    def set_parser(
        self,
        parser: typing.Any,
        payload: typing.Any,
        data_received_cb: typing.Callable[[], None] | None = None,
    ) -> None:
        """Called with the reader of a WebSocket, which here gets whole messages."""
        self._drop_timeout()
        self.transport.socket.inbox.open(payload, parser._max_msg_size, parser._decode_text)

    def data_received(self, data: bytes) -> None:
        """No bytes come this way."""

    def pause_reading(self) -> None:
        self._reading_paused = True

    def resume_reading(self, resume_parser: bool = True) -> None:
        self._reading_paused = False
        body = self._body()
        if body is not None:
            body.ask()

    def is_reading(self) -> bool:
        return self.connected and not self._reading_paused
