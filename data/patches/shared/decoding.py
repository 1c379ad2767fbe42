"""fetch decodes bodies and leaves the headers as they were: which of them no longer hold?"""

from __future__ import annotations

from .headers import Received
from .host import in_worker

_EVERYWHERE = frozenset(["gzip", "x-gzip", "deflate", "br"])
_STALE = frozenset([b"content-encoding", b"content-length", b"transfer-encoding"])


def decoded_headers(headers: Received, has_body: bool) -> Received:
    """The headers that describe the body as Python gets it."""
    values = [value.decode("latin-1") for name, value in headers if name == b"content-encoding"]
    codings = [coding.strip().lower() for value in values for coding in value.split(",")]
    if not has_body or not codings or not _host_decodes(codings):
        return headers
    return [(name, value) for name, value in headers if name not in _STALE]


def _host_decodes(codings: list[str]) -> bool:
    """Whether this host's fetch has decoded a body with these codings. If not, the client does."""
    if in_worker():
        return codings == ["gzip"] or (codings == ["br"] and _workerd_decodes_brotli())
    return _EVERYWHERE.issuperset(codings) or (codings == ["zstd"] and _decodes_zstd())


def _workerd_decodes_brotli() -> bool:
    import js

    flags = getattr(getattr(js, "Cloudflare", None), "compatibilityFlags", None)
    return bool(getattr(flags, "brotli_content_encoding", False))


def _decodes_zstd() -> bool:
    """Browsers do; Node since its zlib does."""
    import js

    process = getattr(js, "process", None)
    versions = getattr(process, "versions", None)
    return getattr(versions, "node", None) is None or hasattr(versions, "zstd")
