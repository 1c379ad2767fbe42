"""Requests leave no objects alive that Python and JavaScript hold of each other."""

import asyncio
import gc

import httpx
from checks import check


@check("1,000 sequential and 100 concurrent requests leave no proxies", needs="emscripten node")
async def _(server):
    from js import liveObjects

    async def one(client, number):
        kind = number % 5
        if kind == 0:
            await client.post(f"{server.origin}/echo", content=b"x" * 100)
        elif kind == 1:
            async with client.stream("GET", f"{server.origin}/gated/2?key=never-{number}") as response:
                async for _ in response.aiter_bytes():
                    break
        elif kind == 2:

            async def produce():
                yield b"a"
                yield b"b"

            await client.post(f"{server.origin}/echo", content=produce())
        elif kind == 3:
            try:
                await client.get(f"{server.origin}/close")
            except httpx.RemoteProtocolError:
                pass
        else:
            assert len((await client.get(f"{server.origin}/bytes/2000")).content) == 2000

    async def settled():
        for _ in range(5):
            await asyncio.sleep(0.02)
            gc.collect()
        return liveObjects().to_py()

    async with httpx.AsyncClient() as client:
        for number in range(50):
            await one(client, number)
        before = await settled()
        for number in range(1000):
            await one(client, number)
        after_sequential = await settled()
        await asyncio.gather(*(one(client, number) for number in range(100)))
        after_concurrent = await settled()
    assert all(b <= a for a, b in zip(before, after_sequential)), (before, after_sequential)
    assert all(b <= a for a, b in zip(before, after_concurrent)), (before, after_concurrent)
