"""What a session does itself, with any connector."""

import aiohttp
from answers import arrived
from checks import check, raises
from yarl import URL


async def status(session, url, **options):
    async with session.get(url, **options) as response:
        return response.status


@check("aiohttp 10: basic authentication by header, argument, session and URL")
async def _(server):
    auth = aiohttp.BasicAuth("ada", "lovelace")
    url = f"{server.origin}/basic-auth"
    header = {"Authorization": aiohttp.encode_basic_auth("ada", "lovelace")}
    in_url = url.replace("://", "://ada:lovelace@")
    async with aiohttp.ClientSession() as session:
        assert await status(session, url) == 401
        for where, options in ((url, {"headers": header}), (url, {"auth": auth}), (in_url, {})):
            async with session.get(where, **options) as response:
                assert (response.status, await response.text()) == (200, "welcome"), where
    async with aiohttp.ClientSession(auth=auth) as session:
        assert await status(session, url) == 200


@check("aiohttp 10: digest authentication answers the challenge")
async def _(server):
    digest = aiohttp.DigestAuthMiddleware("ada", "lovelace")
    async with aiohttp.ClientSession(middlewares=(digest,)) as session:
        for _ in range(2):
            async with session.get(f"{server.origin}/digest-auth") as response:
                assert (response.status, await response.text()) == (200, "welcome")


@check("aiohttp 10: raise_for_status of the session, of the request and as a function")
async def _(server):
    async with aiohttp.ClientSession(raise_for_status=True) as session:
        with raises(aiohttp.ClientResponseError) as caught:
            await session.get(f"{server.origin}/status/404")
        error = caught.error
        assert (error.status, error.message, error.headers["x-route"]) == (404, "Not Found", "status")
        assert error.request_info.url == URL(f"{server.origin}/status/404")
        assert await status(session, f"{server.origin}/status/500", raise_for_status=False) == 500
    async with aiohttp.ClientSession() as session:
        seen = []

        async def look(response):
            seen.append(response.status)

        await status(session, f"{server.origin}/status/418", raise_for_status=look)
        assert seen == [418]


@check("aiohttp 10: base URL, default headers and parameters")
async def _(server):
    headers = {"X-Default": "yes"}
    async with aiohttp.ClientSession(f"{server.origin}/base/", headers=headers) as session:
        async with session.get("path", params={"a": 1}, headers={"X-Own": "too"}) as response:
            _, url, received, _ = await arrived(response)
        assert url == "/base/path?a=1" and (received["x-default"], received["x-own"]) == ("yes", "too")
        async with session.get(f"{server.other}/absolute") as response:
            assert (await arrived(response))[1] == "/absolute"


@check("aiohttp 10: middlewares see the request and the response, and may send again")
async def _(server):
    seen = []

    async def retry(request, handler):
        for _ in range(3):
            request.headers["X-Attempt"] = str(len(seen))
            response = await handler(request)
            seen.append(response.status)
            if len(seen) < 3:
                response.release()
        return response

    async with aiohttp.ClientSession(middlewares=(retry,)) as session:
        async with session.post(f"{server.origin}/echo", data=b"again") as response:
            _, _, headers, body = await arrived(response)
        assert seen == [200, 200, 200] and headers["x-attempt"] == "2" and body == b"again"
