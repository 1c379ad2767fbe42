"""The ways to read a response, other transports, and use by SDKs."""

import sys
import warnings

import httpx
from checks import check

# As in checks_options.
warnings.filterwarnings("ignore", "httpx on fetch cannot honour the timeout connect")


@check("aiter_bytes, aiter_text, aiter_lines, aiter_raw and aread")
async def _(server):
    async with httpx.AsyncClient() as client:
        url = f"{server.origin}/bytes/1000"
        async with client.stream("GET", url) as response:
            assert [len(chunk) async for chunk in response.aiter_bytes(300)] == [300, 300, 300, 100]
        async with client.stream("GET", url) as response:
            assert b"".join([chunk async for chunk in response.aiter_raw()]) == b"x" * 1000
            assert response.num_bytes_downloaded == 1000
        async with client.stream("GET", f"{server.origin}/text/latin-1") as response:
            assert "".join([text async for text in response.aiter_text()]) == "naïve café"
        async with client.stream("GET", f"{server.origin}/events") as response:
            lines = [line async for line in response.aiter_lines()]
            assert lines[:3] == [": a comment", "", "data: one"] and "data: Grüße" in lines, lines
        async with client.stream("GET", url) as response:
            assert await response.aread() == b"x" * 1000


@check("custom transports, mounts, MockTransport and ASGITransport are untouched")
async def _(server):
    async def app(scope, receive, send):
        assert scope["type"] == "http"
        await send({"type": "http.response.start", "status": 202, "headers": [(b"x-app", b"yes")]})
        await send({"type": "http.response.body", "body": scope["path"].encode()})

    async with httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url="http://app") as client:
        response = await client.get("/path")
        assert (response.status_code, response.text, response.headers["x-app"]) == (202, "/path", "yes")

    mock = httpx.MockTransport(lambda request: httpx.Response(418, text=str(request.url)))
    async with httpx.AsyncClient(mounts={"http://mock.example": mock}) as client:
        assert (await client.get("http://mock.example/x")).status_code == 418
        assert (await client.get(f"{server.origin}/bytes/1")).content == b"x"

    class Counting(httpx.AsyncHTTPTransport):
        count = 0

        async def handle_async_request(self, request):
            self.count += 1
            return await super().handle_async_request(request)

    transport = Counting()
    async with httpx.AsyncClient(transport=transport) as client:
        await client.get(f"{server.origin}/bytes/1")
    assert transport.count == 1


@check("default transports are fetch's on Emscripten, and upstream's elsewhere")
async def _(server):
    module = type(httpx.AsyncClient()._transport).__mro__[0]
    assert module is httpx.AsyncHTTPTransport
    assert ("httpx._fetch.transport" in sys.modules) == (sys.platform == "emscripten")


@check("upstream's own modules and names stay importable")
async def _(server):
    import httpx._transports.default as default

    for name in ("AsyncResponseStream", "HTTPCORE_EXC_MAP", "ResponseStream", "map_httpcore_exceptions"):
        assert hasattr(default, name), name
    for name in httpx.__all__:
        assert hasattr(httpx, name), name
    assert default.HTTPTransport is httpx.HTTPTransport and default.AsyncHTTPTransport is httpx.AsyncHTTPTransport


@check("server-sent events line by line, from a client with hooks and a limit")
async def _(server):
    seen = []

    async def hook(response):
        seen.append(response.headers.get("content-type"))

    client = httpx.AsyncClient(
        base_url=server.origin,
        timeout=httpx.Timeout(600, connect=5.0),
        limits=httpx.Limits(max_connections=1000, max_keepalive_connections=100),
        follow_redirects=True,
        event_hooks={"response": [hook]},
    )
    key = server.key()
    request = client.build_request("POST", f"/events?key={key}", json={"stream": True})
    response = await client.send(request, stream=True)
    data = []
    async for line in response.aiter_lines():
        if line.startswith("data: "):
            data.append(line.removeprefix("data: "))
            if data == ["one"]:
                # The first event has arrived, although the server has not ended its response.
                await client.get(f"/open/{key}")
        if line == "data: [DONE]":
            break
    await response.aclose()
    await client.aclose()
    assert data == ["one", "Grüße", "zwei", "[DONE]"], data
    assert seen[0] == "text/event-stream; charset=utf-8"
