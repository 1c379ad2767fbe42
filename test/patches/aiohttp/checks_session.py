"""Sessions: their traces, connectors and classes, and upstream's logic in them."""

import asyncio

import aiohttp
from answers import arrived
from checks import check, raises


@check("traces fire, in order, with what they are about")
async def _(server):
    seen = []
    trace = aiohttp.TraceConfig()
    names = (
        *("request_start", "request_headers_sent", "request_chunk_sent", "request_redirect"),
        *("response_chunk_received", "request_end", "request_exception"),
        *("connection_queued_start", "connection_queued_end"),
    )
    for name in names:

        async def note(session, context, params, name=name):
            seen.append((name, getattr(params, "chunk", None)))

        getattr(trace, f"on_{name}").append(note)
    async with aiohttp.ClientSession(trace_configs=[trace]) as session:
        async with session.post(f"{server.origin}/redirect-to?status=307&to=/bytes/3", data=b"body") as response:
            await response.read()
        sent = [("request_headers_sent", None), ("request_chunk_sent", b"body")]
        expected = [("request_start", None), *sent, ("request_redirect", None), *sent, ("request_end", None)]
        assert seen == [*expected, ("response_chunk_received", b"xxx")], seen
        seen.clear()
        with raises(aiohttp.ClientConnectorError):
            await session.get(server.closed)
        assert [name for name, _ in seen][-1] == "request_exception", seen
    connector = aiohttp.TCPConnector(limit=1)
    async with aiohttp.ClientSession(connector=connector, trace_configs=[trace]) as session:
        seen.clear()

        async def one():
            async with session.get(f"{server.origin}/bytes/1") as response:
                await response.read()

        await asyncio.gather(one(), one())
        names_seen = [name for name, _ in seen]
        assert names_seen.count("connection_queued_start") == names_seen.count("connection_queued_end") == 1


@check("one connector serves several sessions, and a closed one none")
async def _(server):
    connector = aiohttp.TCPConnector()
    for _ in range(2):
        async with aiohttp.ClientSession(connector=connector, connector_owner=False) as session:
            async with session.get(f"{server.origin}/json") as response:
                assert response.ok and (await response.json())["name"] == "pinwheel"
    await connector.close()
    assert connector.closed and session.closed
    async with aiohttp.ClientSession(connector=connector) as session:
        with raises(RuntimeError):
            await session.get(server.origin)


@check("classes of one's own for requests and responses")
async def _(server):
    class Request(aiohttp.ClientRequest):
        async def send(self, conn):
            self.headers["X-Own"] = "request"
            return await super().send(conn)

    class Response(aiohttp.ClientResponse):
        @property
        def own(self):
            return self.status

    async with aiohttp.ClientSession(request_class=Request, response_class=Response) as session:
        async with session.get(f"{server.origin}/echo") as response:
            assert response.own == 200 and (await arrived(response))[2]["x-own"] == "request"


@check("the session's logic is upstream's", needs="emscripten")
async def _(server):
    for method in ("_request", "request", "get", "_prepare_headers", "close"):
        code = getattr(aiohttp.ClientSession, method).__code__
        assert code.co_filename.endswith("aiohttp/client.py"), method
    for owner in (aiohttp.ClientRequest, aiohttp.ClientResponse):
        for name in ("__init__", "send", "start", "read", "json"):
            function = getattr(owner, name, None)
            assert function is None or function.__code__.co_filename.endswith("aiohttp/client_reqrep.py"), name
    async with aiohttp.ClientSession() as session:
        assert type(session._connector) is aiohttp.TCPConnector
    assert aiohttp.TCPConnector.__module__ == "aiohttp._fetch.connector"


@check("a connector of someone else's gets upstream's writer", needs="emscripten")
async def _(server):
    from aiohttp.client_proto import ResponseHandler
    from aiohttp.http_writer import StreamWriter

    loop = asyncio.get_running_loop()
    written = []

    class Transport(asyncio.Transport):
        protocol = None

        def write(self, data):
            written.append(bytes(data))
            loop.call_soon(self.protocol.data_received, b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nhi")

        def is_closing(self):
            return False

        def close(self):
            self.protocol.connection_lost(None)

    class Connector(aiohttp.BaseConnector):
        async def _create_connection(self, req, traces, timeout):
            protocol, transport = ResponseHandler(loop), Transport()
            transport.protocol = protocol
            protocol.connection_made(transport)
            return protocol

    async with aiohttp.ClientSession(connector=Connector()) as session:
        async with session.get("http://example.org/path") as response:
            assert await response.text() == "hi"
            assert type(response._stream_writer) in (StreamWriter, type(None))
    assert written[0].startswith(b"GET /path HTTP/1.1\r\nHost: example.org\r\n"), written
