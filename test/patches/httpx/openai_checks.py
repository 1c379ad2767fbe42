"""The openai package, whose clients send everything through httpx, against a fake of the service."""

import importlib
import importlib.util
import sys
import warnings

from checks import check, raises

# openai sets a limit for connecting, about which httpx warns once, as in checks_options.
warnings.filterwarnings("ignore", "httpx on fetch cannot honour the timeout connect")

if sys.platform == "emscripten":
    # pydantic 2 and jiter have no pure wheels. openai also works with pydantic 1, which pydantic 2 includes in pure
    # Python. It uses one function of jiter, which is close to one of the standard library.
    import json
    import types

    pydantic = types.ModuleType("pydantic")
    pydantic.__path__ = importlib.util.find_spec("pydantic").submodule_search_locations
    sys.modules["pydantic"] = pydantic
    one = importlib.import_module("pydantic.v1")
    for name in ("fields", "typing", "datetime_parse", "generics", "main", "errors", "types", "utils", "json", "schema"):
        sys.modules[f"pydantic.{name}"] = importlib.import_module(f"pydantic.v1.{name}")
        setattr(pydantic, name, sys.modules[f"pydantic.{name}"])
    for name in one.__all__:
        setattr(pydantic, name, getattr(one, name))
    pydantic.VERSION = pydantic.__version__ = one.VERSION
    jiter = sys.modules["jiter"] = types.ModuleType("jiter")
    jiter.from_json = lambda data, **options: json.loads(data)
    # anyio.sleep imports ssl, which is a native package of its own, without using it.
    ssl = sys.modules["ssl"] = types.ModuleType("ssl")
    ssl.SSLContext = object

import openai  # noqa: E402

QUESTION = [{"role": "user", "content": "Wer da?"}]


def client_of(server, kind=openai.AsyncOpenAI, **options):
    return kind(base_url=f"{server.origin}/v1", api_key="test-key", **options)


@check("openai answers whole, retries and raises its own errors")
async def _(server):
    async with client_of(server) as client:
        answer = await client.chat.completions.create(model="m", messages=QUESTION)
        assert answer.choices[0].message.content == "Grüße" and answer._request_id == "req-1"
        answer = await client.chat.completions.create(model="flaky", messages=QUESTION, user=server.key())
        assert answer.choices[0].message.content == "Grüße"
        with raises(openai.AuthenticationError) as caught:
            await client.with_options(api_key="wrong").chat.completions.create(model="m", messages=QUESTION)
        assert caught.error.code == "invalid_api_key" and caught.error.status_code == 401
    async with client_of(server, max_retries=0) as client:
        with raises(openai.APITimeoutError):
            await client.with_options(base_url=server.origin, timeout=0.2).post("/never", cast_to=object, body={})
        with raises(openai.APIConnectionError):
            await client.with_options(base_url=server.closed).post("/", cast_to=object, body={})


@check("openai streams server-sent events as they come")
async def _(server):
    async with client_of(server) as client:
        key = server.key()
        stream = await client.chat.completions.create(model="m", messages=QUESTION, stream=True, user=key)
        words = []
        async for event in stream:
            words.append(event.choices[0].delta.content)
            if len(words) == 1:
                # The service continues only now.
                await client._client.get(f"{server.origin}/open/{key}")
        assert words == ["Grü", "ße", " aus", " dem", " Strom"]


@check("openai's synchronous client streams too", needs="sync")
def _(server):
    with client_of(server, openai.OpenAI) as client:
        assert client.chat.completions.create(model="m", messages=QUESTION).choices[0].message.content == "Grüße"
        key = server.key()
        words = []
        for event in client.chat.completions.create(model="m", messages=QUESTION, stream=True, user=key):
            words.append(event.choices[0].delta.content)
            if len(words) == 1:
                client._client.get(f"{server.origin}/open/{key}")
        assert "".join(words) == "Grüße aus dem Strom"
