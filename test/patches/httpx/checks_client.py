"""The client's own logic: authentication, defaults and hooks."""

import httpx
from answers import arrived
from checks import check, raises


@check("basic and digest authentication, also from the URL")
async def _(server):
    async with httpx.AsyncClient() as client:
        basic = f"{server.origin}/basic-auth"
        assert (await client.get(basic)).status_code == 401
        assert (await client.get(basic, auth=("ada", "lovelace"))).text == "welcome"
        assert (await client.get(basic.replace("http://", "http://ada:lovelace@"))).text == "welcome"
        digest = await client.get(f"{server.origin}/digest-auth", auth=httpx.DigestAuth("ada", "lovelace"))
        assert digest.text == "welcome" and len(digest.history) == 1
        # A body that is sent as a stream is sent again all the same.
        large = await client.put(
            f"{server.origin}/digest-auth", content=bytes(200_000), auth=httpx.DigestAuth("ada", "lovelace")
        )
        assert large.text == "welcome" and len(large.history) == 1


@check("base URL, default headers and params, event hooks, raise_for_status")
async def _(server):
    events = []

    async def on_request(request):
        request.headers["X-Hook"] = "hooked"
        events.append(request.method)

    async def on_response(response):
        await response.aread()
        events.append(response.status_code)

    async with httpx.AsyncClient(
        base_url=f"{server.origin}/base/",
        headers={"X-Default": "d"},
        params={"key": "k"},
        cookies={"mine": "yes"},
        event_hooks={"request": [on_request], "response": [on_response]},
    ) as client:
        method, url, headers, _ = arrived(await client.get("echo", params={"own": "o"}))
        assert (method, url) == ("GET", "/base/echo?key=k&own=o")
        assert (headers["x-default"], headers["x-hook"], headers["cookie"]) == ("d", "hooked", "mine=yes")
        response = await client.get(f"{server.origin}/status/503")
        with raises(httpx.HTTPStatusError) as caught:
            response.raise_for_status()
        assert caught.error.response.text == "status 503"
        assert events == ["GET", 200, "GET", 503]
        assert response.elapsed.total_seconds() > 0
