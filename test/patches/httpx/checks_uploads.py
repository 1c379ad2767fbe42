"""Request bodies that are streamed."""

import io

import httpx
from answers import arrived
from checks import check, raises


@check("an async generator is sent while it still produces")
async def _(server):
    async with httpx.AsyncClient() as client:
        key = server.key()
        seen = []

        async def produce():
            yield b"first,"
            seen.append((await client.get(f"{server.origin}/received-by/{key}")).text)
            yield b"second,"
            yield b""
            yield b"third"

        response = await client.post(f"{server.origin}/echo?key={key}", content=produce())
        _, _, headers, body = arrived(response)
        assert body == b"first,second,third"
        assert headers.get("transfer-encoding") == "chunked" and "content-length" not in headers, headers
        assert seen == ["6"], seen


@check("a file is sent with its length, and so are multipart files")
async def _(server):
    async with httpx.AsyncClient() as client:
        content = bytes(range(256)) * 2000
        stream = httpx.ByteStream(content)
        chunks = [content[at : at + 50_000] for at in range(0, len(content), 50_000)]

        async def produce():
            async for whole in stream:
                assert whole == content
            for chunk in chunks:
                yield chunk

        headers = {"Content-Length": str(len(content))}
        response = await client.put(f"{server.origin}/echo", content=produce(), headers=headers)
        _, _, headers, body = arrived(response)
        assert body == content and headers["content-length"] == str(len(content)), headers
        assert "transfer-encoding" not in headers
        response = await client.post(f"{server.origin}/echo", files={"file": ("f", io.BytesIO(content))})
        _, _, headers, body = arrived(response)
        assert content in body and headers["content-length"] == str(len(body)), headers


@check("a large body in one piece arrives with its length, also when it is sent elsewhere once more")
async def _(server):
    content = bytes(range(256)) * 1000
    async with httpx.AsyncClient(follow_redirects=True) as client:
        for path in ("/echo", "/redirect-to?status=307&to=/echo"):
            method, _, headers, body = arrived(await client.put(server.origin + path, content=content))
            assert (method, body) == ("PUT", content), path
            assert headers["content-length"] == "256000" and "transfer-encoding" not in headers, headers
        response = await client.put(f"{server.origin}/basic-auth", content=content)
        assert (response.status_code, response.text) == (401, "who are you?")


@check("where fetch cannot stream, a body is sent whole, with its length", needs="emscripten")
async def _(server):
    from httpx._fetch import upload

    async def produce():
        yield b"first,"
        yield b"second"

    can_stream = upload.can_stream
    upload.can_stream = lambda: False
    try:
        async with httpx.AsyncClient() as client:
            _, _, headers, body = arrived(await client.post(f"{server.origin}/echo", content=produce()))
            assert body == b"first,second"
            assert headers["content-length"] == "12" and "transfer-encoding" not in headers
    finally:
        upload.can_stream = can_stream


@check("a body of another length than declared raises LocalProtocolError", needs="emscripten")
async def _(server):
    async with httpx.AsyncClient() as client:
        for length in ("3", "9"):

            async def produce():
                yield b"hello"

            with raises(httpx.LocalProtocolError) as caught:
                await client.post(f"{server.origin}/echo", content=produce(), headers={"Content-Length": length})
            assert "declared Content-Length" in str(caught.error)


@check("an error in the generator comes out as it is")
async def _(server):
    async with httpx.AsyncClient() as client:

        class OwnError(Exception):
            pass

        async def produce():
            yield b"a beginning"
            raise OwnError("of the generator")

        with raises(OwnError):
            await client.post(f"{server.origin}/echo", content=produce())
        assert (await client.get(f"{server.origin}/bytes/1")).content == b"x"


@check("an answer that comes before the body is sent is returned", needs="emscripten")
async def _(server):
    async with httpx.AsyncClient() as client:

        async def produce():
            for _ in range(200):
                yield bytes(100_000)

        response = await client.post(f"{server.origin}/early-answer?unread", content=produce())
        assert (response.status_code, response.text) == (413, "too large")
