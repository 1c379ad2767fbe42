"""Cookies and redirects, which the client handles."""

import httpx
from answers import arrived
from checks import check, raises


@check("httpx 2: several Set-Cookie arrive as several, fill the jar and go back out")
async def _(server):
    async with httpx.AsyncClient() as client:
        response = await client.get(f"{server.origin}/set-cookies")
        assert len(response.headers.get_list("set-cookie")) == 3, response.headers
        assert "Wed, 21 Oct 2037" in response.headers.get_list("set-cookie")[1]
        assert dict(client.cookies)["second"] == "two words", client.cookies
        assert set(response.cookies) == {"first", "second", "third"}
        sent = arrived(await client.get(f"{server.origin}/echo"))[2]["cookie"]
        assert sorted(sent.split("; ")) == ["first=1", "second=two words", 'third="3"'], sent


@check("httpx 3: redirects that are not followed are returned with their Location")
async def _(server):
    async with httpx.AsyncClient() as client:
        for status in (301, 302, 303, 307, 308):
            response = await client.get(f"{server.origin}/redirect-to?status={status}&to=/echo")
            assert response.status_code == status and response.headers["location"] == "/echo"
            assert response.next_request.url == f"{server.origin}/echo"
            assert response.text == "elsewhere"


@check("httpx 3: followed redirects fill the history, and their cookies the jar")
async def _(server):
    async with httpx.AsyncClient(follow_redirects=True) as client:
        response = await client.get(f"{server.origin}/redirect/3")
        assert [each.status_code for each in response.history] == [302, 302, 302]
        assert response.history[0].text == "to 2"
        assert response.url == f"{server.origin}/redirect/0"
        assert dict(client.cookies) == {"hop3": "3", "hop2": "2", "hop1": "1"}
        response = await client.post(f"{server.origin}/redirect/1", content=b"body")
        assert response.json() == {"method": "GET", "body": ""}
        to = f"{server.origin}/redirect-to?status=307&to=/redirect/0"
        assert (await client.post(to, content=b"body")).json() == {"method": "POST", "body": "body"}


@check("httpx 3: too many redirects raise TooManyRedirects")
async def _(server):
    async with httpx.AsyncClient(follow_redirects=True, max_redirects=4) as client:
        with raises(httpx.TooManyRedirects) as caught:
            await client.get(f"{server.origin}/redirect/loop")
        assert caught.error.request.url == f"{server.origin}/redirect/loop"


@check("httpx 3: a redirect to another origin drops Authorization")
async def _(server):
    async with httpx.AsyncClient(follow_redirects=True, auth=("ada", "lovelace")) as client:
        headers = arrived(await client.get(f"{server.origin}/redirect-to?to=/echo"))[2]
        assert "authorization" in headers
        headers = arrived(await client.get(f"{server.origin}/redirect-to?to={server.other}/echo"))[2]
        assert "authorization" not in headers
