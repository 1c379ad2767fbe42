"""How many exchanges may be open at once: `Limits.max_connections`, and the pool timeout."""

from __future__ import annotations

import asyncio
import typing
import weakref

from .._exceptions import PoolTimeout
from .wait import within

if typing.TYPE_CHECKING:
    from .download import Download


class Pool:
    def __init__(self, size: int | None) -> None:
        self._free = None if size is None else asyncio.Semaphore(size)
        self._open: weakref.WeakSet[Download] = weakref.WeakSet()

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

    def track(self, download: Download) -> None:
        self._open.add(download)

    def close(self) -> None:
        """Ends every response that has not been read to its end."""
        for download in list(self._open):
            download.abort()
