"""The module `asgi`, under the name that the platform's SDK has for it."""

from asgi import fetch, websocket

__all__ = ["fetch", "websocket"]


def __getattr__(name):
    import asgi

    return getattr(asgi, name)
