"""Some eighty requests."""

import io

import aiohttp
from plain_steps import ADDRESSES, ANSWERS


async def two_chunks():
    yield b"first "
    yield b"second"


def form():
    writer = aiohttp.MultipartWriter("form-data", boundary="fixed")
    part = writer.append("value ü")
    part.set_content_disposition("form-data", name="k")
    part = writer.append(io.BytesIO(bytes(range(256))), {"Content-Type": "text/x"})
    part.set_content_disposition("form-data", name="f", filename="ü.txt")
    return writer


def steps(origin, other):
    """Arguments of `session.request`, in order: one session with one cookie jar sends them all."""
    get, post = "GET", "POST"
    basic = aiohttp.BasicAuth("ada", "lovelace")
    digest = aiohttp.DigestAuthMiddleware("ada", "lovelace")
    return [
        (get, "/echo", {}),
        *ADDRESSES,
        (get, "/echo", {"params": {"q": "a b&c", "é": "ü"}}),
        (get, "/echo", {"params": [("n", 1), ("n", 2)]}),
        (get, "/echo#fragment", {}),
        (get, "/echo", {"headers": {"X-Own": "1", "Accept": "text/x", "User-Agent": "own/1"}}),
        (get, "/echo", {"headers": [("X-Twice", "one"), ("X-Twice", "two")]}),
        (get, "/echo", {"headers": {"X-Empty": "", "X-Text": "ü"}}),
        (get, "/echo", {"skip_auto_headers": ["User-Agent", "Accept"]}),
        (get, "/echo", {"headers": {"Accept-Encoding": "identity", "Referer": "http://r/", "Origin": "http://o"}}),
        (get, "/echo", {"headers": {"Host": "other.example", "X-Other-Host": ""}}),
        (get, "/echo", {"headers": {"Connection": "close"}}),
        (get, "/echo", {"headers": {"Range": "bytes=0-5", "If-None-Match": '"tag"', "Authorization": "Bearer t"}}),
        (post, "/echo", {"data": bytes(range(256))}),
        (post, "/echo", {"data": "Grüße"}),
        (post, "/echo", {"json": {"a": [1, None, "ü"]}}),
        (post, "/echo", {"data": {"a": "1 2", "b": "x"}}),
        (post, "/echo", {}),
        (post, "/echo", {"data": two_chunks()}),
        (post, "/echo", {"data": b"whole, but chunked", "chunked": True}),
        (post, "/echo", {"data": io.BytesIO(b"of a file")}),
        (post, "/echo", {"data": b"to be compressed" * 9, "compress": "deflate"}),
        (post, "/echo", {"data": form()}),
        ("PUT", "/echo", {"data": b"put"}),
        ("PATCH", "/echo", {"json": []}),
        ("DELETE", "/echo", {}),
        ("DELETE", "/echo", {"data": b"with a body"}),
        ("OPTIONS", "/echo", {}),
        ("HEAD", "/bytes/100", {}),
        ("HEAD", "/encoded/gzip", {}),
        ("QUERY", "/echo", {"data": b"an own method"}),
        (get, "/set-cookies", {}),
        (get, "/echo", {}),
        (get, "/echo", {"cookies": {"own": "1"}}),
        (get, "/redirect/3", {"allow_redirects": False}),
        *((get, f"/redirect-to?status={status}&to=/echo", {"allow_redirects": False}) for status in (301, 303, 308)),
        (get, "/redirect/3", {}),
        (post, "/redirect/1", {"data": b"x"}),
        (post, "/redirect-to?status=307&to=/echo", {"json": 1}),
        (get, f"/redirect-to?to={other}/echo", {"headers": {"Authorization": "Bearer t", "Cookie": "a=1"}}),
        (get, f"/redirect-to?to={other}/echo", {"auth": basic}),
        (get, "/redirect-to?to=ftp://elsewhere/", {}),
        (get, "/redirect/loop", {"max_redirects": 5}),
        *ANSWERS,
        (get, "/status/404", {"raise_for_status": True}),
        (get, "/basic-auth", {"auth": basic}),
        (get, "/digest-auth", {"middlewares": [digest]}),
        (post, "/close", {"data": b"x"}),
        (get, "/close", {}),
        (get, "/garbage", {}),
        (get, "/never", {"timeout": aiohttp.ClientTimeout(total=0.3)}),
        (get, "/never", {"timeout": aiohttp.ClientTimeout(sock_read=0.3)}),
        (get, "/never-ending", {"timeout": aiohttp.ClientTimeout(sock_read=0.3)}),
    ]
