"""
An ASGI application that does what each request asks of it, as a list of steps in JSON in the header `x-steps`. It says
what it saw by a step `answer`, or later, at `/log/NAME`, to the request that asks for it. Any server of ASGI runs it.
"""

import asyncio
import json

lifespans = []
logs = {}


async def app(scope, receive, send):
    if scope["type"] == "lifespan":
        await lifespan(scope, receive, send)
        return
    if scope["path"].startswith("/log/"):
        await answer(send, logs.get(scope["path"].removeprefix("/log/")))
        return
    headers = dict(scope["headers"])
    seen = []
    try:
        for step, *values in json.loads(headers[b"x-steps"]):
            await STEPS[step](seen, scope, receive, send, *values)
    finally:
        logs[headers[b"x-name"].decode()] = seen


async def lifespan(scope, receive, send):
    lifespans.append({key: value for key, value in scope.items() if key != "state"})
    lifespans[-1]["event"] = await receive()
    scope["state"].update(number=1, shared=[])
    await send({"type": "lifespan.startup.complete"})
    await receive()
    await send({"type": "lifespan.shutdown.complete"})


async def answer(send, value):
    body = json.dumps(shown(value)).encode()
    await send({"type": "http.response.start", "status": 200, "headers": [(b"content-type", b"application/json")]})
    await send({"type": "http.response.body", "body": body})


def shown(value):
    """With each byte as a character, after a mark; what is None may as well be missing."""
    if isinstance(value, bytes):
        return "b:" + value.decode("latin-1")
    if isinstance(value, dict):
        return {key: shown(one) for key, one in value.items() if one is not None}
    return [shown(one) for one in value] if isinstance(value, (list, tuple)) else value


def meant(value):
    if isinstance(value, str) and value[:2] == "b:":
        return value[2:].encode("latin-1")
    if isinstance(value, dict):
        return {key: meant(one) for key, one in value.items()}
    return [meant(one) for one in value] if isinstance(value, list) else value


async def step_answer(seen, scope, receive, send):
    await answer(send, seen)


async def step_scope(seen, scope, receive, send, *keys):
    seen.extend(scope.get(key, "missing") for key in keys)


async def step_keys(seen, scope, receive, send):
    seen.append(sorted(key for key in scope if key != "env"))


async def step_types(seen, scope, receive, send):
    seen.append({key: type(value).__name__ for key, value in scope.items() if key != "env"})
    seen.append(sorted({type(part).__name__ for pair in scope["headers"] for part in pair}))


async def step_header(seen, scope, receive, send, name):
    seen.append([value for key, value in scope["headers"] if key == name.encode()])


async def step_state(seen, scope, receive, send):
    seen.append(scope["state"].copy())
    scope["state"]["mine"] = True


async def step_lifespans(seen, scope, receive, send):
    seen.extend(lifespans)


async def step_receive(seen, scope, receive, send, times=1):
    for _ in range(times):
        seen.append(await receive())


async def step_body(seen, scope, receive, send):
    """Its sum, its length, how many parts had content, and what came last."""
    total, length, parts, more = 0, 0, 0, True
    while more:
        event = await receive()
        more = event.get("more_body", False)
        body = event.get("body", b"")
        total, length, parts = total + sum(body), length + len(body), parts + bool(body)
    seen.append([total, length, parts, event["type"]])


async def step_send(seen, scope, receive, send, *messages):
    for message in messages:
        await send(meant(message))


async def step_many(seen, scope, receive, send, message, times):
    for _ in range(times):
        await send(meant(message))


async def step_large(seen, scope, receive, send, message, key, size):
    await send({**message, key: b"x" * size if key in ("body", "bytes") else "x" * size})


async def step_buffer(seen, scope, receive, send, kind):
    body = {"bytearray": bytearray, "memoryview": memoryview}[kind](b"content")
    await send({"type": "http.response.body", "body": body})


async def step_lazy(seen, scope, receive, send):
    headers = ((name, b"1") for name in (b"x-a", b"x-b"))
    await send({"type": "http.response.start", "status": 200, "headers": headers})


async def step_try(seen, scope, receive, send, message):
    try:
        await send(meant(message))
        seen.append("sent")
    except Exception as error:
        seen.append(next(kind.__name__ for kind in type(error).__mro__ if kind.__module__ == "builtins"))


async def step_until_gone(seen, scope, receive, send, message):
    """Sends until that fails, so that the client has to have left."""
    try:
        while True:
            await send(meant(message))
            await asyncio.sleep(0.01)
    except Exception as error:
        seen.append(isinstance(error, OSError))


async def step_echo(seen, scope, receive, send):
    """Says each message of a WebSocket again, until it is closed."""
    while (event := await receive())["type"] == "websocket.receive":
        seen.append(event)
        await send({**event, "type": "websocket.send"})
    seen.append(event)


async def step_together(seen, scope, receive, send):
    """Accepts a WebSocket while another task waits for a message."""
    await receive()
    task = asyncio.ensure_future(receive())
    await asyncio.sleep(0)
    await send({"type": "websocket.accept"})
    seen.append(await task)


async def step_raise(seen, scope, receive, send):
    raise ValueError("as asked")


STEPS = {name.removeprefix("step_"): step for name, step in globals().items() if name.startswith("step_")}


async def only_http(scope, receive, send):
    assert scope["type"] == "http"
    await answer(send, scope["state"] if "state" in scope else {})


async def failing_startup(scope, receive, send):
    if scope["type"] == "lifespan":
        await receive()
        await send({"type": "lifespan.startup.failed", "message": "no database"})
        return
    await answer(send, "started")


LIFESPANS = {"only-http": only_http, "failing-startup": failing_startup}
