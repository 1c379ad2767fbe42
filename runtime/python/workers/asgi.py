"""Serves ASGI applications: `await asgi.fetch(app, request, env)` in a handler answers a request."""

from _pinwheel.exchange import Exchange, answer, read_request
from _pinwheel.lifespan import started
from _pinwheel.socket import Connection, socket_scope

__all__ = ["fetch", "websocket"]


async def fetch(app, request, env=None, ctx=None):
    """Returns the application's response as JavaScript's `Response`. `request` may be Python's or JavaScript's."""
    request = getattr(request, "js_object", request)
    scope, length = read_request(request)
    scope["env"] = env
    scope["state"] = {}
    app = started(app)
    if _is_upgrade(scope["headers"]):
        return await answer(Connection(request, "GET", 0), app, socket_scope(scope))
    return await answer(Exchange(request, scope["method"], length), app, scope)


async def websocket(app, request, env=None, ctx=None):
    """Another name of `fetch`, which accepts WebSockets too."""
    return await fetch(app, request, env, ctx)


def _is_upgrade(headers):
    return dict(headers).get(b"upgrade", b"").lower() == b"websocket"


def __getattr__(name):
    """`env: asgi.env` gives an endpoint of FastAPI the bindings."""
    if name != "env":
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    from fastapi import Depends, Request

    def env(request: Request):
        return request.scope["env"]

    return Depends(env)
