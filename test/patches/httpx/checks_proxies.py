"""Requests leave no objects alive that Python and JavaScript hold of each other."""

import httpx
from checks import check, leaves_no_proxies


@check("1,000 sequential and 100 concurrent requests leave no proxies", needs="emscripten node")
async def _(server):
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

    await leaves_no_proxies(httpx.AsyncClient(), one)
