"""respx, whose mocks replace the methods of httpcore's pools, unless they are told otherwise."""

import httpcore
import httpx
import respx
from checks import check, raises

URL = "http://mocked.example/path?q=1"


def answer(request):
    return httpx.Response(201, json={"method": request.method, "body": request.content.decode()})


@check("respx answers asynchronous requests")
async def _(server):
    async def produce():
        yield b"in "
        yield b"pieces"

    with respx.mock as mock:
        route = mock.route(url=URL).mock(side_effect=answer)
        async with httpx.AsyncClient() as client:
            response = await client.get(URL)
            assert (response.status_code, response.json()) == (201, {"method": "GET", "body": ""})
            for content in (b"in pieces", produce()):
                response = await client.post(URL, content=content)
                assert response.json() == {"method": "POST", "body": "in pieces"}
        assert route.call_count == 3


@check("respx answers synchronous requests")
def _(server):
    with respx.mock as mock:
        mock.route(url=URL).mock(side_effect=answer)
        assert httpx.post(URL, content=iter([b"a", b"b"])).json() == {"method": "POST", "body": "ab"}


@check("what respx lets pass goes to the server, with its body")
async def _(server):
    async def produce():
        yield b"in "
        yield b"pieces"

    with respx.mock as mock:
        mock.route(url=URL).mock(side_effect=answer)
        mock.route(host="127.0.0.1").pass_through()
        async with httpx.AsyncClient() as client:
            assert (await client.get(f"{server.origin}/bytes/3")).content == b"xxx"
            for content in (b"whole", produce()):
                response = await client.post(f"{server.origin}/redirect/0", content=content)
                assert response.json()["body"] in ("whole", "in pieces")
            assert (await client.get(URL)).status_code == 201


@check("what respx lets pass goes to the server, from synchronous code", needs="sync")
def _(server):
    with respx.mock as mock:
        mock.route(host="127.0.0.1").pass_through()
        assert httpx.get(f"{server.origin}/bytes/3").content == b"xxx"


@check("errors of respx's mocks are httpx's, and what nobody mocked is refused")
async def _(server):
    with respx.mock as mock:
        mock.get(URL).mock(side_effect=[httpx.ConnectError, httpcore.ReadTimeout("too late")])
        async with httpx.AsyncClient() as client:
            with raises(httpx.ConnectError) as caught:
                await client.get(URL)
            assert str(caught.error.request.url) == URL
            with raises(httpx.ReadTimeout) as caught:
                await client.get(URL)
            assert str(caught.error) == "too late"
            with raises(respx.models.AllMockedAssertionError):
                await client.get(f"{server.origin}/bytes/1")


@check("respx mocks httpx itself if it is told so, and nothing stays mocked")
async def _(server):
    async with httpx.AsyncClient() as client:
        with respx.mock(using="httpx") as mock:
            mock.route(url=URL).mock(side_effect=answer)
            assert (await client.get(URL)).status_code == 201
        assert (await client.get(f"{server.origin}/bytes/1")).content == b"x"
