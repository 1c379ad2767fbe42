"""Encoded and empty bodies."""

import sys

import httpx
from answers import PLAIN
from checks import check


@check("gzip, deflate and br bodies are decoded once")
async def _(server):
    async with httpx.AsyncClient() as client:
        codings = ["gzip", "deflate", "gzip?chunked"]
        codings += ["br"] if sys.platform == "emscripten" else []  # Upstream needs a package for it.
        for coding in codings:
            response = await client.get(f"{server.origin}/encoded/{coding}")
            assert response.text == PLAIN, coding
            assert response.headers["content-type"] == "text/plain; charset=utf-8"


@check("a body that fetch has decoded carries no header that no longer holds", needs="emscripten node")
async def _(server):
    async with httpx.AsyncClient() as client:
        for coding in ("gzip", "deflate", "br", "zstd", "gzip+deflate"):
            response = await client.get(f"{server.origin}/encoded/{coding.replace('+', '%2B')}")
            assert response.text == PLAIN, coding
            stale = {"content-encoding", "content-length", "transfer-encoding"} & set(response.headers)
            assert not stale, (coding, stale)
        response = await client.get(f"{server.origin}/bytes/10")
        assert response.headers["content-length"] == "10"
        response = await client.head(f"{server.origin}/encoded/gzip")
        assert response.headers["content-encoding"] == "gzip" and response.content == b""
