"""The same work for each client, to measure it."""

import asyncio
import gc


class Httpx:
    def __init__(self, origin):
        import httpx

        self._origin = origin
        self._client = httpx.AsyncClient()

    async def small(self, count):
        for _ in range(count):
            response = await self._client.get(f"{self._origin}/bytes/100")
            assert len(response.content) == 100

    async def stream(self, size):
        total = 0
        async with self._client.stream("GET", f"{self._origin}/stream/{size}") as response:
            async for chunk in response.aiter_bytes():
                total += len(chunk)
        assert total == size, total


class Aiohttp:
    def __init__(self, origin):
        import aiohttp

        self._origin = origin
        self._session = aiohttp.ClientSession()

    async def small(self, count):
        for _ in range(count):
            async with self._session.get(f"{self._origin}/bytes/100") as response:
                assert len(await response.read()) == 100

    async def stream(self, size):
        total = 0
        async with self._session.get(f"{self._origin}/stream/{size}") as response:
            async for chunk in response.content.iter_any():
                total += len(chunk)
        assert total == size, total


async def start(name, origin):
    """The two functions. Called inside the loop, which clients may look for."""
    client = {"httpx": Httpx, "aiohttp": Aiohttp}[name](origin)
    return client.small, client.stream


async def settled():
    """Lets everything be collected that can be."""
    for _ in range(5):
        await asyncio.sleep(0.02)
        gc.collect()
