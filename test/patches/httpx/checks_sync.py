"""Synchronous use."""

import asyncio
import io

import httpx
from answers import PLAIN, arrived
from checks import check, raises


@check("Client and the top-level helpers, from synchronous code", needs="sync")
def _(server):
    response = httpx.get(f"{server.origin}/echo", params={"a": 1}, headers={"X-Sync": "yes"})
    method, url, headers, _ = arrived(response)
    assert (method, url, headers["x-sync"]) == ("GET", "/echo?a=1", "yes")
    assert arrived(httpx.post(f"{server.origin}/echo", json={"a": 1}))[3] == b'{"a":1}'
    assert httpx.head(f"{server.origin}/bytes/5").content == b""
    with httpx.Client(base_url=server.origin, follow_redirects=True) as client:
        assert len(client.get("/redirect/2").history) == 2
        client.get("/set-cookies")
        assert len(client.cookies) == 5
        assert arrived(client.post("/echo", content=iter([b"a", b"b"])))[3] == b"ab"
        files = {"file": ("f", io.BytesIO(b"content"))}
        assert b"content" in arrived(client.post("/echo", files=files))[3]
        assert client.get("/encoded/gzip").text == PLAIN


@check("Client streams, and ends what is not read", needs="sync")
def _(server):
    with httpx.Client() as client:
        key = server.key()
        with client.stream("GET", f"{server.origin}/gated/3?key={key}") as response:
            lines = []
            for line in response.iter_lines():
                lines.append(line)
                if len(lines) < 3:
                    client.get(f"{server.origin}/open/{key}-{len(lines)}")
        assert lines == ["chunk 0", "chunk 1", "chunk 2"]
        key = server.key()
        with client.stream("GET", f"{server.origin}/gated/2?key={key}") as response:
            assert next(response.iter_bytes()) == b"chunk 0\n"
        assert client.get(f"{server.origin}/ended/{key}").text == "broken off"


@check("Client's timeouts and errors are the library's", needs="sync")
def _(server):
    with httpx.Client(timeout=0.2) as client:
        with raises(httpx.ReadTimeout) as caught:
            client.get(f"{server.origin}/never")
        assert caught.error.request.url.path == "/never"
    with raises(httpx.ConnectError):
        httpx.get(server.closed)


@check("httpx.get works inside a coroutine and a task", needs="emscripten sync")
async def _(server):
    await asyncio.sleep(0.01)
    assert httpx.get(f"{server.origin}/bytes/3").content == b"xxx"

    async def task(size):
        await asyncio.sleep(0.01)
        return len(httpx.get(f"{server.origin}/bytes/{size}").content)

    assert await asyncio.gather(task(1), task(2), task(3)) == [1, 2, 3]


@check("where Python cannot wait, the error says so and names AsyncClient", needs="no-sync")
async def _(server):
    client = httpx.Client()
    for call in (lambda: client.get(server.origin), lambda: httpx.get(server.origin)):
        with raises(RuntimeError) as caught:
            call()
        assert "AsyncClient" in str(caught.error) and "can_run_sync" in str(caught.error)
