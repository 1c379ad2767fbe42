"""Response bodies: encoded, empty and plain, and the headers that describe them."""

import aiohttp
from aiohttp.streams import EMPTY_PAYLOAD
from answers import PLAIN
from checks import check, raises

STALE = {"content-encoding", "content-length", "transfer-encoding"}


@check("aiohttp 4: gzip, deflate and chunked bodies are decoded once")
async def _(server):
    async with aiohttp.ClientSession() as session:
        for coding in ("gzip", "deflate", "gzip?chunked", "deflate?chunked"):
            async with session.get(f"{server.origin}/encoded/{coding}") as response:
                assert await response.text() == PLAIN, coding
                assert response.headers["content-type"] == "text/plain; charset=utf-8"
            async with session.get(f"{server.origin}/encoded/{coding}") as response:
                chunks = [chunk async for chunk in response.content.iter_chunked(100)]
                assert b"".join(chunks).decode() == PLAIN and max(map(len, chunks)) <= 100, coding


@check("aiohttp 4: a body that fetch has decoded carries no header that no longer holds", needs="emscripten node")
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


@check("aiohttp 4: what the host has not decoded, the library decodes", needs="emscripten")
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


@check("aiohttp 4: a damaged encoded body raises ClientPayloadError")
async def _(server):
    async with aiohttp.ClientSession() as session:
        with raises(aiohttp.ClientPayloadError):
            async with session.get(f"{server.origin}/bad-gzip") as response:
                await response.read()


@check("aiohttp 5: 204, 304, HEAD and empty bodies read as empty")
async def _(server):
    cases = [
        ("GET", "/status/204", 204),
        ("GET", "/status/304", 304),
        ("HEAD", "/bytes/1000", 200),
        ("HEAD", "/encoded/gzip", 200),
        ("GET", "/bytes/0", 200),
    ]
    async with aiohttp.ClientSession() as session:
        for method, path, status in cases:
            async with session.request(method, server.origin + path) as response:
                assert (response.status, await response.read(), await response.text()) == (status, b"", ""), path
            async with session.request(method, server.origin + path) as response:
                assert [chunk async for chunk in response.content.iter_any()] == [], path
                assert response.content.at_eof(), path
            if method == "HEAD" or status != 200:
                assert response.content is EMPTY_PAYLOAD and response.connection is None, path


@check("aiohttp 5: status, reason, charset and headers are the server's")
async def _(server):
    async with aiohttp.ClientSession() as session:
        async with session.get(f"{server.origin}/headers") as response:
            assert (response.status, response.reason) == (200, "Quite Fine")
            assert response.headers["x-latin"] == "é", response.headers
            assert ", ".join(response.headers.getall("x-twice")) == "one, two"
            assert response.version == aiohttp.HttpVersion11
            assert response.content_type == "text/plain"
        async with session.get(f"{server.origin}/text/latin-1") as response:
            assert (response.charset, await response.text()) == ("latin-1", "naïve café")
        async with session.get(f"{server.origin}/json") as response:
            assert (await response.json())["list"] == [1, 2, 3]
        async with session.get(f"{server.origin}/text") as response:
            with raises(aiohttp.ContentTypeError):
                await response.json()


@check("aiohttp 5: limits of a response's head hold")
async def _(server):
    async with aiohttp.ClientSession() as session:
        url = f"{server.origin}/set-cookies"
        for limit in ({"max_field_size": 40}, {"max_headers": 2}):
            with raises(aiohttp.ClientResponseError) as caught:
                await session.get(url, **limit)
            assert caught.error.status == 400, caught.error
