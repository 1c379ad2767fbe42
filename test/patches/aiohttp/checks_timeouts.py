"""Timeouts and cancellation."""

import asyncio
import warnings

import aiohttp
from aiohttp import ClientTimeout
from checks import check, raises

# As in checks_options.
warnings.filterwarnings("ignore", "aiohttp on fetch cannot honour the timeout (sock_)?connect")
LARGE = 20_000_000  # bytes: more than sockets hold back


@check("a response that does not come raises TimeoutError after the total")
async def _(server):
    async with aiohttp.ClientSession() as session:
        key = server.key()
        with raises(asyncio.TimeoutError):
            await session.get(f"{server.origin}/never?key={key}", timeout=ClientTimeout(total=0.5))
        async with session.get(f"{server.origin}/ended/{key}") as ended:
            assert await ended.text() == "broken off"
        with raises(asyncio.TimeoutError):
            await session.post(f"{server.origin}/never", data=b"x", timeout=ClientTimeout(total=0.2))


@check("a response that does not come raises SocketTimeoutError after sock_read")
async def _(server):
    async with aiohttp.ClientSession(timeout=ClientTimeout(sock_read=0.3)) as session:
        for data in (None, b"x"):
            key = server.key()
            with raises(aiohttp.SocketTimeoutError):
                await session.post(f"{server.origin}/never?key={key}", data=data)
            async with session.get(f"{server.origin}/ended/{key}") as ended:
                assert await ended.text() == "broken off"


@check("sock_read counts from the end of the upload")
async def _(server):
    async def produce():
        for _ in range(4):
            await asyncio.sleep(0.2)
            yield b"x"

    async with aiohttp.ClientSession(timeout=ClientTimeout(sock_read=0.5)) as session:
        async with session.post(f"{server.origin}/echo", data=produce()) as response:
            assert response.status == 200


async def send_slowly(server):
    """A body in one piece, which the server does not read for longer than the read timeout."""
    async with aiohttp.ClientSession(timeout=ClientTimeout(sock_read=1)) as session:
        key = server.key()
        url = f"{server.origin}/late-reader?unread&key={key}"
        late = asyncio.ensure_future(session.post(url, data=bytes(LARGE)))
        await asyncio.sleep(1.4)
        await (await session.get(f"{server.origin}/open/{key}")).read()
        async with await late as response:
            assert await response.text() == str(LARGE)


@check("sock_read starts when a body in one piece is out")
async def _(server):
    await send_slowly(server)


@check("where fetch takes a large body whole, sock_read starts with the answer", needs="emscripten")
async def _(server):
    from aiohttp._fetch import writer

    kept = writer.can_stream, writer.can_stream_length
    writer.can_stream = writer.can_stream_length = lambda: False
    try:
        await send_slowly(server)
        async with aiohttp.ClientSession(timeout=ClientTimeout(sock_read=0.3)) as session:
            with raises(aiohttp.SocketTimeoutError):
                await session.post(f"{server.origin}/never", data=bytes(60_000))
            key = server.key()
            async with session.post(f"{server.origin}/never-ending?key={key}", data=bytes(100_000)) as response:
                with raises(aiohttp.SocketTimeoutError):
                    await response.read()
    finally:
        writer.can_stream, writer.can_stream_length = kept


@check("a body that stalls raises SocketTimeoutError")
async def _(server):
    async with aiohttp.ClientSession(timeout=ClientTimeout(sock_read=0.5)) as session:
        key = server.key()
        async with session.get(f"{server.origin}/never-ending?key={key}") as response:
            assert await response.content.readany() == b"a beginning"
            with raises(aiohttp.SocketTimeoutError):
                await response.content.readany()
            with raises(aiohttp.SocketTimeoutError):
                await response.content.readany()
        async with session.get(f"{server.origin}/ended/{key}") as ended:
            assert await ended.text() == "broken off"


