"""How many exchanges may be open at once: `Limits.max_connections`, and the pool timeout."""

from __future__ import annotations

import asyncio
import typing
import weakref

from .._exceptions import PoolTimeout
from .limits import within


class Open(typing.Protocol):
    """An exchange whose response has not ended."""

    def abort(self) -> None: ...


class Pool:
    def __init__(self, size: int | None) -> None:
        self._free = None if size is None else asyncio.Semaphore(size)
        self._open: weakref.WeakSet[Open] = weakref.WeakSet()

    async def acquire(self, seconds: float | None) -> None:
        if self._free is None:
            return
        if self._free.locked():
            await within(seconds, self._free.acquire(), PoolTimeout, "no connection of the pool came free")
        else:
            await self._free.acquire()

    def release(self) -> None:
        if self._free is not None:
            self._free.release()

    def track(self, exchange: Open) -> None:
        self._open.add(exchange)

    def close(self) -> None:
        """Ends every response that has not been read to its end."""
        for exchange in list(self._open):
            exchange.abort()
