"""Converts headers between Python and the bridge, which takes names and values as lines."""

from http.client import HTTPMessage


def from_lines(lines):
    """Headers as `http.client` returns them: names are case-insensitive and may repeat."""
    message = HTTPMessage()
    parts = lines.split("\n") if lines else []
    for name, value in zip(parts[::2], parts[1::2]):
        message.add_header(name, value)
    return message


def to_lines(headers):
    """`headers` is a mapping, pairs, an `HTTPMessage` or JavaScript's `Headers`."""
    if headers is None:
        return ""
    if hasattr(headers, "js_object"):
        headers = headers.js_object
    items = headers.items() if hasattr(headers, "items") else headers
    if hasattr(headers, "getSetCookie") or hasattr(headers, "js_id"):
        items = headers.entries() if hasattr(headers, "entries") else headers
    parts = []
    for name, value in items:
        if isinstance(value, bytes):
            value = value.decode("latin-1")
        if isinstance(name, bytes):
            name = name.decode("latin-1")
        parts.append(str(name))
        parts.append(str(value))
    return checked("\n".join(parts), len(parts))


def checked(lines, parts):
    """Rejects a header that contains a line end: it would be read as two."""
    if "\r" in lines or lines.count("\n") != max(0, parts - 1):
        raise ValueError("a header contains a line end")
    return lines
