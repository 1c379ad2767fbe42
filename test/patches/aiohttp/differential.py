"""What a client reports of the responses to many requests. The server records what arrives."""

import asyncio
import base64
import warnings

import aiohttp
from conversations import conversations
from steps import steps


def view(response, body=b""):
    return {
        "status": response.status,
        "reason": response.reason,
        "method": response.method,
        "version": list(response.version),
        "url": str(response.url),
        "real_url": str(response.real_url),
        "headers": [list(pair) for pair in response.headers.items()],
        # The server's record has the same.
        "body": "echo" if b'"method"' in body else base64.b64encode(body).decode(),
        "type": [response.content_type, response.charset, response.get_encoding() if body else None],
        "cookies": [[key, cookie.value, cookie["path"]] for key, cookie in sorted(response.cookies.items())],
        "history": [view(each) for each in response.history],
        "closed": response.closed,
    }


def tracing(events):
    """Records which signals are sent, and repeated ones once."""
    config = aiohttp.TraceConfig()
    for name in [name for name in dir(config) if name.startswith("on_")]:

        async def on_signal(session, context, parameters, name=name.removeprefix("on_")):
            if events[-1:] != [name]:
                events.append(name)

        getattr(config, name).append(on_signal)
    return config


def failure(error):
    info = getattr(error, "request_info", None)
    return {"error": type(error).__name__, "status": getattr(error, "status", None), "url": str(info.url) if info else None}


async def compare(origin, other):
    """One response or error for each step, and for each conversation over a WebSocket."""
    views = []
    events = []
    warnings.simplefilter("ignore")
    async with aiohttp.ClientSession(
        headers={"X-Client": "c"},
        cookie_jar=aiohttp.CookieJar(unsafe=True),
        timeout=aiohttp.ClientTimeout(total=20),
        trace_configs=[tracing(events)],
    ) as session:

        def record(step, result):
            jar = sorted(f"{cookie.key}={cookie.value}" for cookie in session.cookie_jar)
            views.append({"step": step, **result, "jar": jar, "signals": events[:]})
            events.clear()

        for method, path, arguments in steps(origin, other):
            try:
                async with session.request(method, origin + path, **arguments) as response:
                    body = await response.read()
                result = view(response, body)
            except (aiohttp.ClientError, asyncio.TimeoutError) as error:
                result = failure(error)
            record(f"{method} {path}", result)
        for path, arguments, converse in conversations:
            try:
                async with session.ws_connect(f"{origin.replace('http', 'ws')}{path}", **arguments) as socket:
                    heard = [item async for item in converse(socket)]
                result = {
                    "protocol": socket.protocol,
                    "heard": heard,
                    "code": socket.close_code,
                    "closed": socket.closed,
                }
            except (aiohttp.ClientError, asyncio.TimeoutError) as error:
                result = failure(error)
            record(f"WEBSOCKET {path}", result)
    return views
