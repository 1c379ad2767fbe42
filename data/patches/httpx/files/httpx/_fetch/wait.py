"""Waiting with a limit."""

from __future__ import annotations

import asyncio
import typing

from .._exceptions import TimeoutException

T = typing.TypeVar("T")


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
