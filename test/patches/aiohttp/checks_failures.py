"""Failures raise the library's own errors."""

import aiohttp
from checks import check, raises
from yarl import URL

BEFORE_THE_HEAD = ("close", "reset", "garbage")
IN_THE_BODY = ("close-in-chunks", "bad-chunk", "short-body", "reset-in-body")


async def read(session, url):
    async with session.get(url) as response:
        return await response.read()


@check("a refused connection and an unknown host raise ClientConnectorError")
async def _(server):
    async with aiohttp.ClientSession() as session:
        for url in (f"{server.closed}/", "http://no-such-host.invalid/"):
            for method in ("GET", "POST"):
                with raises(aiohttp.ClientConnectorError, aiohttp.ClientConnectorDNSError) as caught:
                    await session.request(method, url)
                error = caught.error
                assert (error.host, error.port, error.ssl) == (URL(url).host, URL(url).port, True)
                assert isinstance(error.os_error, OSError) and f"{error.host}:{error.port}" in str(error)


@check("an unknown host is told from a refused connection", needs="connect-limit")
async def _(server):
    async with aiohttp.ClientSession() as session:
        with raises(aiohttp.ClientConnectorDNSError):
            await session.get("http://no-such-host.invalid/")
        with raises(aiohttp.ClientConnectorError) as caught:
            await session.get(f"{server.closed}/")
        assert isinstance(caught.error.os_error, ConnectionRefusedError)


@check("a broken connection raises the library's errors, before and in the body", needs="connect-limit")
async def _(server):
    expected = {
        "close": (aiohttp.ServerDisconnectedError,),
        "reset": (aiohttp.ClientOSError, aiohttp.ServerDisconnectedError),
        "garbage": (aiohttp.ClientResponseError,),
    }
    async with aiohttp.ClientSession() as session:
        for path in BEFORE_THE_HEAD:
            with raises(*expected[path]) as caught:
                await read(session, f"{server.origin}/{path}")
            if isinstance(caught.error, aiohttp.ClientResponseError):
                assert caught.error.status == 400 and caught.error.request_info.url.path == f"/{path}"
        for path in IN_THE_BODY:
            # If head and body arrive in one piece, upstream finds the error before it returns the head.
            with raises(aiohttp.ClientPayloadError, aiohttp.ClientOSError, aiohttp.ClientResponseError):
                await read(session, f"{server.origin}/{path}")


@check("a broken connection raises a ClientError")
async def _(server):
    async with aiohttp.ClientSession() as session:
        for path in (*BEFORE_THE_HEAD, *IN_THE_BODY):
            try:
                body = await read(session, f"{server.origin}/{path}")
            except aiohttp.ClientError:
                pass
            else:
                raise AssertionError((path, body))


@check("a response of two lengths raises ClientResponseError", needs="node")
async def _(server):
    # Upstream's compiled parser rejects it, its Python parser does not.
    async with aiohttp.ClientSession() as session:
        with raises(aiohttp.ClientResponseError) as caught:
            await read(session, f"{server.origin}/two-lengths")
        assert caught.error.status == 400 and caught.error.request_info.url.path == "/two-lengths"


@check("what came before a body broke off has been read")
async def _(server):
    async with aiohttp.ClientSession() as session:
        async with session.get(f"{server.origin}/reset-in-body") as response:
            assert await response.content.readany() == b"some bytes"
            with raises(aiohttp.ClientPayloadError, aiohttp.ClientOSError):
                await response.content.readany()


@check("a body longer than its Content-Length is read as long as that says", needs="emscripten")
async def _(server):
    async with aiohttp.ClientSession() as session:
        for _ in range(3):
            assert await read(session, f"{server.origin}/long-body") == b"ten bytes"
            assert await read(session, f"{server.origin}/bytes/1") == b"x"


@check("the JavaScript error is the cause", needs="emscripten")
async def _(server):
    from pyodide.ffi import JsException

    async with aiohttp.ClientSession() as session:
        for url in (f"{server.closed}/", *(f"{server.origin}/{path}" for path in ("close", "reset-in-body"))):
            try:
                await read(session, url)
            except aiohttp.ClientError as error:
                cause = error.__cause__
            while isinstance(cause, aiohttp.ClientError):
                cause = cause.__cause__
            assert isinstance(cause, JsException), (url, cause)


@check("an idempotent request that was hung up on is sent once more, another is not", needs="connect-limit")
async def _(server):
    opened = []

    async def count(session, context, params):
        opened.append(context)

    trace = aiohttp.TraceConfig()
    trace.on_connection_create_start.append(count)
    for method, times in (("GET", 2), ("POST", 1)):
        opened.clear()
        async with aiohttp.ClientSession(trace_configs=[trace]) as session:
            with raises(aiohttp.ServerDisconnectedError, aiohttp.ClientOSError, aiohttp.ClientConnectorError):
                await session.request(method, f"{server.origin}/close")
        assert len(opened) == times, (method, opened)


@check("what is no URL for HTTP raises the library's errors")
async def _(server):
    async with aiohttp.ClientSession() as session:
        for url in ("ftp://example.org/", "data:text/plain,x"):
            with raises(aiohttp.NonHttpUrlClientError):
                await session.get(url)
        for url in ("/relative", "http://", "http://[::1/"):
            with raises(aiohttp.InvalidUrlClientError):
                await session.get(url)
        for host in ("2130706433", "127.1", "0177.0.0.1"):
            with raises(aiohttp.InvalidUrlClientError):
                await session.get(f"http://{host}/")
