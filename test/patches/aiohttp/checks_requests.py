"""Requests as they arrive at the server."""

import aiohttp
from aiohttp import hdrs
from answers import arrived
from checks import check, raises
from yarl import URL


@check("aiohttp 1: methods, paths and queries arrive as built")
async def _(server):
    async with aiohttp.ClientSession() as session:
        for method in ("GET", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"):
            url = f"{server.origin}/a%20b/ü?x=1&y=zwei&x=2&empty="
            async with session.request(method, url) as response:
                assert (await arrived(response))[:2] == (method, "/a%20b/%C3%BC?x=1&y=zwei&x=2&empty="), method
        async with session.head(f"{server.origin}/echo") as response:
            assert (response.status, await response.read()) == (200, b"")
        async with session.get(f"{server.origin}/p", params={"q": "a b&c", "n": ["1", "2"], "é": "ü"}) as response:
            assert (await arrived(response))[1] == "/p?q=a+b%26c&n=1&n=2&%C3%A9=%C3%BC", await response.text()


@check("aiohttp 1: a URL that says it is encoded arrives as it is")
async def _(server):
    async with aiohttp.ClientSession() as session:
        paths = ("/a//b/", "/a;p=1/@:!$&()*+,=~", "/%2F%25%41", "/?a=b?c/d", "/%C3%BC?%20", "/x%7Ey?a=%2C&b=,")
        for path in paths:
            async with session.get(URL(server.origin + path, encoded=True)) as response:
                assert (await arrived(response))[1] == path, await response.text()
        for path in ("/a/../b/./c", "/ü/é?ö=ß", "/a b"):
            async with session.get(server.origin + path) as response:
                assert (await arrived(response))[1] == URL(server.origin + path).raw_path_qs, await response.text()


@check("aiohttp 1: a path that fetch would change is refused", needs="emscripten")
async def _(server):
    async with aiohttp.ClientSession() as session:
        for path in ("/a/../b", "/a/./b", "/a/%2e%2E/b", "/.."):
            with raises(aiohttp.InvalidUrlClientError) as caught:
                await session.get(URL(server.origin + path, encoded=True))
            assert "dots" in str(caught.error)
        # fetch would turn a backslash into a slash.
        async with session.get(URL(rf"{server.origin}/a\b", encoded=True)) as response:
            assert (await arrived(response))[1] == "/a%5Cb", await response.text()


@check("aiohttp 1: headers arrive as built, the library's User-Agent included")
async def _(server):
    async with aiohttp.ClientSession(headers={"X-Session": "of the session"}) as session:
        sent = {"X-Request": "of the request", "Accept": "text/x", "Cookie": "a=1; b=2", "Referer": "http://r/"}
        async with session.get(f"{server.origin}/echo", headers=sent) as response:
            headers = (await arrived(response))[2]
        for name, value in {"X-Session": "of the session", **sent}.items():
            assert headers[name.lower()] == value, (name, headers)
        assert headers["user-agent"] == aiohttp.http.SERVER_SOFTWARE
        assert headers["accept-encoding"] == aiohttp.ClientRequest.DEFAULT_HEADERS[hdrs.ACCEPT_ENCODING]
        assert headers["host"] == server.origin.removeprefix("http://")
        assert "content-type" not in headers and "content-length" not in headers, headers
        async with session.get(f"{server.origin}/echo", headers={"User-Agent": "mine/1.0"}) as response:
            assert (await arrived(response))[2]["user-agent"] == "mine/1.0"


@check("aiohttp 1: headers beyond ASCII arrive, and come, as UTF-8")
async def _(server):
    async with aiohttp.ClientSession() as session:
        async with session.get(f"{server.origin}/echo", headers={"X-Text": "ü→"}) as response:
            # The server reports the bytes.
            assert (await arrived(response))[2]["x-text"].encode("latin-1") == "ü→".encode()
        async with session.get(f"{server.origin}/headers") as response:
            assert response.headers["x-latin"] == "é"
            assert (b"x-latin", "é".encode()) in [(name.lower(), value) for name, value in response.raw_headers]


@check("aiohttp 1: a header that breaks out of its line is refused")
async def _(server):
    async with aiohttp.ClientSession() as session:
        for name, value in (("X-A", "b\r\nX-C: d"), ("X-A\r\nX-C", "d"), ("X-A", "b\nX-C: d")):
            with raises(ValueError):
                await session.get(server.origin, headers={name: value})


@check("aiohttp 1: bodies of bytes, text, JSON and forms arrive byte for byte")
async def _(server):
    every_byte = bytes(range(256)) * 300
    form = "application/x-www-form-urlencoded"
    cases = [
        ({"data": every_byte}, "application/octet-stream", every_byte),
        ({"data": bytearray(b"array")}, "application/octet-stream", b"array"),
        ({"data": "Grüße"}, "text/plain; charset=utf-8", "Grüße".encode()),
        ({"json": {"a": [1, None, "ü"]}}, "application/json", b'{"a": [1, null, "\\u00fc"]}'),
        ({"data": {"a": "1 2", "b": "ü"}}, form, b"a=1+2&b=%C3%BC"),
        ({"data": [("b", "x"), ("b", "y")]}, form, b"b=x&b=y"),
        ({"data": b""}, "application/octet-stream", b""),
        ({}, "application/octet-stream", b""),
    ]
    async with aiohttp.ClientSession() as session:
        for arguments, content_type, expected in cases:
            async with session.post(f"{server.origin}/echo", **arguments) as response:
                method, _, headers, body = await arrived(response)
            assert (method, body) == ("POST", expected), arguments
            assert headers.get("content-type") == content_type, (arguments, headers)
            assert headers["content-length"] == str(len(expected)), headers


@check("aiohttp 1: multipart bodies arrive byte for byte")
async def _(server):
    async with aiohttp.ClientSession() as session:
        form = aiohttp.FormData(default_to_multipart=True)
        form.add_field("field", "value ü")
        form.add_field("one", bytes(range(256)), filename="ü.bin", content_type="application/x-bin")
        form.add_field("two", "text", filename="t.txt")
        async with session.post(f"{server.origin}/echo", data=form) as response:
            _, _, headers, body = await arrived(response)
        kind, _, boundary = headers["content-type"].partition("; boundary=")
        assert kind == "multipart/form-data" and headers["content-length"] == str(len(body)), headers
        parts = body.split(b"--" + boundary.encode())
        assert len(parts) == 5 and parts[-1] == b"--\r\n", parts
        assert parts[1].endswith(b"\r\n\r\nvalue \xc3\xbc\r\n"), parts[1]
        assert parts[2].endswith(b"\r\n\r\n" + bytes(range(256)) + b"\r\n"), parts[2]
        assert b"application/x-bin" in parts[2] and b"%C3%BC.bin" in parts[2], parts[2]
        assert parts[3].endswith(b"\r\n\r\ntext\r\n"), parts[3]


@check("aiohttp 1: a compressed body arrives compressed, and says so")
async def _(server):
    import gzip
    import zlib

    text = b"again and again " * 5000
    async with aiohttp.ClientSession() as session:
        for compress, coding, decode in ((True, "deflate", zlib.decompress), ("gzip", "gzip", gzip.decompress)):
            async with session.post(f"{server.origin}/echo", data=text, compress=compress) as response:
                _, _, headers, body = await arrived(response)
            assert headers["content-encoding"] == coding and "content-length" not in headers, headers
            assert len(body) < 2000 and decode(body) == text
