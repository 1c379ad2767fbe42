"""Request bodies that are streamed."""

import asyncio
import io
import tempfile

import aiohttp
from answers import arrived
from checks import check, raises


@check("an async generator is sent while it still produces")
async def _(server):
    async with aiohttp.ClientSession() as session:
        key = server.key()
        seen = []

        async def produce():
            yield b"first,"
            async with session.get(f"{server.origin}/received-by/{key}") as response:
                seen.append(await response.text())
            yield b"second,"
            yield b""
            yield b"third"

        async with session.post(f"{server.origin}/echo?key={key}", data=produce()) as response:
            _, _, headers, body = await arrived(response)
        assert body == b"first,second,third"
        assert headers.get("transfer-encoding") == "chunked" and "content-length" not in headers, headers
        assert seen == ["6"], seen


@check("a file is sent with its length, and so are multipart files")
async def _(server):
    content = bytes(range(256)) * 2000
    async with aiohttp.ClientSession() as session:
        with tempfile.NamedTemporaryFile() as written, open(written.name, "rb") as file:
            written.write(content)
            written.flush()
            async with session.put(f"{server.origin}/echo", data=file) as response:
                _, _, headers, body = await arrived(response)
        assert body == content and headers["content-length"] == str(len(content)), headers
        assert "transfer-encoding" not in headers
        async with session.post(f"{server.origin}/echo", data={"file": io.BytesIO(content)}) as response:
            _, _, headers, body = await arrived(response)
        assert content in body and headers["content-length"] == str(len(body)), headers


@check("chunked=True sends a whole body without a length")
async def _(server):
    async with aiohttp.ClientSession() as session:
        async with session.post(f"{server.origin}/echo", data=b"whole", chunked=True) as response:
            _, _, headers, body = await arrived(response)
        assert body == b"whole" and headers.get("transfer-encoding") == "chunked", headers
        assert "content-length" not in headers, headers


@check("a StreamReader of one response is the body of another request")
async def _(server):
    async with aiohttp.ClientSession() as session:
        async with session.get(f"{server.origin}/stream/300000") as source:
            async with session.post(f"{server.origin}/echo", data=source.content) as response:
                assert (await arrived(response))[3] == b"y" * 300_000


@check("where fetch cannot stream, a body is sent whole, with its length", needs="emscripten")
async def _(server):
    from aiohttp._fetch import writer

    async def produce():
        yield b"first,"
        yield b"second"

    can_stream = writer.can_stream
    writer.can_stream = lambda: False
    try:
        async with aiohttp.ClientSession() as session:
            async with session.post(f"{server.origin}/echo", data=produce()) as response:
                _, _, headers, body = await arrived(response)
            assert body == b"first,second"
            assert headers["content-length"] == "12" and "transfer-encoding" not in headers
    finally:
        writer.can_stream = can_stream


@check("a large body in one piece arrives with its length, also when it is sent elsewhere once more")
async def _(server):
    content = bytes(range(256)) * 1000
    async with aiohttp.ClientSession() as session:
        for path in ("/echo", "/redirect-to?status=307&to=/echo"):
            async with session.put(server.origin + path, data=content) as response:
                method, _, headers, body = await arrived(response)
            assert (method, body) == ("PUT", content), path
            assert headers["content-length"] == "256000" and "transfer-encoding" not in headers, headers
        async with session.put(f"{server.origin}/basic-auth", data=content) as response:
            assert (response.status, await response.text()) == (401, "who are you?")


@check("a small body that is there as a whole is no stream", needs="emscripten")
async def _(server):
    from aiohttp._fetch import writer

    def stream(length):
        raise AssertionError(f"a stream of {length} bytes")

    upload = writer.Upload
    writer.Upload = stream
    try:
        async with aiohttp.ClientSession() as session:
            for data in (b"bytes", "text", {"a": "form"}, io.BytesIO(b"file"), b""):
                async with session.post(f"{server.origin}/echo", data=data) as response:
                    assert response.status == 200
    finally:
        writer.Upload = upload


@check("of a body that nobody takes any more, no more is asked for", needs="emscripten")
async def _(server):
    import js
    from aiohttp._fetch.upload import Upload

    upload = Upload(None)
    await upload.readable.cancel(js.Error.new("enough"))
    task = asyncio.ensure_future(upload.write(b"chunk"))
    done, _ = await asyncio.wait([task], timeout=0.2)
    assert not done
    task.cancel()


@check("a body shorter than declared is an error, never a wait", needs="emscripten")
async def _(server):
    async def produce():
        yield b"four"
        yield b"five "

    async with aiohttp.ClientSession() as session:
        for data, kinds in ((b"four", (aiohttp.ClientPayloadError,)), (produce(), (aiohttp.ClientPayloadError,))):
            with raises(*kinds):
                await session.post(f"{server.origin}/echo", data=data, headers={"Content-Length": "100"})


@check("an error of a generator reaches the caller, and the server sees the request end")
async def _(server):
    async with aiohttp.ClientSession() as session:
        key = server.key()

        async def fail():
            yield b"first"
            await (await session.get(f"{server.origin}/received-by/{key}")).read()
            raise LookupError("in the generator")

        with raises(aiohttp.ClientConnectionError) as caught:
            await session.post(f"{server.origin}/echo?key={key}", data=fail())
        assert isinstance(caught.error.__cause__, LookupError), caught.error.__cause__
        async with session.get(f"{server.origin}/ended/{key}") as ended:
            assert await ended.text() == "broken off"


@check("a server that answers early ends the upload")
async def _(server):
    async with aiohttp.ClientSession() as session:
        produced = 0

        async def produce():
            nonlocal produced
            while produced < 2000:
                produced += 1
                yield bytes(100_000)

        try:
            async with session.post(f"{server.origin}/early-answer?unread", data=produce()) as response:
                assert response.status == 413
                await asyncio.sleep(0.2)
        except (aiohttp.ClientOSError, aiohttp.ServerDisconnectedError):
            pass  # The server has hung up before the answer was read.
        before = produced
        await asyncio.sleep(0.2)
        assert produced == before < 2000, produced
