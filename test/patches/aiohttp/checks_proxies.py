"""Requests leave no objects alive that Python and JavaScript hold of each other."""

import aiohttp
from checks import check, leaves_no_proxies


@check("1,000 sequential and 100 concurrent requests leave no proxies", needs="emscripten node")
async def _(server):
    async def read(response):
        async with response:
            return await response.read()

    async def one(session, number):
        kind = number % 6
        if kind == 0:
            await read(await session.post(f"{server.origin}/echo", data=b"x" * 100))
        elif kind == 1:
            async with session.get(f"{server.origin}/gated/2?key=never-{number}") as response:
                async for _ in response.content.iter_any():
                    break
        elif kind == 2:

            async def produce():
                yield b"a"
                yield b"b"

            await read(await session.post(f"{server.origin}/echo", data=produce()))
        elif kind == 3:
            try:
                await session.post(f"{server.origin}/close")
            except aiohttp.ClientConnectionError:
                pass
        elif kind == 4:
            async with session.ws_connect(f"{server.origin}/ws/echo") as socket:
                await socket.send_str("one")
                await socket.receive_str()
        else:
            assert len(await read(await session.get(f"{server.origin}/bytes/2000"))) == 2000

    await leaves_no_proxies(aiohttp.ClientSession(), one)
