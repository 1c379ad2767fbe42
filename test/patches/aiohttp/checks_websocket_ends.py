"""How WebSockets end, and handshakes that fail."""

import asyncio
import gc

import aiohttp
from aiohttp import WSMsgType
from checks import check, raises
from checks_options import warned
from yarl import URL


@check("close codes and reasons go both ways")
async def _(server):
    async with aiohttp.ClientSession() as session:
        for code, message in ((1000, b""), (3000, "grüße".encode()), (4999, b"the last")):
            key = server.key()
            socket = await session.ws_connect(f"{server.origin}/ws/echo?key={key}")
            assert await socket.close(code=code, message=message)
            assert socket.close_code == code
            async with session.get(f"{server.origin}/ended/{key}") as ended:
                assert await ended.text() == f"{code} {message.decode()}".strip()
        ends = (("close/4001/a%20reason", 4001, "a reason"), ("close/1001", 1001, ""), ("close", 0, ""))
        for path, code, reason in ends:
            async with session.ws_connect(f"{server.origin}/ws/{path}") as socket:
                message = await socket.receive()
                assert (message.type, message.data, message.extra) == (WSMsgType.CLOSE, code, reason), message
                assert socket.closed and socket.close_code == (code or 1006), socket.close_code


@check("a message that is too large is an error, and ends the connection")
async def _(server):
    async with aiohttp.ClientSession() as session:
        key = server.key()
        async with session.ws_connect(f"{server.origin}/ws/large/101?key={key}", max_msg_size=100) as socket:
            # On Emscripten: the host does not close with 1009.
            _, message = await warned(socket.receive)
            assert message.type is WSMsgType.ERROR and "100" in str(message.data), message
            assert socket.close_code == 1009
        async with session.get(f"{server.origin}/ended/{key}") as ended:
            assert await ended.text() != "broken off"


@check("a connection that breaks ends the listening with 1006")
async def _(server):
    async with aiohttp.ClientSession() as session:
        async with session.ws_connect(f"{server.origin}/ws/drop") as socket:
            await socket.send_str("drop me")
            assert (await socket.receive()).type is WSMsgType.CLOSED
            assert socket.closed and socket.close_code == 1006
            with raises(aiohttp.ClientConnectionResetError):
                await socket.send_str("too late")


@check("timeouts of receiving and closing")
async def _(server):
    timeout = aiohttp.ClientWSTimeout(ws_receive=0.2, ws_close=0.2)
    async with aiohttp.ClientSession() as session:
        async with session.ws_connect(f"{server.origin}/ws/silent", timeout=timeout) as socket:
            with raises(asyncio.TimeoutError):
                await socket.receive()
        assert socket.close_code == 1006
        async with session.ws_connect(f"{server.origin}/ws/echo") as socket:
            with raises(asyncio.TimeoutError):
                await socket.receive(timeout=0.1)


@check("a WebSocket that is dropped ends its connection", needs="emscripten")
async def _(server):
    loop, told = asyncio.get_running_loop(), []
    async with aiohttp.ClientSession() as session:
        key = server.key()
        socket = await session.ws_connect(f"{server.origin}/ws/echo?key={key}")
        await socket.send_str("x")
        await socket.receive()
        del socket
        loop.set_exception_handler(lambda _, context: told.append(context["message"]))
        await asyncio.sleep(0)
        gc.collect()
        loop.set_exception_handler(None)
        async with session.get(f"{server.origin}/ended/{key}") as ended:
            assert await ended.text() == "1005"
    assert set(told) <= {"Unclosed connection"}, told


@check("closing the session ends its WebSockets")
async def _(server):
    async with aiohttp.ClientSession() as session:
        socket = await session.ws_connect(f"{server.origin}/ws/echo")
        hearing = asyncio.ensure_future(socket.receive())
        await asyncio.sleep(0.05)
    assert (await hearing).type is WSMsgType.CLOSED
    assert socket.closed


@check("an opening that is given up can be repeated")
async def _(server):
    async with aiohttp.ClientSession(connector=aiohttp.TCPConnector(limit=1)) as session:
        for _ in range(3):
            with raises(asyncio.TimeoutError):
                async with asyncio.timeout(0.1):
                    await session.ws_connect(f"{server.origin}/ws/never")
        async with session.ws_connect(f"{server.origin}/ws/count/1") as socket:
            assert await socket.receive_str() == "message 0"


@check("a WebSocket that does not open raises the library's errors")
async def _(server):
    async with aiohttp.ClientSession() as session:
        paths = (f"{server.origin}/ws/refuse/403", f"{server.origin}/ws/wrong-accept")
        for url in (f"{server.closed}/ws/echo", *paths):
            with raises(aiohttp.ClientConnectorError, aiohttp.WSServerHandshakeError) as caught:
                await session.ws_connect(url)
            if isinstance(caught.error, aiohttp.WSServerHandshakeError):
                assert caught.error.request_info.url == URL(url)
            else:
                assert caught.error.port == URL(url).port
