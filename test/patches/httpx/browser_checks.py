"""Synchronous use in a browser in which Python cannot wait for fetch."""

import io
import warnings

import httpx
from answers import PLAIN, arrived
from checks import check, raises
from pyodide.ffi import can_run_sync

# For a window, there is the check below.
warnings.filterwarnings("ignore", "httpx on fetch cannot honour timeouts")


@check("by XMLHttpRequest, requests arrive as built")
def _(server):
    assert not can_run_sync()
    sent = {"X-Sync": "yes", "X-Latin": b"\xe9"}
    response = httpx.get(f"{server.origin}/a%20b", params={"b": "zwei drei"}, headers=sent)
    method, url, headers, _ = arrived(response)
    assert (method, url, headers["x-sync"], headers["x-latin"]) == ("GET", "/a%20b?b=zwei+drei", "yes", "é"), headers
    every_byte = bytes(range(256)) * 500
    with httpx.Client(base_url=server.origin, headers={"X-Client": "c"}) as client:
        for content in (every_byte, iter([b"in ", b"", b"pieces"]), b""):
            expected = content if isinstance(content, bytes) else b"in pieces"
            method, _, headers, body = arrived(client.put("/echo", content=content))
            assert (method, body, headers["x-client"]) == ("PUT", expected, "c")
            assert headers["content-length"] == str(len(expected)), headers
        assert arrived(client.post("/echo", json={"a": 1}))[3] == b'{"a":1}'
        files = {"file": ("f", io.BytesIO(b"content"))}
        assert b"content" in arrived(client.post("/echo", files=files))[3]
        assert arrived(client.delete("/echo"))[0] == "DELETE"
        assert client.get("/basic-auth", auth=("ada", "lovelace")).text == "welcome"


@check("by XMLHttpRequest, responses arrive as they are")
def _(server):
    with httpx.Client(base_url=server.origin) as client:
        response = client.get("/headers")
        assert (response.status_code, response.text, response.reason_phrase) == (200, "headers", "Quite Fine")
        assert response.http_version == "HTTP/1.1" and response.headers["x-twice"] == "one, two"
        assert client.get("/status/404").text == "status 404"
        for path in ("/status/204", "/bytes/0"):
            assert client.get(path).content == b""
        head = client.head("/drip/5/1")
        assert (head.content, head.headers["content-length"]) == (b"", "5")
        for charset in ("utf-8", "latin-1"):
            assert client.get(f"/text/{charset}").text == "naïve café"
        response = client.get("/encoded/gzip")
        assert response.text == PLAIN and "content-encoding" not in response.headers
        with client.stream("GET", "/gated/1") as response:
            assert list(response.iter_lines()) == ["chunk 0"]


@check("by XMLHttpRequest, bytes that begin as text of UTF-16 are what they are", needs="worker")
def _(server):
    assert httpx.get(f"{server.origin}/text/utf-16").content == "\ufeffnaïve café".encode("utf-16-le")


@check("in a window, bytes that it reads as UTF-16 are refused", needs="window")
def _(server):
    with raises(httpx.DecodingError) as caught:
        httpx.get(f"{server.origin}/text/utf-16")
    assert "AsyncClient" in str(caught.error)


@check("by XMLHttpRequest, failures are the library's")
def _(server):
    with raises(httpx.ConnectError) as caught:
        httpx.get(server.closed)
    assert str(caught.error.request.url) == server.closed and str(caught.error)
    with raises(httpx.LocalProtocolError):
        httpx.get(f"{server.origin}/echo", headers={"X-Bad": "a\r\nX-Injected: b"})
    with raises(httpx.LocalProtocolError):
        httpx.post(f"{server.origin}/echo", content=iter([b"hello"]), headers={"Content-Length": "3"})
    # The browser has followed the redirect, so the response is not that of the request.
    for follow in (False, True):
        with raises(httpx.UnsupportedProtocol) as caught:
            httpx.get(f"{server.origin}/redirect/1", follow_redirects=follow)
        assert "/redirect/0" in str(caught.error)


@check("by XMLHttpRequest, the read timeout limits a request", needs="worker")
def _(server):
    with raises(httpx.ReadTimeout) as caught:
        httpx.get(f"{server.origin}/never", timeout=0.3)
    assert caught.error.request.url.path == "/never"
    assert httpx.get(f"{server.origin}/drip/3/200", timeout=None).text == "..."


@check("in a window, where timeouts do not hold, a warning says so once", needs="window")
def _(server):
    from httpx._fetch.shared import warning

    warning._told.clear()
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        for _ in range(2):
            assert httpx.get(f"{server.origin}/drip/3/200", timeout=0.1).text == "..."
    assert ["timeouts" in str(each.message) for each in caught] == [True], caught


@check("AsyncClient goes by fetch")
async def _(server):
    async with httpx.AsyncClient() as client:
        async with client.stream("GET", f"{server.origin}/gated/1") as response:
            assert [line async for line in response.aiter_lines()] == ["chunk 0"]
        large = bytes(range(256)) * 1000
        assert arrived(await client.put(f"{server.origin}/echo", content=large))[3] == large
