"""Responses as streams: chunks as they arrive, and connections that end if nothing reads them."""

import gc

import httpx
from checks import check, raises


@check("chunks arrive while the server still sends")
async def _(server):
    async with httpx.AsyncClient() as client:
        key = server.key()
        async with client.stream("GET", f"{server.origin}/gated/3?key={key}") as response:
            lines = []
            async for line in response.aiter_lines():
                lines.append(line)
                # The server sends the next chunk only after this.
                if len(lines) < 3:
                    await client.get(f"{server.origin}/open/{key}-{len(lines)}")
        assert lines == ["chunk 0", "chunk 1", "chunk 2"]


@check("stopping early ends the connection")
async def _(server):
    async with httpx.AsyncClient() as client:
        key = server.key()
        async with client.stream("GET", f"{server.origin}/gated/2?key={key}") as response:
            async for chunk in response.aiter_bytes():
                assert chunk == b"chunk 0\n"
                break
        assert (await client.get(f"{server.origin}/ended/{key}")).text == "broken off"
        with raises(httpx.StreamClosed, httpx.StreamConsumed):
            await response.aread()


@check("a response that is never read ends with the client")
async def _(server):
    key = server.key()
    async with httpx.AsyncClient() as client:
        request = client.build_request("GET", f"{server.origin}/gated/2?key={key}")
        response = await client.send(request, stream=True)
        assert response.status_code == 200
    async with httpx.AsyncClient() as other:
        assert (await other.get(f"{server.origin}/ended/{key}")).text == "broken off"


@check("a response that ended with its client is never taken for a whole one")
async def _(server):
    async with httpx.AsyncClient() as client:
        request = client.build_request("GET", f"{server.origin}/gated/2?key={server.key()}")
        response = await client.send(request, stream=True)
    try:
        await response.aread()
    except Exception:
        pass  # Upstream's differs with what closed the connection.
    else:
        raise AssertionError(response.content)


@check("a response that is dropped unread ends its connection", needs="emscripten")
async def _(server):
    async with httpx.AsyncClient() as client:
        key = server.key()
        request = client.build_request("GET", f"{server.origin}/gated/2?key={key}")
        await client.send(request, stream=True)
        gc.collect()
        assert (await client.get(f"{server.origin}/ended/{key}")).text == "broken off"
