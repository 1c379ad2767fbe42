"""The bridge takes the names and values of headers as lines: one call, whatever their number."""


def to_lines(pairs):
    """Rejects a header that contains a line end: it would be read as two."""
    parts = [text(part) for pair in pairs for part in pair]
    lines = "\n".join(parts)
    if "\r" in lines or lines.count("\n") != max(0, len(parts) - 1):
        raise ValueError("a header contains a line end")
    return lines


def text(value):
    """The text that workerd sends as UTF-8."""
    if not isinstance(value, bytes):
        return str(value)
    try:
        return value.decode()
    except UnicodeDecodeError:
        return value.decode("latin-1")
