"""Encoded response bodies, and limits of their heads."""

import aiohttp
from answers import PLAIN
from checks import check, raises

STALE = {"content-encoding", "content-length", "transfer-encoding"}


@check("a body that fetch has decoded carries no header that no longer holds", needs="emscripten node")
async def _(server):
    async with aiohttp.ClientSession() as session:
        for coding in ("gzip", "deflate", "br", "zstd", "gzip+deflate"):
            async with session.get(f"{server.origin}/encoded/{coding.replace('+', '%2B')}") as response:
                assert await response.text() == PLAIN, coding
                stale = STALE & {name.lower() for name in response.headers}
                assert not stale, (coding, stale)
                assert not STALE & {name.decode().lower() for name, _ in response.raw_headers}
                assert response.content_length is None
        async with session.get(f"{server.origin}/bytes/10") as response:
            assert response.headers["content-length"] == "10" and response.content_length == 10
        async with session.head(f"{server.origin}/encoded/gzip") as response:
            assert response.headers["content-encoding"] == "gzip" and await response.read() == b""


@check("what the host has not decoded, the library decodes", needs="emscripten")
async def _(server):
    # As from a host whose fetch does not decode these codings.
    from aiohttp._fetch.shared import decoding

    kept = decoding._host_decodes
    decoding._host_decodes = lambda codings: False
    try:
        async with aiohttp.ClientSession(headers={"Accept-Encoding": "identity"}) as session:
            # Node has decoded it nevertheless, so the body is not gzip any more.
            with raises(aiohttp.ClientPayloadError):
                await (await session.get(f"{server.origin}/encoded/gzip")).read()
            async with session.get(f"{server.origin}/encoded/gzip", auto_decompress=False) as response:
                assert response.headers["content-encoding"] == "gzip"
                assert await response.text() == PLAIN
    finally:
        decoding._host_decodes = kept


@check("limits of a response's head hold")
async def _(server):
    async with aiohttp.ClientSession() as session:
        url = f"{server.origin}/set-cookies"
        for limit in ({"max_field_size": 40}, {"max_headers": 2}):
            with raises(aiohttp.ClientResponseError) as caught:
                await session.get(url, **limit)
            assert caught.error.status == 400, caught.error
