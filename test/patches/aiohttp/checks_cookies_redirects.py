"""Cookies and redirects, which the session handles."""

import aiohttp
from answers import arrived
from checks import check, raises
from yarl import URL


@check("aiohttp 2: several Set-Cookie arrive as several, fill the jar and go back out")
async def _(server):
    async with aiohttp.ClientSession(cookie_jar=aiohttp.CookieJar(unsafe=True)) as session:
        async with session.get(f"{server.origin}/set-cookies") as response:
            received = response.headers.getall("Set-Cookie")
            assert len(received) == 3 and "Wed, 21 Oct 2037" in received[1], response.headers
            raw = [value for name, value in response.raw_headers if name.lower() == b"set-cookie"]
            assert [value.decode() for value in raw] == received
            assert set(response.cookies) == {"first", "second", "third"}
            assert response.cookies["first"].value == "1" and response.cookies["third"].value == "3"
        kept = session.cookie_jar.filter_cookies(URL(server.origin))
        assert kept["first"].value == "1" and kept["second"].value == "two", kept
        async with session.get(f"{server.origin}/echo") as response:
            sent = (await arrived(response))[2]["cookie"]
        assert sorted(sent.split("; ")) == ["first=1", "second=two", 'third="3"'], sent


@check("aiohttp 2: cookies of the session and of the request are sent together")
async def _(server):
    jar = aiohttp.CookieJar(unsafe=True)
    async with aiohttp.ClientSession(cookies={"session": "1"}, cookie_jar=jar) as session:
        async with session.get(f"{server.origin}/echo", cookies={"request": "2"}) as response:
            sent = (await arrived(response))[2]["cookie"]
        assert sorted(sent.split("; ")) == ["request=2", "session=1"], sent


@check("aiohttp 3: redirects that are not followed are returned with their Location")
async def _(server):
    async with aiohttp.ClientSession() as session:
        for status in (301, 302, 303, 307, 308):
            url = f"{server.origin}/redirect-to?status={status}&to=/echo"
            async with session.get(url, allow_redirects=False) as response:
                assert response.status == status and response.headers["location"] == "/echo"
                assert response.history == () and await response.text() == "elsewhere"


@check("aiohttp 3: followed redirects fill the history, and their cookies the jar")
async def _(server):
    async with aiohttp.ClientSession(cookie_jar=aiohttp.CookieJar(unsafe=True)) as session:
        async with session.get(f"{server.origin}/redirect/3") as response:
            assert [each.status for each in response.history] == [302, 302, 302]
            assert response.url == URL(f"{server.origin}/redirect/0")
            assert [each.url.path for each in response.history] == ["/redirect/3", "/redirect/2", "/redirect/1"]
        kept = session.cookie_jar.filter_cookies(URL(server.origin))
        assert {name: morsel.value for name, morsel in kept.items()} == {"hop3": "3", "hop2": "2", "hop1": "1"}
        async with session.post(f"{server.origin}/redirect/1", data=b"body") as response:
            assert await response.json() == {"method": "GET", "body": ""}
        to = f"{server.origin}/redirect-to?status=307&to=/redirect/0"
        async with session.post(to, data=b"body") as response:
            assert await response.json() == {"method": "POST", "body": "body"}


@check("aiohttp 3: too many redirects raise TooManyRedirects")
async def _(server):
    async with aiohttp.ClientSession() as session:
        with raises(aiohttp.TooManyRedirects) as caught:
            await session.get(f"{server.origin}/redirect/loop", max_redirects=4)
        assert caught.error.request_info.url == URL(f"{server.origin}/redirect/loop")
        assert len(caught.error.history) == 4


@check("aiohttp 3: a redirect to another origin drops Authorization and Cookie")
async def _(server):
    sent = {"Authorization": aiohttp.encode_basic_auth("ada", "lovelace"), "Cookie": "a=1", "X-Kept": "yes"}
    async with aiohttp.ClientSession() as session:
        for to, dropped in (("/echo", False), (f"{server.other}/echo", True)):
            async with session.get(f"{server.origin}/redirect-to?to={to}", headers=sent) as response:
                headers = (await arrived(response))[2]
            assert ("authorization" not in headers, "cookie" not in headers) == (dropped, dropped), headers
            assert headers["x-kept"] == "yes"


@check("aiohttp 3: a redirect to what is not HTTP raises NonHttpUrlRedirectClientError")
async def _(server):
    async with aiohttp.ClientSession() as session:
        with raises(aiohttp.NonHttpUrlRedirectClientError):
            await session.get(f"{server.origin}/redirect-to?to=data:text/plain,x")
