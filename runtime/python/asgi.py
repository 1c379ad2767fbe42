"""`workers.asgi` by its own name, which a module of the project may take."""

from workers.asgi import fetch, websocket

__all__ = ["fetch", "websocket"]


def __getattr__(name):
    from workers import asgi

    return getattr(asgi, name)