@check("a body that stalls raises TimeoutError after the total")
async def _(server):
    async with aiohttp.ClientSession() as session:
        key = server.key()
        with raises(asyncio.TimeoutError):
            url = f"{server.origin}/never-ending?key={key}"
            async with session.get(url, timeout=ClientTimeout(total=0.5)) as response:
                await response.read()
        async with session.get(f"{server.origin}/ended/{key}") as ended:
            assert await ended.text() == "broken off"


@check("a body that drips longer than sock_read is read to its end")
async def _(server):
    async with aiohttp.ClientSession(timeout=ClientTimeout(sock_read=1)) as session:
        async with session.get(f"{server.origin}/drip/8/200") as response:
            assert await response.read() == b"........"


@check("a body that nobody reads does not time out")
async def _(server):
    async with aiohttp.ClientSession(timeout=ClientTimeout(sock_read=2)) as session:
        async with session.get(f"{server.origin}/stream/20000000") as response:
            await response.content.readexactly(1000)
            await asyncio.sleep(3)
            # A timeout would be raised here, before what is buffered. The rest is not read: a machine under load may
            # need longer for its next part.
            await response.content.readexactly(1000)


@check("an answer that takes longer than connecting may is waited for")
async def _(server):
    timeout = ClientTimeout(total=30, connect=0.5, sock_connect=0.5)
    async with aiohttp.ClientSession(timeout=timeout) as session:
        key = server.key()
        late = asyncio.ensure_future(session.get(f"{server.origin}/late?key={key}"))
        await asyncio.sleep(1)
        await (await session.get(f"{server.origin}/open/{key}")).read()
        assert await (await late).text() == "late"


@check("a connection that does not come about raises ConnectionTimeoutError", needs="connect-limit")
async def _(server):
    # Node's own limit is 10 s, and cannot be changed from here.
    async with aiohttp.ClientSession(timeout=ClientTimeout(total=20, sock_connect=0.3)) as session:
        with raises(aiohttp.ConnectionTimeoutError) as caught:
            await session.get(f"{server.full}/")
        assert server.full in str(caught.error)


@check("a pool without a free connection raises ConnectionTimeoutError, and waits without a limit")
async def _(server):
    for options in ({"limit": 1}, {"limit_per_host": 1}):
        connector = aiohttp.TCPConnector(**options)
        async with aiohttp.ClientSession(connector=connector) as session:
            key = server.key()
            async with session.get(f"{server.origin}/gated/2?key={key}"):
                with raises(aiohttp.ConnectionTimeoutError):
                    await session.get(f"{server.origin}/bytes/1", timeout=ClientTimeout(connect=0.2))
                if "limit_per_host" in options:
                    async with session.get(f"{server.other}/bytes/1") as response:
                        assert await response.read() == b"x"

            async def size(number):
                async with session.get(f"{server.origin}/bytes/{number}") as response:
                    return len(await response.read())

            assert await asyncio.gather(*map(size, range(9))) == list(range(9))


@check("None and 0 mean no timeout")
async def _(server):
    for nothing in (None, 0):
        timeout = ClientTimeout(total=nothing, connect=nothing, sock_connect=nothing, sock_read=nothing)
        async with aiohttp.ClientSession(timeout=timeout) as session:
            key = server.key()
            late = asyncio.ensure_future(session.get(f"{server.origin}/late?key={key}"))
            await asyncio.sleep(0.3)
            assert not late.done()
            await (await session.get(f"{server.origin}/open/{key}")).read()
            assert await (await late).text() == "late"


@check("cancelling the task aborts the request")
async def _(server):
    async with aiohttp.ClientSession() as session:

        async def fetch(path):
            async with session.get(f"{server.origin}/{path}") as response:
                return await response.read()

        for path in ("never", "never-ending", "gated/2"):
            key = server.key()
            task = asyncio.ensure_future(fetch(f"{path}?key={key}"))
            await (await session.get(f"{server.origin}/arrived/{key}")).read()
            task.cancel()
            with raises(asyncio.CancelledError):
                await task
            async with session.get(f"{server.origin}/ended/{key}") as ended:
                assert await ended.text() == "broken off"
        with raises(asyncio.TimeoutError):
            await asyncio.wait_for(fetch("never"), 0.2)
