"""Bytes with a content type, and files of forms."""

from collections.abc import Iterable
from enum import StrEnum

from _pinwheel.values import kind_of

BUFFERS = (bytes, bytearray, memoryview)


class BlobEnding(StrEnum):
    """The treatment of line ends in text."""

    TRANSPARENT = "transparent"
    NATIVE = "native"


class Blob:
    """JavaScript's `Blob`, of one part or of several: text, bytes, and other blobs, of JavaScript too."""

    def __init__(self, blob_parts, content_type=None, endings=None):
        parts, like = _parts_of(blob_parts)
        self.js_object = _make("Blob", parts, type=content_type or getattr(like, "type", None), endings=endings)

    @classmethod
    def of(cls, js_object):
        """Wraps JavaScript's `Blob` or `File`."""
        blob = cls.__new__(cls)
        blob.js_object = js_object
        return blob

    @property
    def size(self):
        """In bytes."""
        return self.js_object.size

    @property
    def content_type(self):
        return self.js_object.type

    async def text(self):
        return await self.js_object.text()

    async def bytes(self):
        return (await self.js_object.arrayBuffer()).to_bytes()

    def slice(self, start=None, end=None, content_type=None):
        end = self.size if end is None else end
        return Blob.of(self.js_object.slice(start or 0, end, content_type or ""))


class File(Blob):
    """JavaScript's `File`. A file of one blob or file keeps its content type and the time of its last change."""

    def __init__(self, blob_parts, filename, content_type=None, endings=None, last_modified=None):
        parts, like = _parts_of(blob_parts)
        self.js_object = _make(
            "File",
            parts,
            filename,
            type=content_type or getattr(like, "type", None),
            endings=endings,
            lastModified=getattr(like, "lastModified", None) if last_modified is None else last_modified,
        )

    @property
    def name(self):
        return self.js_object.name

    @property
    def last_modified(self):
        """In milliseconds since 1970."""
        return self.js_object.lastModified


def _parts_of(given):
    """The parts as JavaScript has them, and the only one if it is a blob."""
    many = isinstance(given, Iterable) and not isinstance(given, (str, *BUFFERS)) and kind_of(given) in (None, "Array")
    parts = [_to_part(one) for one in (given if many else [given])]
    return parts, parts[0] if not many and kind_of(parts[0]) in ("Blob", "File") else None


def _to_part(part):
    from pyodide.ffi import JsProxy, to_js

    if isinstance(part, (str, JsProxy)):
        return part
    if isinstance(part, Blob):
        return part.js_object
    if isinstance(part, BUFFERS):
        return to_js(part)
    raise TypeError(f"a Blob consists of text, bytes and blobs, not of {type(part).__name__}")


def _make(kind, parts, *names, **options):
    import js
    from pyodide.ffi import to_js

    given = {name: str(value) if name == "endings" else value for name, value in options.items() if value is not None}
    return getattr(js, kind).new(to_js(parts), *names, js.Object.fromEntries(to_js(list(given.items()))))
