"""Waiting with a limit, and which limit."""

from __future__ import annotations

import asyncio
import typing

from .._exceptions import TimeoutException
from .shared.upload import PIECE

T = typing.TypeVar("T")
Timeouts = dict[str, typing.Optional[float]]


async def within(
    seconds: float | None,
    awaitable: typing.Awaitable[T],
    late: type[TimeoutException],
    message: str,
) -> T:
    """What `awaitable` gives. After `seconds` it is cancelled, and `late` raised; None waits without limit."""
    if seconds is None:
        return await awaitable
    try:
        async with asyncio.timeout(seconds) as deadline:
            return await awaitable
    except TimeoutError as error:
        if deadline.expired():
            raise late(f"{message} within {seconds} s") from error
        raise


def head_limit(timeouts: Timeouts, size: int) -> float | None:
    """How long sending a whole body of `size` bytes and waiting for the answer may take, in seconds.

    Of a body that fetch takes whole, no one sees when it is out. So each of its pieces may take as long as the
    write timeout lets it, before the read timeout counts.
    """
    read, write = timeouts.get("read"), timeouts.get("write")
    if read is None or size <= PIECE:
        return read
    return None if write is None else read + write * -(-size // PIECE)
