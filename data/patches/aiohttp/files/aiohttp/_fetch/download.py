"""Response bodies, chunk by chunk as the host receives them."""

from __future__ import annotations

import asyncio
import functools
import typing
import weakref

from ..client_exceptions import ClientPayloadError
from ..http_parser import DeflateBuffer
from ..streams import StreamReader
from .errors import body_error

if typing.TYPE_CHECKING:
    from ..helpers import BaseTimerContext
    from .listener import Listener


class Download(StreamReader):
    """Upstream's reader, which asks the host for the next chunk until it holds as much as it may.

    The host holds back the rest. As its promises know the reader only weakly, a response that is dropped is
    collected, which ends the exchange.
    """

    def __init__(
        self,
        protocol: Listener,
        stream: typing.Any,
        limit: int,
        coding: str | None,
        timer: BaseTimerContext | None,
        loop: asyncio.AbstractEventLoop,
    ) -> None:
        """`coding` is what the host has left to decode."""
        super().__init__(protocol, limit, timer=timer, loop=loop)
        self._source = stream.getReader()
        self._asked = False
        self._decoder = None if coding is None else DeflateBuffer(self, coding)
        self._undecoded = False

    def ask(self) -> None:
        """For one more chunk, where there is room for it."""
        if self._asked or self._eof or self._exception is not None or not self._protocol.is_reading():
            return
        self._asked = True
        if self._undecoded:
            self._loop.call_soon(self._take, b"")
            return
        self._protocol.start_timeout()
        this = weakref.ref(self)
        self._source.read().then(functools.partial(_receive, this), functools.partial(_fail, this))

    def _take(self, chunk: bytes | None) -> None:
        """A chunk, or None at the end. Whoever calls has no one to tell what this raises."""
        self._asked = False
        if self._exception is not None or not self._protocol.connected:
            return
        self._protocol.received(chunk is None)
        sink = self if self._decoder is None else self._decoder
        try:
            if chunk is None:
                sink.feed_eof()
            else:
                self._undecoded = sink.feed_data(chunk, len(chunk))
        except Exception as error:
            self.fail(_caused(ClientPayloadError(str(error)), error))
        self.ask()

    def fail(self, error: BaseException) -> None:
        """Whoever waits gets `error`, and the exchange ends."""
        self.set_exception(error, error.__cause__)
        self._protocol.abort()


def _receive(download: weakref.ref[Download], result: typing.Any) -> None:
    this = download()
    if this is not None:
        this._take(None if result.done else result.value.to_bytes())


def _fail(download: weakref.ref[Download], error: typing.Any) -> None:
    this = download()
    if this is not None and this._exception is None:
        this.fail(body_error(error))


def _caused(error: BaseException, cause: BaseException) -> BaseException:
    error.__cause__ = cause
    return error
