"""Timeouts and cancellation."""

import asyncio
import warnings

import httpx
from checks import check, raises

# As in checks_options.
warnings.filterwarnings("ignore", "httpx on fetch cannot honour the timeout connect")
LARGE = 20_000_000  # bytes: more than sockets hold back


@check("a response that does not come raises ReadTimeout")
async def _(server):
    async with httpx.AsyncClient() as client:
        key = server.key()
        with raises(httpx.ReadTimeout) as caught:
            await client.get(f"{server.origin}/never?key={key}", timeout=1)
        assert caught.error.request.url.path == "/never"
        assert (await client.get(f"{server.origin}/ended/{key}")).text == "broken off"
        with raises(httpx.ReadTimeout):
            await client.post(f"{server.origin}/never", content=b"x", timeout=httpx.Timeout(9, read=0.2))


@check("a body that stalls raises ReadTimeout")
async def _(server):
    async with httpx.AsyncClient(timeout=httpx.Timeout(9, read=1)) as client:
        key = server.key()
        async with client.stream("GET", f"{server.origin}/never-ending?key={key}") as response:
            chunks = response.aiter_bytes()
            assert await anext(chunks) == b"a beginning"
            with raises(httpx.ReadTimeout) as caught:
                await anext(chunks)
            assert caught.error.request.url.path == "/never-ending"
        assert (await client.get(f"{server.origin}/ended/{key}")).text == "broken off"


@check("a body that drips longer than the read timeout is read to its end")
async def _(server):
    async with httpx.AsyncClient(timeout=httpx.Timeout(9, read=1)) as client:
        assert (await client.get(f"{server.origin}/drip/8/200")).content == b"........"


@check("a read timeout longer than the connect timeout is waited for")
async def _(server):
    # As SDKs set it: a short time to connect, and a long one to respond.
    async with httpx.AsyncClient(timeout=httpx.Timeout(30, connect=1)) as client:
        key = server.key()
        late = asyncio.ensure_future(client.get(f"{server.origin}/late?key={key}"))
        await asyncio.sleep(1.5)
        await client.get(f"{server.origin}/open/{key}")
        assert (await late).text == "late"


@check("an upload that is not taken raises WriteTimeout")
async def _(server):
    async with httpx.AsyncClient(timeout=httpx.Timeout(30, write=0.5)) as client:

        async def produce():
            for _ in range(400):
                yield bytes(100_000)

        with raises(httpx.WriteTimeout):
            await client.post(f"{server.origin}/never?unread", content=produce())


@check("an upload in one piece that is not taken raises WriteTimeout")
async def _(server):
    async with httpx.AsyncClient(timeout=httpx.Timeout(30, write=0.5)) as client:
        with raises(httpx.WriteTimeout) as caught:
            await client.post(f"{server.origin}/never?unread", content=bytes(LARGE))
        assert caught.error.request.url.path == "/never"


async def send_slowly(server, client):
    """A body in one piece, which the server does not read for longer than the read timeout."""
    key = server.key()
    url = f"{server.origin}/late-reader?unread&key={key}"
    late = asyncio.ensure_future(client.post(url, content=bytes(LARGE)))
    await asyncio.sleep(1.4)
    await client.get(f"{server.origin}/open/{key}")
    assert (await late).text == str(LARGE)


@check("the read timeout starts when a body in one piece is out")
async def _(server):
    async with httpx.AsyncClient(timeout=httpx.Timeout(9, read=1)) as client:
        await send_slowly(server, client)


@check("where fetch takes a body whole, sending it has its time before the answer has", needs="emscripten")
async def _(server):
    from httpx._fetch import limits, upload

    can_stream_length = upload.can_stream_length
    upload.can_stream_length = lambda: False
    try:
        async with httpx.AsyncClient(timeout=httpx.Timeout(9, read=1)) as client:
            await send_slowly(server, client)
        async with httpx.AsyncClient(timeout=httpx.Timeout(0.1, read=0.2)) as client:
            with raises(httpx.ReadTimeout):
                await client.post(f"{server.origin}/never", content=bytes(100_000))
    finally:
        upload.can_stream_length = can_stream_length
    assert limits.head_limit({"read": 2, "write": 5}, 65_536) == 2
    assert limits.head_limit({"read": 2, "write": 5}, 65_537) == 12
    assert limits.head_limit({"read": 2, "write": None}, 65_537) is None


@check("a connection that does not come about raises ConnectTimeout", needs="connect-limit")
async def _(server):
    # Node's own limit is 10 s, and cannot be changed from here.
    async with httpx.AsyncClient(timeout=httpx.Timeout(20, connect=0.3)) as client:
        with raises(httpx.ConnectTimeout):
            await client.get(f"{server.full}/")


@check("a pool without a free connection raises PoolTimeout, and waits without one")
async def _(server):
    limits = httpx.Limits(max_connections=1)
    async with httpx.AsyncClient(limits=limits, timeout=httpx.Timeout(9, pool=0.2)) as client:
        key = server.key()
        async with client.stream("GET", f"{server.origin}/gated/2?key={key}"):
            with raises(httpx.PoolTimeout) as caught:
                await client.get(f"{server.origin}/bytes/1")
            assert caught.error.request.url.path == "/bytes/1"
        responses = await asyncio.gather(*(client.get(f"{server.origin}/bytes/{n}", timeout=None) for n in range(9)))
        assert [len(response.content) for response in responses] == list(range(9))


@check("None means no timeout")
async def _(server):
    async with httpx.AsyncClient(timeout=None) as client:
        key = server.key()
        late = asyncio.ensure_future(client.get(f"{server.origin}/late?key={key}"))
        await asyncio.sleep(0.5)
        assert not late.done()
        await client.get(f"{server.origin}/open/{key}")
        assert (await late).text == "late"


@check("cancelling the task aborts the request")
async def _(server):
    async with httpx.AsyncClient(timeout=60) as client:
        for path in ("never", "never-ending", "gated/2"):
            key = server.key()
            task = asyncio.ensure_future(client.get(f"{server.origin}/{path}?key={key}"))
            await client.get(f"{server.origin}/arrived/{key}")
            task.cancel()
            with raises(asyncio.CancelledError):
                await task
            assert (await client.get(f"{server.origin}/ended/{key}")).text == "broken off"
        with raises(asyncio.TimeoutError):
            await asyncio.wait_for(client.get(f"{server.origin}/never"), 0.2)
