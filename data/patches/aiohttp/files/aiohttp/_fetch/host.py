"""What hosts do differently."""

from __future__ import annotations

import functools


@functools.cache
def in_worker() -> bool:
    """Whether workerd runs this."""
    import js

    return getattr(getattr(js, "navigator", None), "userAgent", None) == "Cloudflare-Workers"


# aiohttp writes headers as UTF-8. By the standard, fetch's strings hold the bytes, in Workers the text.


def header_to_host(value: str) -> str:
    return value if value.isascii() or in_worker() else value.encode().decode("latin-1")


def header_from_host(value: str) -> bytes:
    return value.encode("utf-8" if in_worker() else "latin-1", "replace")
