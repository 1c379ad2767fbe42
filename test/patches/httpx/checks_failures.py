"""Failures raise the library's own errors."""

import httpx
from checks import check, raises


@check("a refused connection and an unknown host raise ConnectError")
async def _(server):
    # Without a limit: a resolver may need more than five seconds to say that there is no such host.
    async with httpx.AsyncClient(timeout=None) as client:
        for url in (f"{server.closed}/", "http://no-such-host.invalid/"):
            with raises(httpx.ConnectError) as caught:
                await client.get(url)
            assert caught.error.request.url == url
            assert str(caught.error)
            with raises(httpx.ConnectError):
                await client.post(url, content=b"x")


@check("a broken connection raises the library's errors, before and in the body", needs="node")
async def _(server):
    expected = {
        "close": (httpx.RemoteProtocolError,),
        "reset": (httpx.ReadError, httpx.RemoteProtocolError),
        "garbage": (httpx.RemoteProtocolError,),
        "close-in-chunks": (httpx.RemoteProtocolError,),
        "bad-chunk": (httpx.RemoteProtocolError,),
        "two-lengths": (httpx.RemoteProtocolError,),
        "short-body": (httpx.RemoteProtocolError,),
        "reset-in-body": (httpx.ReadError,),
    }
    async with httpx.AsyncClient() as client:
        for path, kinds in expected.items():
            with raises(*kinds) as caught:
                await client.get(f"{server.origin}/{path}")
            assert caught.error.request.url.path == f"/{path}"


@check("a broken connection raises a TransportError")
async def _(server):
    async with httpx.AsyncClient() as client:
        for path in (
            *("close", "reset", "garbage", "close-in-chunks"),
            *("bad-chunk", "two-lengths", "short-body", "reset-in-body"),
        ):
            try:
                response = await client.get(f"{server.origin}/{path}")
            except httpx.TransportError as error:
                assert error.request.url.path == f"/{path}"
            else:
                raise AssertionError((path, response.status_code, response.content))


# Upstream may send the next request on the connection that the server is closing because of the unread rest.
@check(
    "a body longer than its Content-Length is read as long as that says, and nothing comes of the rest",
    needs="emscripten",
)
async def _(server):
    async with httpx.AsyncClient() as client:
        for _ in range(3):
            assert (await client.get(f"{server.origin}/long-body")).content == b"ten bytes"
            assert (await client.get(f"{server.origin}/bytes/1")).content == b"x"


@check("the JavaScript error is the cause", needs="emscripten")
async def _(server):
    from pyodide.ffi import JsException

    async with httpx.AsyncClient() as client:
        for url in (f"{server.closed}/", f"{server.origin}/close", f"{server.origin}/reset-in-body"):
            with raises(httpx.ConnectError, httpx.RemoteProtocolError, httpx.ReadError) as caught:
                await client.get(url)
            cause = caught.error.__cause__
            # Of two equal errors, the outer one is httpx's, raised again with the request.
            while isinstance(cause, httpx.HTTPError):
                cause = cause.__cause__
            assert isinstance(cause, JsException), (url, cause)


@check("what is no URL for HTTP raises UnsupportedProtocol")
async def _(server):
    async with httpx.AsyncClient() as client:
        for url in ("ftp://example.org/", "/relative", "data:text/plain,x"):
            with raises(httpx.UnsupportedProtocol):
                await client.get(url)
