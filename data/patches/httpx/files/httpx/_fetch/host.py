"""How this host takes and gives the bytes of headers."""

from __future__ import annotations


def in_worker() -> bool:
    import js

    return getattr(getattr(js, "navigator", None), "userAgent", None) == "Cloudflare-Workers"


def header_for_host(value: bytes) -> str:
    """fetch's Headers are strings of bytes; workerd's are text, which it writes as UTF-8."""
    if in_worker():
        try:
            return value.decode("utf-8")
        except UnicodeDecodeError:
            pass
    return value.decode("latin-1")


def header_from_host(value: str) -> bytes:
    return value.encode("utf-8" if in_worker() else "latin-1", "replace")
