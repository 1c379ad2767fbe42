"""WebSockets: the messages that a client sends and receives."""

import asyncio
import json

import aiohttp
from aiohttp import WSMsgType
from checks import check, raises


@check("text, bytes and JSON go and come")
async def _(server):
    async with aiohttp.ClientSession() as session:
        async with session.ws_connect(f"{server.origin}/ws/echo") as socket:
            await socket.send_str("Grüße")
            assert await socket.receive_str() == "Grüße"
            every_byte = bytes(range(256)) * 300
            for data in (every_byte, bytearray(b"array"), memoryview(b"view")):
                await socket.send_bytes(data)
                assert await socket.receive_bytes() == bytes(data)
            await socket.send_json({"a": ["ü", None]})
            assert await socket.receive_json() == {"a": ["ü", None]}
            await socket.send_str("")
            message = await socket.receive()
            assert (message.type, message.data) == (WSMsgType.TEXT, ""), message
            with raises(TypeError):
                await socket.send_str(b"bytes")
            await socket.send_bytes(b"x")
            with raises(TypeError, aiohttp.WSMessageTypeError):
                await socket.receive_str()
        assert socket.closed and socket.close_code == 1000


@check("messages come while the server still sends")
async def _(server):
    async with aiohttp.ClientSession() as session:
        key = server.key()
        async with session.ws_connect(f"{server.origin}/ws/count/3?key={key}") as socket:
            for number in range(3):
                await (await session.get(f"{server.origin}/open/{key}-{number}")).read()
                assert await socket.receive_str() == f"message {number}"


@check("what arrives before anyone listens waits")
async def _(server):
    async with aiohttp.ClientSession() as session:
        for _ in range(20):
            async with session.ws_connect(f"{server.origin}/ws/count/2") as socket:
                await asyncio.sleep(0.01)
                assert await socket.receive_str() == "message 0"
                assert await socket.receive_str() == "message 1"
                assert (await socket.receive()).type in (WSMsgType.CLOSE, WSMsgType.CLOSED)


@check("the request of the handshake carries path, query, cookies and headers")
async def _(server):
    jar = aiohttp.CookieJar(unsafe=True)
    async with aiohttp.ClientSession(cookies={"c": "1"}, cookie_jar=jar, headers={"X-Session": "s"}) as session:
        options = {"headers": {"Authorization": "Bearer x"}, "params": {"q": "a b"}}
        options["origin"] = "http://origin.example"
        async with session.ws_connect(f"{server.origin}/ws/headers/ü", **options) as socket:
            seen = json.loads(await socket.receive_str())
    assert seen["url"] == "/ws/headers/%C3%BC?q=a+b", seen
    headers = {name.lower(): value for name, value in seen["headers"]}
    expected = {"x-session": "s", "authorization": "Bearer x", "cookie": "c=1", "origin": "http://origin.example"}
    assert {name: headers.get(name) for name in expected} == expected, headers
    assert headers["user-agent"] == aiohttp.http.SERVER_SOFTWARE
    assert headers["host"] == server.origin.removeprefix("http://")


@check("compression is agreed on, and told")
async def _(server):
    async with aiohttp.ClientSession() as session:
        for asked, agreed in ((15, 15), (9, 15), (0, 0)):
            async with session.ws_connect(f"{server.origin}/ws/echo?deflate", compress=asked) as socket:
                assert socket.compress == agreed, (asked, socket.compress)
                for text in ("Grüße", "a" * 100_000):
                    await socket.send_str(text)
                    assert await socket.receive_str() == text
        for wrong in (1, 8, 16):
            with raises(ValueError) as caught:
                await session.ws_connect(f"{server.origin}/ws/echo", compress=wrong)
            assert "Compress wbits" in str(caught.error)


@check("max_msg_size and decode_text hold")
async def _(server):
    async with aiohttp.ClientSession() as session:
        async with session.ws_connect(f"{server.origin}/ws/echo", max_msg_size=100) as socket:
            await socket.send_bytes(bytes(99))
            assert len(await socket.receive_bytes()) == 99
        async with session.ws_connect(f"{server.origin}/ws/count/1", decode_text=False) as socket:
            message = await socket.receive()
            assert (message.type, message.data) == (WSMsgType.TEXT, b"message 0"), message
