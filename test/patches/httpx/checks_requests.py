"""Requests as they arrive at the server: methods, paths, headers and bodies."""

import io

import httpx
from answers import arrived
from checks import check


@check("httpx 1: methods, paths and queries arrive as built")
async def _(server):
    async with httpx.AsyncClient() as client:
        for method in ("GET", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"):
            response = await client.request(method, f"{server.origin}/a%20b/ü?x=1&y=zwei&x=2&empty=")
            assert arrived(response)[:2] == (method, "/a%20b/%C3%BC?x=1&y=zwei&x=2&empty="), response.text
        response = await client.head(f"{server.origin}/echo")
        assert (response.status_code, response.content) == (200, b"")
        response = await client.get(f"{server.origin}/p", params={"q": "a b&c", "n": [1, 2], "é": "ü"})
        assert arrived(response)[1] == "/p?q=a+b%26c&n=1&n=2&%C3%A9=%C3%BC", response.text
        for path in ("/a//b/", "/a;p=1/@:!$&()*+,=~", "/%2F%25%41", "/?", "/?a=b?c/d", "/a/../b/./c", "/%C3%BC?%20"):
            response = await client.get(server.origin + path)
            assert arrived(response)[1] == response.request.url.raw_path.decode(), (path, response.text)


@check("httpx 1: headers arrive as built, the library's User-Agent included")
async def _(server):
    async with httpx.AsyncClient(headers={"X-Client": "of the client"}) as client:
        sent = {"X-Request": "of the request", "Accept": "text/x", "Cookie": "a=1; b=2", "Referer": "http://r/"}
        headers = arrived(await client.get(f"{server.origin}/echo", headers=sent))[2]
        for name, value in {"X-Client": "of the client", **sent}.items():
            assert headers[name.lower()] == value, (name, headers)
        assert headers["user-agent"] == f"python-httpx/{httpx.__version__}"
        assert headers["accept-encoding"] == client.headers["accept-encoding"]
        assert headers["host"] == server.origin.removeprefix("http://")
        headers = arrived(await client.get(f"{server.origin}/echo", headers={"User-Agent": "mine/1.0"}))[2]
        assert headers["user-agent"] == "mine/1.0"


@check("httpx 1: bodies of bytes, text, JSON and forms arrive byte for byte")
async def _(server):
    async with httpx.AsyncClient() as client:
        every_byte = bytes(range(256)) * 300
        cases = [
            ({"content": every_byte}, None, every_byte),
            ({"content": "Grüße"}, None, "Grüße".encode()),
            ({"json": {"a": [1, None, "ü"]}}, "application/json", '{"a":[1,null,"ü"]}'.encode()),
            ({"data": {"a": "1 2", "b": ["x", "y"]}}, "application/x-www-form-urlencoded", b"a=1+2&b=x&b=y"),
            ({}, None, b""),
        ]
        for arguments, content_type, expected in cases:
            method, _, headers, body = arrived(await client.post(f"{server.origin}/echo", **arguments))
            assert (method, body) == ("POST", expected), arguments
            assert headers.get("content-type") == content_type, headers
            assert headers["content-length"] == str(len(expected)), headers


@check("httpx 1: multipart bodies arrive byte for byte")
async def _(server):
    async with httpx.AsyncClient() as client:
        request = client.build_request(
            "POST",
            f"{server.origin}/echo",
            data={"field": "value ü"},
            files={"one": ("ü.bin", io.BytesIO(bytes(range(256))), "application/x-bin"), "two": ("t.txt", b"text")},
            headers={"Content-Type": "multipart/form-data; boundary=the-boundary"},
        )
        _, _, headers, body = arrived(await client.send(request))
        assert headers["content-type"] == "multipart/form-data; boundary=the-boundary"
        assert headers["content-length"] == str(len(body)), headers
        parts = body.split(b"--the-boundary")
        assert len(parts) == 5 and parts[-1] == b"--\r\n", parts
        assert parts[1].endswith(b"\r\n\r\nvalue \xc3\xbc\r\n"), parts[1]
        assert parts[2].endswith(b"\r\n\r\n" + bytes(range(256)) + b"\r\n"), parts[2]
        assert parts[3].endswith(b"\r\n\r\ntext\r\n"), parts[3]
