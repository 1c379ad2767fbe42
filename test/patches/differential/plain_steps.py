"""Requests without arguments that both clients send: unusual URLs, and responses of all kinds."""

ADDRESSES = [
    ("GET", path, {})
    for path in (
        "/a//b",
        "//double",
        "/brackets[1]?list[]=1&{x}",
        "/caret^`tick`",
        "/back\\slash?a\\b",
        "/a%20b/ü/%2F;p=1",
        "/echo?x=1&x=2&y=",
        "/echo?quote='x'&bar=a|b",
        "/a/../b/./c?d=/../e",
    )
]

ANSWERS = [
    ("GET", path, {})
    for path in (
        "/status/204",
        "/status/304",
        "/status/404",
        "/status/500",
        "/headers",
        "/json",
        "/text/latin-1",
        "/encoded/gzip",
        "/encoded/deflate",
        "/encoded/gzip?chunked",
        "/gated/1",
        "/drip/5/1",
        "/bytes/0",
        "/bytes/200000",
        "/short-body",
        "/long-body",
        "/two-lengths",
        "/bad-chunk",
        "/bad-gzip",
        "/events",
    )
]
