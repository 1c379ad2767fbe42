"""Responses of the test server, as httpx returns them."""

import base64

PLAIN = "Grüße, plain text. " * 200


def arrived(response):
    """The request as it arrived at /echo: method, url, headers (names in lower case), body."""
    record = response.json()
    headers = {name.lower(): value for name, value in record["headers"]}
    return record["method"], record["url"], headers, base64.b64decode(record["body"])
