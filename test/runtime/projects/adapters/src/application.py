"""An ASGI and a WSGI application with what servers are tested by, and no framework."""

import asyncio
import hashlib
import json
from wsgiref.validate import validator

from pyodide.ffi import run_sync

disconnects = []


async def answer(send, text):
    await send({"type": "http.response.start", "status": 200, "headers": []})
    await send({"type": "http.response.body", "body": text.encode()})


async def digest(scope, receive, send):
    """Of the request's body, read part by part."""
    seen, parts, size = hashlib.sha256(), 0, 0
    while True:
        event = await receive()
        seen.update(event["body"])
        size += len(event["body"])
        parts += bool(event["body"])
        if not event["more_body"]:
            break
    await answer(send, json.dumps({"sha256": seen.hexdigest(), "size": size, "parts": parts}))


async def many(scope, receive, send):
    """As many megabytes as the path says."""
    await send({"type": "http.response.start", "status": 200, "headers": []})
    for _ in range(int(scope["path"].split("/")[2])):
        await send({"type": "http.response.body", "body": bytes(1 << 20), "more_body": True})
    await send({"type": "http.response.body", "body": b""})


async def both(scope, receive, send):
    """Says each part again as it comes."""
    await send({"type": "http.response.start", "status": 200, "headers": []})
    more = True
    while more:
        event = await receive()
        more = event["more_body"]
        await send({"type": "http.response.body", "body": event["body"].upper(), "more_body": more})


async def endless(scope, receive, send):
    await send({"type": "http.response.start", "status": 200, "headers": []})
    try:
        while True:
            await send({"type": "http.response.body", "body": b"x" * 65536, "more_body": True})
    except OSError as error:
        disconnects.append(str(error))
        raise


async def seen(scope, receive, send):
    await answer(send, json.dumps(disconnects))


async def waiting(scope, receive, send):
    """Half of these wait on a switched stack, the others as coroutines; each with the number that it was given."""
    number = int(scope["path"].split("/")[2])
    if number % 2:
        run_sync(asyncio.sleep(0.001 * (number % 5)))
    else:
        await asyncio.sleep(0.001 * (number % 5))
    await answer(send, str(number))


async def threads(scope, receive, send):
    loop = asyncio.get_running_loop()
    first = await asyncio.to_thread(lambda: "to_thread")
    second = await loop.run_in_executor(None, lambda: "run_in_executor")
    await answer(send, f"{first} {second}")


ROUTES = {
    function.__name__: function for function in (digest, many, both, endless, seen, waiting, threads)
}


#: What no close frame can say, by the path.
ENDS = {"code": {"code": 1015}, "number": {"code": 99}, "reason": {"reason": "ü" * 62}}


async def app(scope, receive, send):
    path = scope["path"].split("/")[1]
    if scope["type"] == "websocket":
        await receive()
        await send({"type": "websocket.accept"})
        await send({"type": "websocket.close", **ENDS[path]})
    elif scope["type"] == "http":
        await ROUTES[path](scope, receive, send)
    else:
        raise NotImplementedError(scope["type"])


@validator
def wsgi_app(environ, start_response):
    path = environ["PATH_INFO"]
    if path == "/wsgi/error":
        raise ValueError("in WSGI")
    if path in WSGI_PARTS:
        start_response("200 OK", [("Content-Type", "text/plain"), ("X-Utf-8", "é".encode().decode("latin-1"))])
        return WSGI_PARTS[path]()
    body = environ["wsgi.input"].read(-1)
    names = ("QUERY_STRING", "REQUEST_METHOD", "SERVER_NAME", "SERVER_PORT", "REMOTE_ADDR", "CONTENT_TYPE", "HTTP_X_ONE")
    shown = {name: environ.get(name) for name in (*names, "CONTENT_LENGTH", "wsgi.input_terminated")}
    shown["path"] = path.encode("latin-1").decode()
    shown["body"] = body.decode()
    start_response("201 Made", [("Content-Type", "application/json"), ("Set-Cookie", "a=1"), ("Set-Cookie", "b=2")])
    return [json.dumps(shown).encode()]


class Endless:
    """Parts without an end, until it is closed."""

    def __iter__(self):
        return self

    def __next__(self):
        return b"x" * 65536

    def close(self):
        disconnects.append("WSGI was closed")


def failing_parts():
    yield b"begun"
    raise ValueError("in the middle of WSGI")


WSGI_PARTS = {"/wsgi/endless": Endless, "/wsgi/failing": failing_parts, "/wsgi/parts": lambda: iter([b"", b"a", b"b"])}
