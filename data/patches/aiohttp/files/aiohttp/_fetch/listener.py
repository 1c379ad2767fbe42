"""What the protocol of an exchange hears of those that it is made of, which know it as no more than this."""

from __future__ import annotations

import typing


class Listener(typing.Protocol):
    @property
    def connected(self) -> bool: ...

    @property
    def upgraded(self) -> bool: ...

    def response_received(self, response: typing.Any) -> None:
        """fetch's response has come."""

    def upgraded_to(self, message: typing.Any) -> None:
        """The host's WebSocket is open."""

    def is_reading(self) -> bool:
        """Whether there is room for more of the body."""

    def start_timeout(self) -> None:
        """A chunk of the body has been asked for."""

    def received(self, last: bool) -> None:
        """A chunk has come, or the end."""

    def set_exception(self, error: BaseException) -> None: ...

    def abort(self) -> None: ...

    def connection_lost(self, error: BaseException | None) -> None: ...
