"""Options that fetch does not have are rejected, or warned about, by name."""

import os
import socket
import warnings

import aiohttp
from aiohttp import TCPConnector
from answers import arrived
from checks import check, raises


class Resolver(aiohttp.abc.AbstractResolver):
    async def resolve(self, host, port=0, family=socket.AF_INET):
        raise OSError("never asked")

    async def close(self):
        pass


async def warned(make):
    """The warnings of calling `make`, and of awaiting its result."""
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        result = make()
        if hasattr(result, "__await__"):
            result = await result
    return [str(each.message) for each in caught], result


@check("connectors that would send elsewhere or trust otherwise are refused by name", needs="emscripten")
async def _(server):
    fingerprint = aiohttp.Fingerprint(bytes(32))
    cases = [
        ("local_addr", lambda: TCPConnector(local_addr=("127.0.0.2", 0))),
        ("resolver", lambda: TCPConnector(resolver=Resolver())),
        ("socket_factory", lambda: TCPConnector(socket_factory=socket.socket)),
        ("UnixConnector", lambda: aiohttp.UnixConnector("/socket")),
        ("NamedPipeConnector", lambda: aiohttp.NamedPipeConnector(r"\\.\pipe\x")),
    ]
    for name, make in cases:
        with raises(NotImplementedError) as caught:
            make()
        assert name in str(caught.error)

    class ThroughProxy(TCPConnector):
        async def _wrap_create_connection(self, *arguments, **options):
            raise AssertionError("never called")

    with raises(NotImplementedError) as caught:
        ThroughProxy()
    assert "ThroughProxy._wrap_create_connection" in str(caught.error)
    # Without ssl, upstream itself rejects everything but True and False.
    with raises(NotImplementedError, TypeError) as caught:
        TCPConnector(ssl=fingerprint)
    assert "ssl" in str(caught.error)


@check("connectors whose options only fall away warn by name", needs="emscripten")
async def _(server):
    cases = [
        ("family", {"family": socket.AF_INET}),
        ("ssl=False", {"ssl": False}),
        ("force_close", {"force_close": True}),
        ("keepalive_timeout", {"keepalive_timeout": 5}),
        ("use_dns_cache", {"use_dns_cache": False}),
        ("ttl_dns_cache", {"ttl_dns_cache": None}),
        ("happy_eyeballs_delay", {"happy_eyeballs_delay": None}),
        ("interleave", {"interleave": 1}),
    ]
    for name, options in cases:
        told, connector = await warned(lambda options=options: TCPConnector(**options))
        assert [name in each for each in told] == [True], (name, told)
        await connector.close()
    told, connector = await warned(
        lambda: TCPConnector(limit=10, limit_per_host=2, family=0, ssl=True, local_addr=None, resolver=None)
    )
    assert told == [], told
    await connector.close()


@check("requests that fetch cannot send as they are meant are refused by name", needs="emscripten")
async def _(server):
    async with aiohttp.ClientSession() as session:
        url = f"{server.origin}/echo"
        cases = [
            ("proxy", lambda: session.get(url, proxy="http://127.0.0.1:1")),
            ("server_hostname", lambda: session.get(url, server_hostname="example.org")),
            ("TRACE", lambda: session.request("TRACE", url)),
            ("CONNECT", lambda: session.request("CONNECT", url)),
            ("a body with GET", lambda: session.get(url, data=b"body")),
            ("a body with HEAD", lambda: session.head(url, json={})),
        ]
        for name, make in cases:
            with raises(NotImplementedError) as caught:
                await make()
            assert name in str(caught.error), name
        async with session.get(url, data=b"") as response:
            assert (await arrived(response))[3] == b""


@check("proxies of the environment are refused", needs="emscripten")
async def _(server):
    os.environ["http_proxy"] = "http://127.0.0.1:1"
    try:
        async with aiohttp.ClientSession(trust_env=True) as session:
            with raises(NotImplementedError) as caught:
                await session.get(f"{server.origin}/echo")
            assert "proxy" in str(caught.error)
        async with aiohttp.ClientSession() as session:
            async with session.get(f"{server.origin}/echo") as response:
                assert response.status == 200
    finally:
        del os.environ["http_proxy"]


@check("requests whose options only fall away warn by name", needs="emscripten")
async def _(server):
    version = aiohttp.HttpVersion10
    async with aiohttp.ClientSession() as session, aiohttp.ClientSession(version=version) as old:
        url = f"{server.origin}/echo"
        cases = [
            ("ssl=False", lambda: session.get(url, ssl=False)),
            ("version", lambda: old.get(url, headers={"Connection": "keep-alive"})),
            ("expect100", lambda: session.post(url, data=b"x", expect100=True)),
            ("read_until_eof", lambda: session.get(url, read_until_eof=False)),
            ("User-Agent", lambda: session.get(url, skip_auto_headers=["User-Agent"])),
            ("auto_decompress", lambda: session.get(f"{server.origin}/encoded/gzip", auto_decompress=False)),
            ("Host: other.example", lambda: session.get(url, headers={"Host": "other.example"})),
            ("Connection: close", lambda: session.get(url, headers={"Connection": "close"})),
            ("TE: trailers", lambda: session.get(url, headers={"TE": "trailers"})),
        ]
        for name, make in cases:
            told, response = await warned(make)
            assert [name in each for each in told] == [True], (name, told)
            assert response.status == 200
            await response.read()
        told, response = await warned(lambda: session.post(url, data=b"x", skip_auto_headers=["Content-Type"]))
        assert told == [] and "content-type" not in (await arrived(response))[2], told


@check("a limit for connecting that is lost is warned of by name, once", needs="emscripten")
async def _(server):
    from aiohttp._fetch.shared import warning

    async def get(timeout):
        async with aiohttp.ClientSession(timeout=timeout) as session:
            for _ in range(2):
                await (await session.get(f"{server.origin}/bytes/1")).read()

    for name in ("connect", "sock_connect"):
        for total in (None, 9):
            timeout = aiohttp.ClientTimeout(total=total, **{name: 3})
            warning._told.clear()
            told, _ = await warned(lambda timeout=timeout: get(timeout))
            assert [f" {name}=3" in each for each in told] == [True], told
            told, _ = await warned(lambda timeout=timeout: get(timeout))
            assert told == [], told
    warning._told.clear()
    for timeout in (aiohttp.ClientTimeout(), aiohttp.ClientTimeout(total=2, sock_connect=3)):
        told, _ = await warned(lambda timeout=timeout: get(timeout))
        assert told == [], told


@check("a warning points at the line that asked for it", needs="emscripten")
async def _(server):
    async with aiohttp.ClientSession() as session:
        with warnings.catch_warnings(record=True) as caught:
            warnings.simplefilter("always")
            (await session.get(f"{server.origin}/echo", ssl=False)).release()
            await TCPConnector(ssl=False).close()
        assert [os.path.basename(each.filename) for each in caught] == ["checks_options.py"] * 2, caught


@check("what falls away by default does so in silence", needs="emscripten")
async def _(server):
    async def plain():
        async with aiohttp.ClientSession() as session:
            async with session.post(f"{server.origin}/echo", json={}) as response:
                return await response.read()

    assert (await warned(plain))[0] == []
