"""What a client reports of the responses to some fifty requests. The server records what arrives."""

import base64
import io
import warnings

import httpx
from plain_steps import ADDRESSES, ANSWERS

BOUNDARY = {"Content-Type": "multipart/form-data; boundary=fixed"}


async def two_chunks():
    yield b"first "
    yield b"second"


def steps(origin, other):
    """Arguments of `client.request`, in order: one client with one cookie jar sends them all."""
    get, post = "GET", "POST"
    return [
        (get, "/echo", {}),
        *ADDRESSES,
        (get, "/echo", {"params": {"q": "a b&c", "n": [1, 2], "é": "ü"}}),
        (get, "/echo", {"headers": {"X-Own": "1", "Accept": "text/x", "User-Agent": "own/1"}}),
        (get, "/echo", {"headers": [("X-Twice", "one"), ("X-Twice", "two")]}),
        (get, "/echo", {"headers": {"X-Latin": "é".encode("latin-1"), "X-Text": "ü€".encode(), "X-Empty": ""}}),
        (get, "/echo", {"headers": {"Accept-Encoding": "identity", "Referer": "http://r/", "Origin": "http://o"}}),
        (get, "/echo", {"headers": {"Host": "other.example", "X-Other-Host": ""}}),
        (get, "/echo", {"headers": {"Connection": "close"}}),
        (get, "/echo", {"headers": {"Range": "bytes=0-5", "If-None-Match": '"tag"', "Authorization": "Bearer t"}}),
        (post, "/echo", {"content": bytes(range(256))}),
        (post, "/echo", {"content": "Grüße"}),
        (post, "/echo", {"json": {"a": [1, None, "ü"]}}),
        (post, "/echo", {"data": {"a": "1 2", "b": ["x", "y"]}}),
        (post, "/echo", {}),
        (post, "/echo", {"content": two_chunks()}),
        (post, "/echo", {"files": {"f": ("ü.txt", io.BytesIO(b"content"), "text/x")}, "data": {"k": "v"}, "headers": BOUNDARY}),
        ("PUT", "/echo", {"content": b"put"}),
        ("PATCH", "/echo", {"json": []}),
        ("DELETE", "/echo", {}),
        ("DELETE", "/echo", {"content": b"with a body"}),
        ("OPTIONS", "/echo", {}),
        ("HEAD", "/bytes/100", {}),
        ("HEAD", "/encoded/gzip", {}),
        ("QUERY", "/echo", {"content": b"an own method"}),
        (get, "/set-cookies", {}),
        (get, "/echo", {}),
        (get, "/echo", {"cookies": {"own": "1"}}),
        (get, "/redirect/3", {}),
        *((get, f"/redirect-to?status={status}&to=/echo", {}) for status in (301, 303, 308)),
        (get, "/redirect/3", {"follow_redirects": True}),
        (post, "/redirect/1", {"content": b"x", "follow_redirects": True}),
        (post, "/redirect-to?status=307&to=/echo", {"json": 1, "follow_redirects": True}),
        (get, f"/redirect-to?to={other}/echo", {"auth": ("ada", "lovelace"), "follow_redirects": True}),
        (get, "/redirect/loop", {"follow_redirects": True}),
        *ANSWERS,
        (get, "/basic-auth", {"auth": ("ada", "lovelace")}),
        (get, "/digest-auth", {"auth": ("ada", "wrong")}),
        (get, "/close", {}),
        (get, "/never", {"timeout": 0.3}),
    ]


def view(response):
    return {
        "status": response.status_code,
        "reason": response.reason_phrase,
        "version": response.http_version,
        "url": str(response.url),
        "headers": [list(pair) for pair in response.headers.multi_items()],
        "latin": [value.hex() for name, value in response.headers.raw if name.lower() == b"x-latin"],
        # The server's record has the same.
        "body": "echo" if b'"method"' in response.content else base64.b64encode(response.content).decode(),
        "encoding": response.encoding,
        "cookies": sorted(response.cookies.items()),
        "history": [view(each) for each in response.history],
        "next": response.next_request and str(response.next_request.url),
    }


async def compare(origin, other):
    """One view or error for each step."""
    views = []
    warnings.simplefilter("ignore")
    async with httpx.AsyncClient(headers={"X-Client": "c"}, max_redirects=5) as client:
        for method, path, arguments in steps(origin, other):
            try:
                result = view(await client.request(method, origin + path, **arguments))
            except httpx.HTTPError as error:
                result = {"error": type(error).__name__, "url": str(error.request.url)}
            views.append({"step": f"{method} {path}", **result, "jar": sorted(client.cookies.items())})
    return views
