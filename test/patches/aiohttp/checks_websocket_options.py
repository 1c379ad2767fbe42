"""Options that the host's WebSocket does not have are rejected, or warned about, by name."""

import aiohttp
from checks import check, raises
from checks_options import warned


@check("options of a WebSocket that only fall away warn by name", needs="emscripten")
async def _(server):
    async with aiohttp.ClientSession() as session:
        url = f"{server.origin}/ws/echo"
        cases = [
            ("heartbeat", {"heartbeat": 0.1}),
            # The server has not agreed on any.
            ("compress", {"compress": 15}),
            ("Sec-WebSocket-Version: 8", {"headers": {"Sec-WebSocket-Version": "8"}}),
            ("autoping=False", {"autoping": False}),
            ("ssl=False", {"ssl": False}),
        ]
        for name, options in cases:
            told, socket = await warned(lambda options=options: session.ws_connect(url, **options))
            assert [name in each for each in told] == [True], (name, told)
            await socket.send_str("x")
            assert await socket.receive_str() == "x"
            await socket.close()
        for options in ({}, {"headers": {"Sec-WebSocket-Version": "13"}}):
            told, socket = await warned(lambda options=options: session.ws_connect(url, **options))
            assert told == [], told
            assert socket.compress == 0
            await socket.close()


@check("extensions that a WebSocket does not offer are warned of by name", needs="emscripten node")
async def _(server):
    async with aiohttp.ClientSession() as session:
        headers = {"Sec-WebSocket-Extensions": "x-own"}
        told, socket = await warned(lambda: session.ws_connect(f"{server.origin}/ws/echo", headers=headers))
        assert ["Sec-WebSocket-Extensions: x-own" in each for each in told] == [True], told
        await socket.close()


@check("frames that the host does not let one send are refused by name", needs="emscripten")
async def _(server):
    async with aiohttp.ClientSession() as session:
        async with session.ws_connect(f"{server.origin}/ws/echo") as socket:
            for name, send in (("PING", socket.ping), ("PONG", socket.pong)):
                with raises(NotImplementedError) as caught:
                    await send(b"x")
                assert name in str(caught.error)
            told, _ = await warned(lambda: socket.send_str("x", compress=9))
            assert ["compress" in each for each in told] == [True], told
            assert await socket.receive_str() == "x"
        with raises(NotImplementedError) as caught:
            await session.ws_connect(f"{server.origin}/ws/echo", method="POST")
        assert "method" in str(caught.error)


@check("a close code that the host refuses is warned of by name", needs="emscripten node")
async def _(server):
    async with aiohttp.ClientSession() as session:
        key = server.key()
        socket = await session.ws_connect(f"{server.origin}/ws/echo?key={key}")
        told, _ = await warned(lambda: socket.close(code=1011))
        assert ["1011" in each for each in told] == [True], told
        async with session.get(f"{server.origin}/ended/{key}") as ended:
            assert await ended.text() == "1005"


@check("where a WebSocket takes no headers, those that matter are refused", needs="emscripten node")
async def _(server):
    from aiohttp._fetch import websocket

    takes_headers = websocket.takes_headers
    websocket.takes_headers = lambda: False
    try:
        async with aiohttp.ClientSession() as session:
            url = f"{server.origin}/ws/echo"
            for name in ("Authorization", "X-Own", "Cookie"):
                with raises(NotImplementedError) as caught:
                    await session.ws_connect(url, headers={name: "value"})
                assert name in str(caught.error)
            async with session.ws_connect(url, protocols=["chat"]) as socket:
                assert socket.protocol == "chat"
                await socket.send_str("x")
                assert await socket.receive_str() == "x"
    finally:
        websocket.takes_headers = takes_headers


@check("where there is no WebSocket, the error says so", needs="emscripten node")
async def _(server):
    import js

    kept = js.WebSocket
    del js.WebSocket
    try:
        async with aiohttp.ClientSession() as session:
            with raises(NotImplementedError) as caught:
                await session.ws_connect(f"{server.origin}/ws/echo")
            assert "WebSocket" in str(caught.error)
            async with session.get(f"{server.origin}/bytes/1") as response:
                assert await response.read() == b"x"
    finally:
        js.WebSocket = kept
