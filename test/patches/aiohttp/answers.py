"""Responses of the test server, as aiohttp returns them."""

import base64

PLAIN = "Grüße, plain text. " * 200


async def arrived(response):
    """The request as it arrived at /echo: method, url, headers (names in lower case), body."""
    record = await response.json()
    headers = {name.lower(): value for name, value in record["headers"]}
    return record["method"], record["url"], headers, base64.b64decode(record["body"])
