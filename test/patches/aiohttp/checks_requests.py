"""Addresses and headers that are sent as they are, or not at all."""

import aiohttp
from answers import arrived
from checks import check, raises
from yarl import URL


@check("a URL that says it is encoded arrives as it is")
async def _(server):
    async with aiohttp.ClientSession() as session:
        paths = ("/a//b/", "/a;p=1/@:!$&()*+,=~", "/%2F%25%41", "/?a=b?c/d", "/%C3%BC?%20", "/x%7Ey?a=%2C&b=,")
        for path in paths:
            async with session.get(URL(server.origin + path, encoded=True)) as response:
                assert (await arrived(response))[1] == path, await response.text()
        for path in ("/a/../b/./c", "/ü/é?ö=ß", "/a b"):
            async with session.get(server.origin + path) as response:
                assert (await arrived(response))[1] == URL(server.origin + path).raw_path_qs, await response.text()


@check("a path that fetch would change is refused", needs="emscripten")
async def _(server):
    async with aiohttp.ClientSession() as session:
        for path in ("/a/../b", "/a/./b", "/a/%2e%2E/b", "/.."):
            with raises(aiohttp.InvalidUrlClientError) as caught:
                await session.get(URL(server.origin + path, encoded=True))
            assert "dots" in str(caught.error)
        # fetch would turn a backslash into a slash.
        async with session.get(URL(rf"{server.origin}/a\b", encoded=True)) as response:
            assert (await arrived(response))[1] == "/a%5Cb", await response.text()


@check("a header that breaks out of its line is refused")
async def _(server):
    async with aiohttp.ClientSession() as session:
        for name, value in (("X-A", "b\r\nX-C: d"), ("X-A\r\nX-C", "d"), ("X-A", "b\nX-C: d")):
            with raises(ValueError):
                await session.get(server.origin, headers={name: value})
