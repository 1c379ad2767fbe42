"""Options that fetch does not have are rejected, or warned about, by name."""

import warnings

import httpx
from checks import check, raises


@check("options that would send elsewhere or trust otherwise are refused by name", needs="emscripten")
async def _(server):
    cases = [
        ("proxy", lambda: httpx.AsyncClient(proxy="http://127.0.0.1:1")),
        ("proxy", lambda: httpx.Client(proxy="http://127.0.0.1:1")),
        ("cert", lambda: httpx.AsyncClient(cert="client.pem")),
        ("verify", lambda: httpx.AsyncClient(verify="ca.pem")),
        ("uds", lambda: httpx.AsyncHTTPTransport(uds="/socket")),
        ("local_address", lambda: httpx.AsyncHTTPTransport(local_address="127.0.0.2")),
    ]
    for name, make in cases:
        with raises(NotImplementedError) as caught:
            make()
        assert name in str(caught.error)
    with raises(ImportError) as caught:
        httpx.AsyncClient(http2=True)
    assert "http2" in str(caught.error)


@check("proxies of the environment are refused", needs="emscripten")
async def _(server):
    import os

    os.environ["HTTP_PROXY"] = "http://127.0.0.1:1"
    try:
        with raises(NotImplementedError) as caught:
            httpx.AsyncClient()
        assert "proxy" in str(caught.error)
        httpx.AsyncClient(trust_env=False)
    finally:
        del os.environ["HTTP_PROXY"]


@check("options that only fall away are warned of by name", needs="emscripten")
async def _(server):
    cases = [
        ("verify=False", lambda: httpx.AsyncClient(verify=False)),
        ("http2=True", lambda: httpx.AsyncHTTPTransport(http2=True)),
        ("http1=False", lambda: httpx.AsyncHTTPTransport(http1=False)),
        ("retries", lambda: httpx.AsyncHTTPTransport(retries=2)),
        ("socket_options", lambda: httpx.AsyncHTTPTransport(socket_options=[(6, 1, 1)])),
        ("keep-alive", lambda: httpx.AsyncClient(limits=httpx.Limits(max_keepalive_connections=0))),
    ]
    for name, make in cases:
        with warnings.catch_warnings(record=True) as caught:
            warnings.simplefilter("always")
            make()
        assert [name in str(each.message) for each in caught] == [True], (name, caught)
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        async with httpx.AsyncClient(limits=httpx.Limits(max_connections=10)) as client:
            await client.get(f"{server.origin}/bytes/1")
    assert caught == []


@check("a limit for connecting that is lost is warned of by name, once", needs="emscripten")
async def _(server):
    from httpx._fetch.shared import warning

    async def told(timeout):
        with warnings.catch_warnings(record=True) as caught:
            warnings.simplefilter("always")
            async with httpx.AsyncClient(timeout=timeout) as client:
                for _ in range(2):
                    await client.get(f"{server.origin}/bytes/1")
        return [str(each.message) for each in caught]

    for timeout in (httpx.Timeout(600, connect=5), httpx.Timeout(None, connect=5)):
        warning._told.clear()
        messages = await told(timeout)
        assert ["connect=5" in message for message in messages] == [True], messages
        assert await told(timeout) == []
    warning._told.clear()
    for timeout in (httpx.Timeout(5), httpx.Timeout(5, connect=None), httpx.Timeout(9, read=5), None):
        assert await told(timeout) == [], timeout


@check("headers that fetch writes itself are warned of by name", needs="emscripten")
async def _(server):
    async with httpx.AsyncClient() as client:
        for name, value in (("Host", "other.example"), ("Connection", "close"), ("Expect", "100-continue"), ("TE", "x")):
            with warnings.catch_warnings(record=True) as caught:
                warnings.simplefilter("always")
                response = await client.get(f"{server.origin}/echo", headers={name: value})
            assert [f"{name}: {value}" in str(each.message) for each in caught] == [True], (name, caught)
            assert response.status_code == 200


@check("requests that fetch would change or cannot send are refused", needs="emscripten")
async def _(server):
    async with httpx.AsyncClient() as client:
        for method, path, content in (
            ("GET", "/echo", b"a body"),
            ("HEAD", "/echo", b"a body"),
            ("TRACE", "/echo", None),
            ("GET", "/a/%2e%2e/b", None),
            ("GET", "/a/%2E?b", None),
        ):
            with raises(httpx.LocalProtocolError) as caught:
                await client.request(method, server.origin + path, content=content)
            assert caught.error.request.method == method and "fetch" in str(caught.error)
        with raises(httpx.LocalProtocolError):
            await client.get(f"{server.origin}/echo", headers={"X-Bad": "a\r\nX-Injected: b"})
